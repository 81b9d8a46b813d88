// Pieces of JavaScript text: one line, plain ASCII names, and no global by name (a user's module may shadow it).

/** A string literal. */
export function quote(text: string): string {
  // Both are line ends for some tools, and legal inside a JSON string.
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** A literal type's value. `NaN` and `Infinity` are names, which can mean something else; operators cannot. */
export function literalText(value: string | number | boolean | { readonly bigint: string }): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'object') return bigintText(value.bigint);
  if (typeof value === 'boolean') return String(value);
  if (Object.is(value, -0)) return '-0';
  if (Number.isNaN(value)) return '(0 / 0)';
  if (!Number.isFinite(value)) return value > 0 ? '(1 / 0)' : '(-1 / 0)';
  return String(value);
}

/** Digits as the type checker prints them, with or without `n`. */
function bigintText(digits: string): string {
  return `${BigInt(digits.replace(/n$/, ''))}n`;
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** `.name`, or `["any text"]`. */
export function member(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${quote(name)}]`;
}

/** A name in an object literal. Plain `__proto__: x` would set the prototype. */
export function propertyName(name: string): string {
  if (name === '__proto__') return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : quote(name);
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Reading `value.name` can find something that is not the value's own: `toString`, `constructor`. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

/**
 * Reads an own property; undefined when there is none. `hasOwn`: the local name of Object.hasOwn. `object`: a name, or one
 * with `?` for what may be null or undefined, where nothing inherits the property.
 */
export function readOwn(object: string, name: string, hasOwn: string): string {
  const text = member(name);
  const read = `${object}${object.endsWith('?') && text.startsWith('[') ? '.' : ''}${text}`;
  return isInherited(name) ? `(${hasOwn}(${object}, ${quote(name)}) ? ${read} : void 0)` : read;
}

/**
 * `test` of a local `p`, with what `read` gives in its place. Read once, since a getter may give something else the next time:
 * where `p` is mentioned again, the first place sets it.
 */
export function readOnce(test: string, read: string): string {
  const isOnly = test.match(/\bp\b/g)?.length === 1;
  return test.replace(/\bp\b/, () => (isOnly ? read : `(p = ${read})`));
}

/** `text` has a test of `readOnce` that needs the local. */
export function usesLocal(text: string): boolean {
  return text.includes('(p = ');
}
