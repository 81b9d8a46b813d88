// Which built-in a value is, exactly: own prototype, no subclass, no properties of its own that a copy would lose.
import { areEqual } from './are-equal.ts';
import * as types from './node-types.ts';

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, prototype: PLAIN } = Object;

/** Up to this length all own keys are listed; above it that would make one string per element. */
const FEW_ELEMENTS = 32;

/** Non-null object whose prototype is Object.prototype or null. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What about the properties of a plain object no copy would keep. */
export type PropertyFault = 'symbol-key' | 'hidden-property' | 'accessor';

/** Names of the own properties of a plain object, or the first fault. */
export function ownNames(value: object): string[] | PropertyFault {
  if (getOwnPropertySymbols(value).length > 0) return 'symbol-key';
  const names = getOwnPropertyNames(value);
  for (let i = 0; i < names.length; i++) {
    const fault = propertyFault(getOwnPropertyDescriptor(value, names[i] as string)); // i < length
    if (fault !== undefined) return fault;
  }
  return names;
}

/** Descriptors cost little: much less than `Reflect.ownKeys`, and than a second list to compare with. */
export function propertyFault(property: PropertyDescriptor | undefined): PropertyFault | undefined {
  if (property?.writable === undefined) return 'accessor'; // only data properties can be writable or not
  return property.enumerable === true ? undefined : 'hidden-property';
}

/** How many enumerable properties a plain object has, if all are among `names` and in their order; else -1. */
export function countOwn(value: object, names: readonly string[]): number {
  let count = 0;
  let at = 0;
  // Unlike a list of keys this makes no object. What Object.prototype has been given is seen too, and is not declared.
  for (const name in value) {
    while (at < names.length && names[at] !== name) at++;
    if (at === names.length) return -1;
    at++;
    count++;
  }
  return count;
}

/**
 * `value` is an object whose `prototype` is that of a plain one, and its enumerable properties are `count` of `names`, in
 * their order. `open`: no prototype is right too, and so are other properties. The prototype is an argument because the
 * caller has just read the properties: there V8 knows what the value is, and need not ask.
 */
export function isClosed(
  value: unknown,
  prototype: unknown,
  names: readonly string[],
  open?: boolean,
  count = names.length,
): boolean {
  if (typeof value !== 'object') return false;
  if (open === true) return prototype === PLAIN || prototype === null;
  if (prototype !== PLAIN) return false;
  const object = value as object; // null has no prototype
  return count === names.length ? hasExactly(object, names) : countOwn(object, names) === count;
}

/** As `countOwn`, where none may be missing. */
function hasExactly(value: object, names: readonly string[]): boolean {
  let at = 0;
  for (const name in value) {
    if (at === names.length || names[at] !== name) return false;
    at++;
  }
  return at === names.length;
}

/** An array of the built-in prototype, without holes. Own properties beyond its elements are not looked for. */
export function isDense(value: unknown): value is unknown[] {
  if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
  const list: readonly unknown[] = value;
  for (let i = 0; i < list.length; i++) if (list[i] === undefined && !Object.hasOwn(list, i)) return false;
  return true;
}

/**
 * The same without own properties beyond its elements. Hidden properties are not looked for, except the one that the
 * language makes: `raw` of template strings.
 */
export function isList(value: unknown): value is unknown[] {
  if (!isDense(value)) return false;
  const list: readonly unknown[] = value;
  if ((list as { raw?: unknown }).raw !== undefined) return false; // any array may have any property
  // A slice has the elements alone, and Node compares without listing them: elements are identical at once.
  return list.length <= FEW_ELEMENTS
    ? Object.keys(list).length === list.length && getOwnPropertySymbols(list).length === 0
    : areEqual(list, Array.prototype.slice.call(list));
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
