// Tests whether a value is exactly an instance of a built-in: own prototype, no subclass, and no own properties that a
// copy would lose.
import { areEqual } from './are-equal.ts';
import * as types from './node-types.ts';

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, prototype: PLAIN } = Object;

/** For arrays up to this length all own keys are listed. For longer ones that would make too many strings. */
const FEW_ELEMENTS = 32;

/** Whether it is a non-null object whose prototype is Object.prototype or null. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A kind of property that a copy of a plain object would lose. */
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

/** Why a copy would lose the property; undefined: it would not. Descriptors are much cheaper than `Reflect.ownKeys`. */
export function propertyFault(property: PropertyDescriptor | undefined): PropertyFault | undefined {
  if (property?.writable === undefined) return 'accessor'; // only data properties have `writable`
  return property.enumerable === true ? undefined : 'hidden-property';
}

/** Number of enumerable properties of a plain object if all are among `names`, in their order; else -1. */
export function countOwn(value: object, names: readonly string[]): number {
  let count = 0;
  let at = 0;
  // Unlike Object.keys this allocates nothing. It also sees properties added to Object.prototype, which are not
  // declared.
  for (const name in value) {
    while (at < names.length && names[at] !== name) at++;
    if (at === names.length) return -1;
    at++;
    count++;
  }
  return count;
}

/**
 * Whether `value` is an object with Object.prototype whose enumerable properties are `count` of `names`, in their
 * order. `open`: a null prototype and other properties are accepted too. The caller passes the prototype, because it
 * has just read the properties: at that place V8 already knows the shape of the value.
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
  const object = value as object; // not null, which has no prototype
  return count === names.length ? hasExactly(object, names) : countOwn(object, names) === count;
}

/** Whether the enumerable properties are exactly `names`, in their order. */
function hasExactly(value: object, names: readonly string[]): boolean {
  let at = 0;
  for (const name in value) {
    if (at === names.length || names[at] !== name) return false;
    at++;
  }
  return at === names.length;
}

/**
 * Whether it is an array with the built-in prototype, without holes. Does not check for properties besides elements.
 */
export function isDense(value: unknown): value is unknown[] {
  if (!Array.isArray(value) || Object.getPrototypeOf(value) !== Array.prototype) return false;
  const list: readonly unknown[] = value;
  for (let i = 0; i < list.length; i++) if (list[i] === undefined && !Object.hasOwn(list, i)) return false;
  return true;
}

/**
 * As `isDense`, and the array has no enumerable properties besides its elements. Of hidden properties only `raw` is
 * checked for, which template strings have.
 */
export function isList(value: unknown): value is unknown[] {
  if (!isDense(value)) return false;
  const list: readonly unknown[] = value;
  if ((list as { raw?: unknown }).raw !== undefined) return false; // an array can have any property
  // The slice has only the elements. Node's comparison does not list them, and identical elements are equal at once.
  return list.length <= FEW_ELEMENTS
    ? Object.keys(list).length === list.length && getOwnPropertySymbols(list).length === 0
    : areEqual(list, Array.prototype.slice.call(list));
}

/** Whether it is exactly a Date, without own properties. */
export function isDate(value: unknown): value is Date {
  return types.isDate(value) && isBare(value, Date.prototype);
}

/** Whether it is exactly a Map, without own properties. */
export function isMap(value: unknown): value is Map<unknown, unknown> {
  return types.isMap(value) && isBare(value, Map.prototype);
}

/** Whether it is exactly a Set, without own properties. */
export function isSet(value: unknown): value is Set<unknown> {
  return types.isSet(value) && isBare(value, Set.prototype);
}

function isBare(value: object, prototype: object): boolean {
  return Object.getPrototypeOf(value) === prototype && Reflect.ownKeys(value).length === 0;
}
