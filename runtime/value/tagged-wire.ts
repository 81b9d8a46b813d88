// Any storable value on the wire, with its type written beside it: what a declared type leaves open.
// Arrays carry a tag first, so an array on the wire is never the value itself. The numbers are never reused.
import type { Wire } from '../contract/value-kit.ts';
import { bytesName, type Bytes } from './bytes-kinds.ts';
import { isDate, isMap, isSet } from './exact-kinds.ts';
import { MAX_VALUE_DEPTH } from './inspect-value.ts';
import * as leaf from './leaf-wire.ts';
import { failWire } from './wire-error.ts';

const LIST = 0; // [0, …elements]
const OBJECT = 1; // [1, name, value, …]
const BARE = 2; // the same without a prototype
const PRIMITIVE = 3; // [3, …leaf]: undefined, -0, bigint, which are arrays as leaves
const DATE = 4; // [4, ms]
const MAP = 5; // [5, key, value, …]
const SET = 6; // [6, …elements]
const BYTES = 7; // [7, name, bytes]

/** @throws WireError for what `inspectValue` does not take. */
export function encodeAny(value: unknown): Wire {
  return encode(value, 0);
}

/** @throws WireError for what `encodeAny` does not write. */
export function decodeAny(wire: unknown): unknown {
  return decode(wire, 0);
}

function encode(value: unknown, depth: number): Wire {
  switch (typeof value) {
    case 'string':
      return leaf.encodeString(value);
    case 'number':
      return Object.is(value, -0) ? [PRIMITIVE, 0] : value;
    case 'boolean':
      return value;
    case 'bigint':
      return [PRIMITIVE, value.toString(16)];
    case 'undefined':
      return [PRIMITIVE];
    case 'object':
      return value === null ? null : encodeObject(value, depth);
    default:
      return failWire();
  }
}

function encodeObject(value: object, depth: number): Wire {
  if (depth === MAX_VALUE_DEPTH) return failWire();
  const inner = depth + 1;
  if (Array.isArray(value)) return [LIST, ...encodeAll(value, inner)];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const wire: Wire[] = [prototype === null ? BARE : OBJECT];
    for (const [name, item] of Object.entries(value)) wire.push(leaf.encodeString(name), encode(item, inner));
    return wire;
  }
  if (isDate(value)) return [DATE, leaf.encodeDate(value)];
  if (isSet(value)) return [SET, ...encodeAll(value, inner)];
  if (isMap(value)) {
    const wire: Wire[] = [MAP];
    for (const [key, item] of value) wire.push(encode(key, inner), encode(item, inner));
    return wire;
  }
  const name = bytesName(value) ?? failWire();
  return [BYTES, name, leaf.encodeBytes(value as Bytes)]; // it has a name, so it is bytes
}

function decode(wire: unknown, depth: number): unknown {
  if (!Array.isArray(wire)) return decodeLeaf(wire);
  if (depth > MAX_VALUE_DEPTH) return failWire();
  const list: readonly unknown[] = wire;
  switch (list[0]) {
    case LIST:
      return list.slice(1).map((item) => decode(item, depth + 1));
    case OBJECT:
      return decodePlain({}, list, depth);
    case BARE:
      return decodePlain(Object.create(null), list, depth);
    case PRIMITIVE:
      return decodePrimitive(list);
    case DATE:
      return list.length === 2 ? leaf.decodeDate(list[1]) : failWire();
    case MAP:
      return decodeMap(list, depth);
    case SET:
      return decodeSet(list, depth);
    case BYTES:
      return list.length === 3 && typeof list[1] === 'string'
        ? leaf.decodeBytes(list[2], list[1])
        : failWire();
    default:
      return failWire();
  }
}

function decodeLeaf(wire: unknown): unknown {
  if (wire === null || typeof wire === 'boolean') return wire;
  return typeof wire === 'number' ? leaf.decodeNumber(wire) : leaf.decodeString(wire);
}

function decodePrimitive(list: readonly unknown[]): unknown {
  if (list.length === 1) return undefined;
  const rest = list.slice(1);
  return typeof rest[0] === 'string' ? leaf.decodeBigint(rest) : leaf.decodeNumber(rest);
}

function decodePlain(into: Record<string, unknown>, list: readonly unknown[], depth: number): unknown {
  if (list.length % 2 === 0) return failWire();
  for (let i = 1; i < list.length; i += 2) {
    const name = leaf.decodeString(list[i]);
    // An assignment to __proto__ would set the prototype.
    if (name === '__proto__' || Object.hasOwn(into, name)) return failWire();
    into[name] = decode(list[i + 1], depth + 1);
  }
  return into;
}

function decodeMap(list: readonly unknown[], depth: number): unknown {
  if (list.length % 2 === 0) return failWire();
  const map = new Map();
  for (let i = 1; i < list.length; i += 2)
    map.set(decode(list[i], depth + 1), decode(list[i + 1], depth + 1));
  return map.size === (list.length - 1) / 2 ? map : failWire();
}

function decodeSet(list: readonly unknown[], depth: number): unknown {
  const set = new Set();
  for (let i = 1; i < list.length; i++) set.add(decode(list[i], depth + 1));
  return set.size === list.length - 1 ? set : failWire();
}

function encodeAll(items: Iterable<unknown>, depth: number): Wire[] {
  return Array.from(items, (item) => encode(item, depth));
}
