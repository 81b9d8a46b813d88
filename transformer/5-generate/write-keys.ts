// KeyPlan → source of the key functions (runtime/contract/key-kit.ts): one line of plain JavaScript.
import { placesOf } from '../2-shape/places-of.ts';
import type { ClassReach, TypeShape } from '../2-shape/type-shape.ts';
import type { KeyPlan } from '../3-plan/cache-plan.ts';
import { readAtCall } from '../3-plan/plan-key.ts';
import { createLocals, noReach, type Locals } from './locals.ts';
import { canKeep, writeKeepTest, writeKept, writeSame } from './write-kept.ts';
import { writeKeyText } from './write-key-text.ts';
import { writeMaking } from './write-making.ts';

export interface KeyTexts {
  /** `(k) => { … return { key, keep, eq }; }`; undefined when nothing enters the key. */
  readonly keys: string | undefined;
  /** `(a0, a1) => [a1?.page]`: args → keyed values; undefined when the args are the keyed values. */
  readonly pick: string | undefined;
}

/**
 * @param bound names that the parameters bind, in order. The args of a call are these, then the values of `readAtCall`.
 * @throws Error when no arg provides a value of the plan, which is a bug of the compiler.
 */
export function writeKeys(
  key: KeyPlan,
  refs: readonly TypeShape[],
  bound: readonly string[],
  reach: (of: ClassReach) => string = noReach,
): KeyTexts {
  return {
    keys: key.parts.length === 0 ? undefined : writeKeyFunctions(key, refs, writeUses(key, refs, reach)),
    pick: key.identity ? undefined : writePick(key, bound),
  };
}

function writePick(key: KeyPlan, bound: readonly string[]): string {
  const args = [...bound, ...readAtCall(key).map((part) => part.text)];
  const picked = key.parts.map((part) => readFrom(args, part.text));
  return `(${names(args.length)}) => [${picked.join(', ')}]`;
}

/** A ClassCodec is registered when its module runs. Mentioning it keeps the import, so that the module runs. */
function writeUses(key: KeyPlan, refs: readonly TypeShape[], reach: (of: ClassReach) => string): string {
  const shapes = key.parts.flatMap((part) => [...placesOf(part.shape, refs)].map((place) => place.shape));
  const used = shapes.flatMap((shape) =>
    shape.kind === 'class' && shape.reach?.kind === 'module' && shape.reach.foreign === true
      ? [reach(shape.reach)]
      : [],
  );
  return used.length === 0 ? '' : `k.uses(() => [${[...new Set(used)].join(', ')}]); `;
}

function writeKeyFunctions(key: KeyPlan, refs: readonly TypeShape[], uses: string): string {
  const locals = createLocals(refs);
  const args = names(key.parts.length);
  const text = key.parts.map((part, index) => writeKeyText(locals, part.shape, `a${index}`, 0)).join(' + ');
  // A throwing getter or too deep a value: `any` refuses it properly. Without locals the code reads no properties
  // itself.
  const isGuarded = locals.text() !== '';
  const any = key.parts.map((_, index) => `k.any(a${index})`).join(' + ');
  const fields = [
    isGuarded
      ? `key: (${args}) => { try { return ${text}; } catch { return ${any}; } }`
      : `key: (${args}) => ${text}`,
    ...(key.index === 'n' ? writeIndex(locals, key, args) : []),
  ];
  return writeMaking(locals, fields, uses);
}

function writeIndex(locals: Locals, key: KeyPlan, args: string): readonly string[] {
  const { parts } = key;
  if (!parts.every((part) => canKeep(locals.refs, part.shape))) {
    return ['keep: () => void 0', 'eq: () => false'];
  }
  const [only, second] = parts;
  const isOne = only !== undefined && second === undefined;
  const tests = parts.map((part, index) => writeKeepTest(locals, part.shape, `a${index}`)).join(' && ');
  const kept = parts.map((part, index) => writeKept(locals, part.shape, `a${index}`));
  const fields = kept.map((text, index) => `_${index}: ${text}`).join(', ');
  const same = parts.map((part, index) =>
    writeSame(locals, part.shape, isOne ? 'l' : `l._${index}`, `a${index}`),
  );
  const bucket =
    key.bucket === undefined
      ? 'void 0'
      : readFrom(
          parts.map((part) => part.text),
          key.bucket,
        );
  return [
    `keep: (${args}) => { try { return ${tests} ? [${bucket}, ${isOne ? kept.join('') : `{ ${fields} }`}] : void 0; } catch { return void 0; } }`,
    `eq: (l, ${args}) => { try { return ${same.join(' && ')}; } catch { return false; } }`,
  ];
}

function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `a${index}`).join(', ');
}

/** Rewrites an expression in terms of args: `opts?.page` with args `['id', 'opts']` is `a1?.page`. */
function readFrom(args: readonly string[], text: string): string {
  // The longest matching name wins: `this.a.b` may be an arg of its own beside `this.a`.
  const found = args
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => text === name || (text.startsWith(name) && /^[.?[]/.test(text.slice(name.length))))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  if (found === undefined) throw new Error(`no argument gives ${text}`);
  return `a${found.index}${text.slice(found.name.length)}`;
}
