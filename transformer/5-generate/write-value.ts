// Result shape → source of the value functions (runtime/contract/value-kit.ts): one line of plain JavaScript.
import { placesOf } from '../2-shape/places-of.ts';
import type { ClassReach, TypeShape } from '../2-shape/type-shape.ts';
import { layoutOf } from './layout.ts';
import { quote } from './literal.ts';
import { createLocals, noReach } from './locals.ts';
import { isPrimitive, isRecursive } from './simplify-shape.ts';
import { writeEncode } from './write-codec.ts';
import { isImmutable, writeCopy } from './write-copy.ts';
import { writeDecode } from './write-decode.ts';
import { writeTest } from './write-guard.ts';
import { writeMaking } from './write-making.ts';

/**
 * `(k) => { … return { accepts, declared, copy, immutable, write, read }; }`. Never throws; every shape has functions.
 * @param reach gives the expression for a class in the emitted file.
 */
export function writeValue(
  result: TypeShape,
  refs: readonly TypeShape[],
  reach: (of: ClassReach) => string = noReach,
): string {
  const locals = createLocals(refs, reach);
  const deep = isRecursive(result);
  const inner = writeTest(locals, result, 'v', 'o');
  const coded = `[${[...locals.coded].join(', ')}]`;
  // `ends` refuses cycles and bounds depth and size.
  const test = `${deep ? `k.ends(v, ${coded}) && ` : ''}${inner}`;
  const hasRegExp = placesOf(result, refs).some(
    ({ shape }) => shape.kind === 'text' && shape.type === 'RegExp',
  );
  const declared = [
    ...(hasRegExp ? ['regExp: true'] : []),
    ...(locals.coded.size > 0 ? [`coded: ${coded}`] : []),
  ];
  const encode = writeEncode(locals, result, 'v');
  const decode = writeDecode(locals, result);
  const layout = layoutOf(result, refs);
  const fields = [
    `accepts: (v, o) => { try { return ${test}; } catch { return false; } }`,
    ...(declared.length === 0 ? [] : [`declared: { ${declared.join(', ')} }`]),
    ...(isPrimitive(refs, result) ? [] : [`copy: (v) => ${writeCopy(locals, result, 'v')}`]),
    ...(isImmutable(refs, result) ? ['immutable: true'] : []),
    ...(layout === ''
      ? [`write: (w, v) => { ${encode}; }`, `read: (f) => ${decode}`]
      : [
          `write: (w, v) => (k.layout(w, ${quote(layout)}), ${encode}, w.end())`,
          `read: (f) => (k.toLayout(f, ${quote(layout)}), k.end(f, ${decode}))`,
        ]),
  ];
  return writeMaking(locals, fields);
}
