// The tagged form: any storable value on the wire together with its type, for what the declared type leaves open. Every
// array on the wire begins with a tag, so it is never an array of the value itself. Tag numbers are never reused.
import type { DeclaredKinds } from '../contract/value-kit.ts';
import type { Wire } from '../contract/wire.ts';
import { bytesName, type Bytes } from './bytes-kinds.ts';
import { ownerOf } from './coded.ts';
import { isDate, isMap, isSet } from './exact-kinds.ts';
import { MAX_VALUE_DEPTH } from './inspect-value.ts';
import * as leaf from './leaf-wire.ts';
import { textName } from './text-kinds.ts';
import { failWire } from './wire-error.ts';

const LIST = 0; // [0, …elements]
const OBJECT = 1; // [1, name, value, …]
const BARE = 2; // [2, name, value, …]: an object with a null prototype
const PRIMITIVE = 3; // [3, …leaf]: undefined, -0 and bigint, whose leaf forms are arrays
const DATE = 4; // [4, ms]
const MAP = 5; // [5, key, value, …]
const SET = 6; // [6, …elements]
const BYTES = 7; // [7, name, bytes]
const TEXT = 8; // [8, type, text]
const CODED = 9; // [9, id, data]

/** The default: an entry must not contain kinds that the declared type does not name, whoever wrote it. */
const NOTHING_DECLARED: DeclaredKinds = {};

/** @throws WireError for a value that `inspectValue` refuses, and for a RegExp or a class that is not `declared` */
export function encodeAny(value: unknown, declared: DeclaredKinds = NOTHING_DECLARED): Wire {
  return encode(declared, value, 0);
}

/** Inverse on hostile data. @throws WireError for data that `encodeAny` does not write; the error of a class codec */
export function decodeAny(wire: unknown, declared: DeclaredKinds = NOTHING_DECLARED): unknown {
  return decode(declared, wire, 0);
}

function encode(kinds: DeclaredKinds, value: unknown, depth: number): Wire {
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
      return value === null ? null : encodeObject(kinds, value, depth);
    default:
      return failWire();
  }
}

function encodeObject(kinds: DeclaredKinds, value: object, depth: number): Wire {
  if (depth === MAX_VALUE_DEPTH) return failWire();
  const inner = depth + 1;
  if (Array.isArray(value)) return [LIST, ...encodeAll(kinds, value, inner)];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const wire: Wire[] = [prototype === null ? BARE : OBJECT];
    for (const [name, item] of Object.entries(value))
      wire.push(leaf.encodeString(name), encode(kinds, item, inner));
    return wire;
  }
  if (isDate(value)) return [DATE, leaf.encodeDate(value)];
  if (isSet(value)) return [SET, ...encodeAll(kinds, value, inner)];
  if (isMap(value)) {
    const wire: Wire[] = [MAP];
    for (const [key, item] of value) wire.push(encode(kinds, key, inner), encode(kinds, item, inner));
    return wire;
  }
  const bytes = bytesName(value);
  if (bytes !== undefined) return [BYTES, bytes, leaf.encodeBytes(value as Bytes)]; // it has a name of bytes
  const text = textName(value);
  if (text === 'RegExp' && kinds.regExp !== true) return failWire();
  if (text !== undefined) return [TEXT, text, leaf.encodeText(value, text)];
  const owner = ownerOf(kinds.coded ?? [], value) ?? failWire();
  return [CODED, owner.id, encode(kinds, owner.encode(value), inner)];
}

function decode(kinds: DeclaredKinds, wire: unknown, depth: number): unknown {
  if (!Array.isArray(wire)) return decodeLeaf(wire);
  if (depth > MAX_VALUE_DEPTH) return failWire();
  const list: readonly unknown[] = wire;
  switch (list[0]) {
    case LIST:
      return list.slice(1).map((item) => decode(kinds, item, depth + 1));
    case OBJECT:
      return decodePlain(kinds, {}, list, depth);
    case BARE:
      return decodePlain(kinds, Object.create(null), list, depth);
    case PRIMITIVE:
      return decodePrimitive(list);
    case DATE:
      return list.length === 2 ? leaf.decodeDate(list[1]) : failWire();
    case MAP:
      return decodeMap(kinds, list, depth);
    case SET:
      return decodeSet(kinds, list, depth);
    case BYTES:
      return list.length === 3 && typeof list[1] === 'string'
        ? leaf.decodeBytes(list[2], list[1])
        : failWire();
    case TEXT:
      return decodeText(kinds, list);
    case CODED:
      return decodeCoded(kinds, list, depth);
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

function decodeText({ regExp }: DeclaredKinds, list: readonly unknown[]): unknown {
  const [, type, text] = list;
  if (list.length !== 3 || typeof type !== 'string') return failWire();
  // A pattern from outside could take exponential time when it is run.
  return type === 'RegExp' && regExp !== true ? failWire() : leaf.decodeText(text, type);
}

function decodeCoded(kinds: DeclaredKinds, list: readonly unknown[], depth: number): unknown {
  const owner = kinds.coded?.find((one) => one.id === list[1]);
  if (owner === undefined || list.length !== 3) return failWire();
  return owner.decode(decode(kinds, list[2], depth + 1));
}

function decodePlain(
  kinds: DeclaredKinds,
  into: Record<string, unknown>,
  list: readonly unknown[],
  depth: number,
): unknown {
  if (list.length % 2 === 0) return failWire();
  for (let i = 1; i < list.length; i += 2) {
    const name = leaf.decodeString(list[i]);
    // An assignment to __proto__ would set the prototype.
    if (name === '__proto__' || Object.hasOwn(into, name)) return failWire();
    into[name] = decode(kinds, list[i + 1], depth + 1);
  }
  return into;
}

function decodeMap(kinds: DeclaredKinds, list: readonly unknown[], depth: number): unknown {
  if (list.length % 2 === 0) return failWire();
  const map = new Map();
  for (let i = 1; i < list.length; i += 2)
    map.set(decode(kinds, list[i], depth + 1), decode(kinds, list[i + 1], depth + 1));
  return map.size === (list.length - 1) / 2 ? map : failWire();
}

function decodeSet(kinds: DeclaredKinds, list: readonly unknown[], depth: number): unknown {
  const set = new Set();
  for (let i = 1; i < list.length; i++) set.add(decode(kinds, list[i], depth + 1));
  return set.size === list.length - 1 ? set : failWire();
}

function encodeAll(kinds: DeclaredKinds, items: Iterable<unknown>, depth: number): Wire[] {
  return Array.from(items, (item) => encode(kinds, item, depth));
}
