// Small pieces of generated JavaScript: on one line, with plain ASCII names, and without mentioning any global by name,
// which the user's module may shadow.

/** A string literal. */
export function quote(text: string): string {
  // Both are legal in a JSON string, but line ends for some tools.
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The value of a literal type. `NaN` and `Infinity` are written as divisions, as their names may be shadowed. */
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

/** A property name in an object literal. Plain `__proto__: x` would set the prototype. */
export function propertyName(name: string): string {
  if (name === '__proto__') return '["__proto__"]';
  return IDENTIFIER.test(name) ? name : quote(name);
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** True when reading `value.name` may find an inherited property: `toString`, `constructor`. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

/**
 * An expression that reads an own property; its value is undefined when there is none.
 * @param object a name; with a `?` behind it if it may be null or undefined (only for names that nothing inherits).
 * @param hasOwn the local name of Object.hasOwn.
 */
export function readOwn(object: string, name: string, hasOwn: string): string {
  const text = member(name);
  const read = `${object}${object.endsWith('?') && text.startsWith('[') ? '.' : ''}${text}`;
  return isInherited(name) ? `(${hasOwn}(${object}, ${quote(name)}) ? ${read} : void 0)` : read;
}

/**
 * Replaces `p` in `test` by the expression `read`, evaluated only once, as a getter may return something else the
 * second time: if `test` mentions `p` more than once, the first mention assigns it.
 */
export function readOnce(test: string, read: string): string {
  const isOnly = test.match(/\bp\b/g)?.length === 1;
  return test.replace(/\bp\b/, () => (isOnly ? read : `(p = ${read})`));
}

/** True when `text` contains a test by `readOnce` that assigns `p`, so that `p` must be declared. */
export function usesLocal(text: string): boolean {
  return text.includes('(p = ');
}
