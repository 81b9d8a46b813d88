// Deep copy of any value that `inspectValue` took.
import { bytesName, copyBytes, type Bytes } from './bytes-kinds.ts';
import { isDate, isMap, isSet } from './exact-kinds.ts';
import { copyDate } from './leaf-wire.ts';

/** A null prototype is kept, frozen is not. */
export function copyValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copyPlain(value, prototype);
  if (isDate(value)) return copyDate(value);
  if (isMap(value)) return copyMap(value);
  if (isSet(value)) return copySet(value);
  return bytesName(value) === undefined ? value : copyBytes(value as Bytes); // it has a name, so it is bytes
}

function copyPlain(value: object, prototype: object | null): unknown {
  const copy: Record<string, unknown> = prototype === null ? Object.create(null) : {};
  const source = value as Record<string, unknown>; // read by its own names
  for (const name of Object.keys(source)) copy[name] = copyValue(source[name]);
  return copy;
}

function copyMap(value: Map<unknown, unknown>): unknown {
  const copy = new Map();
  for (const [key, item] of value) copy.set(copyValue(key), copyValue(item));
  return copy;
}

function copySet(value: Set<unknown>): unknown {
  const copy = new Set();
  for (const item of value) copy.add(copyValue(item));
  return copy;
}
