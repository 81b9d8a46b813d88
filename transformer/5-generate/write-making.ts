// Wraps the generated functions of a site into one factory `(k) => …` and defines the short names they use. Built-ins
// come from the kit `k`, as the user's module may shadow `Map` and the like.
import type { Locals } from './locals.ts';

const BUILT_INS = { E: 'Object', A: 'Array', M: 'Map', S: 'Set', D: 'Date' } as const;

/** Names defined by way of `E` (Object). `N` is a unique object that stands for a missing property. */
const OTHERS = { O: 'E.prototype', P: 'E.getPrototypeOf', H: 'E.hasOwn', N: '{}' } as const;

/** `(k) => { FIRST; LOCALS; return { FIELDS }; }`. `first`: statements, or ''. */
export function writeMaking(locals: Locals, fields: readonly string[], first = ''): string {
  const made = `{ ${fields.join(', ')} }`;
  const text = `${locals.text()}return ${made};`;
  const before = `${first}${prelude(text)}`;
  return before === '' && locals.text() === '' ? `(k) => (${made})` : `(k) => { ${before}${text} }`;
}

/**
 * `const { Object: E, … } = k.js, …; ` for the names that `text` uses. May define one too many, as strings count as
 * uses.
 */
function prelude(text: string): string {
  const others = Object.entries(OTHERS)
    .filter(([name]) => uses(text, name))
    .map(([name, value]) => `${name} = ${value}`);
  const all = `${others.join(' ')} ${text}`;
  const builtIns = Object.entries(BUILT_INS)
    .filter(([name]) => uses(all, name))
    .map(([name, of]) => `${of}: ${name}`);
  const parts = [...(builtIns.length > 0 ? [`{ ${builtIns.join(', ')} } = k.js`] : []), ...others];
  return parts.length === 0 ? '' : `const ${parts.join(', ')}; `;
}

const asWords = new Map(
  [...Object.keys(OTHERS), ...Object.keys(BUILT_INS)].map((name) => [name, new RegExp(`\\b${name}\\b`)]),
);

function uses(text: string, name: string): boolean {
  return asWords.get(name)?.test(text) === true;
}
