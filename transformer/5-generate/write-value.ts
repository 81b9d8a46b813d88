// Result shape → text of the value functions (runtime/contract/value-kit.ts): one line of plain JavaScript.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { createLocals } from './locals.ts';
import { isPrimitive, isRecursive } from './simplify-shape.ts';
import { writeEncode } from './write-codec.ts';
import { isImmutable, writeCopy } from './write-copy.ts';
import { writeDecode } from './write-decode.ts';
import { writeTest } from './write-guard.ts';

/** Names the locals use. All built-ins come from the kit: the module may have another `Map`. */
const PRELUDE =
  'const { Object: E, Array: A, Map: M, Set: S, Date: D } = k.js, O = E.prototype, P = E.getPrototypeOf, H = E.hasOwn;';

/** `(k) => { … return { accepts, copy, immutable, encode, decode }; }`. Total: every shape has functions. */
export function writeValue(result: TypeShape, refs: readonly TypeShape[]): string {
  const locals = createLocals(refs);
  const deep = isRecursive(result);
  // `isAny` bounds the walk: no cycles, limited depth and size.
  const test = `${deep ? 'k.isAny(v) && ' : ''}${writeTest(locals, result, 'v', 'o')}`;
  const fields = [
    `accepts: (v, o) => { try { return ${test}; } catch { return false; } }`,
    ...(isPrimitive(refs, result) ? [] : [`copy: (v) => ${writeCopy(locals, result, 'v')}`]),
    ...(isImmutable(refs, result) ? ['immutable: true'] : []),
    `encode: (v) => ${writeEncode(locals, result, 'v')}`,
    `decode: (w) => ${writeDecode({ locals, deep }, result, 'w', '0')}`,
  ];
  return `(k) => { ${PRELUDE} ${locals.text()}return { ${fields.join(', ')} }; }`;
}
