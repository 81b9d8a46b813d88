// Deep copy of any value that `inspectValue` accepted.
import type { Coded } from '../contract/value-kit.ts';
import { bytesName, copyBytes, type Bytes } from './bytes-kinds.ts';
import { ownerOf } from './coded.ts';
import { isDate, isMap, isSet } from './exact-kinds.ts';
import { copyDate } from './leaf-wire.ts';
import { copyText, textName } from './text-kinds.ts';

/**
 * `coded`: the classes that `inspectValue` was given. Keeps null prototypes; copies of frozen objects are not frozen.
 * May throw the error of a class codec.
 */
export function copyValue(value: unknown, coded: readonly Coded[] = []): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => copyValue(item, coded));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return copyPlain(value, prototype, coded);
  if (isDate(value)) return copyDate(value);
  if (isMap(value)) return copyMap(value, coded);
  if (isSet(value)) return copySet(value, coded);
  if (bytesName(value) !== undefined) return copyBytes(value as Bytes); // it has a name of bytes
  const text = textName(value);
  if (text !== undefined) return copyText(value, text);
  const owner = ownerOf(coded, value);
  return owner === undefined ? value : owner.decode(copyValue(owner.encode(value), coded));
}

function copyPlain(value: object, prototype: object | null, coded: readonly Coded[]): unknown {
  const copy: Record<string, unknown> = prototype === null ? Object.create(null) : {};
  const source = value as Record<string, unknown>; // read by its own names
  for (const name of Object.keys(source)) copy[name] = copyValue(source[name], coded);
  return copy;
}

function copyMap(value: Map<unknown, unknown>, coded: readonly Coded[]): unknown {
  const copy = new Map();
  for (const [key, item] of value) copy.set(copyValue(key, coded), copyValue(item, coded));
  return copy;
}

function copySet(value: Set<unknown>, coded: readonly Coded[]): unknown {
  const copy = new Set();
  for (const item of value) copy.add(copyValue(item, coded));
  return copy;
}
