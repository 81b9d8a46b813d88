// Text of the function that makes the generated functions of a site, with the names they use for what the language has. All
// of it comes from the kit: the module may have another `Map`.
import type { Locals } from './locals.ts';

const BUILT_INS = { E: 'Object', A: 'Array', M: 'Map', S: 'Set', D: 'Date' } as const;

/** Of `E`; `N` is nothing a value can be. */
const OTHERS = { O: 'E.prototype', P: 'E.getPrototypeOf', H: 'E.hasOwn', N: '{}' } as const;

/** `(k) => { …; return { FIELDS }; }`. `first`: statements. */
export function writeMaking(locals: Locals, fields: readonly string[], first = ''): string {
  const made = `{ ${fields.join(', ')} }`;
  const text = `${locals.text()}return ${made};`;
  const before = `${first}${prelude(text)}`;
  return before === '' && locals.text() === '' ? `(k) => (${made})` : `(k) => { ${before}${text} }`;
}

/** `const { Object: E, … } = k.js, …; `: what `text` uses, or a little more, since names in strings count. */
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
