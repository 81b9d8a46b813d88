// Which built-in a value is, exactly: own prototype, no subclass, no properties of its own that a copy would lose.
import { isDeepStrictEqual, types } from 'node:util';

/** Up to this length all own keys are listed; above it that would make one string per element. */
const FEW_ELEMENTS = 32;

/** Non-null object whose prototype is Object.prototype or null. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Names of the own properties of a plain object, or what about them no copy would keep. */
export function ownNames(value: object): string[] | 'symbol-key' | 'hidden-property' | 'accessor' {
  // Three lists and a descriptor each: much cheaper than Reflect.ownKeys.
  const names = Object.keys(value);
  if (Object.getOwnPropertySymbols(value).length > 0) return 'symbol-key';
  if (Object.getOwnPropertyNames(value).length !== names.length) return 'hidden-property';
  for (const name of names) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    if (property === undefined || !('value' in property)) return 'accessor';
  }
  return names;
}

/**
 * An array of the built-in prototype, without holes and without own properties beyond its elements. Hidden properties
 * are not looked for, except the one that the language makes: `raw` of template strings.
 */
export function isList(value: unknown): value is unknown[] {
  if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
  const list: readonly unknown[] = value;
  for (let i = 0; i < list.length; i++) if (list[i] === undefined && !Object.hasOwn(list, i)) return false;
  if (Object.hasOwn(list, 'raw')) return false;
  // A slice has the elements alone, and Node compares without listing them: elements are identical at once.
  return list.length <= FEW_ELEMENTS
    ? Object.keys(list).length === list.length && Object.getOwnPropertySymbols(list).length === 0
    : isDeepStrictEqual(list, Array.prototype.slice.call(list));
}

export function isDate(value: unknown): value is Date {
  return types.isDate(value) && isBare(value, Date.prototype);
}

export function isMap(value: unknown): value is Map<unknown, unknown> {
  return types.isMap(value) && isBare(value, Map.prototype);
}

export function isSet(value: unknown): value is Set<unknown> {
  return types.isSet(value) && isBare(value, Set.prototype);
}

function isBare(value: object, prototype: object): boolean {
  return Object.getPrototypeOf(value) === prototype && Reflect.ownKeys(value).length === 0;
}
