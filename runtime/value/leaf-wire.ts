// Wire forms of primitives, dates, bytes and text kinds. The wire form of a primitive shows which kind it is: null,
// booleans, numbers and well-formed strings are themselves, undefined is [], -0 is [0], a bigint is [hexadecimal], and
// an ill-formed string is its UTF-16 bytes. Every `decode…` takes hostile data, and throws WireError for any other
// form.
import type { Wire } from '../contract/wire.ts';
import { makeBytes, viewBytes, type Bytes } from './bytes-kinds.ts';
import { makeFromText, textOf, type TextName } from './text-kinds.ts';
import { failWire } from './wire-error.ts';

const MAX_TIME_MS = 8.64e15;
const HEX = /^-?(?:0|[1-9a-f][0-9a-f]*)$/;

/** Any number. */
export function encodeNumber(value: number): Wire {
  return Object.is(value, -0) ? [0] : value;
}

/** Inverse of `encodeNumber`. */
export function decodeNumber(wire: unknown): number {
  if (typeof wire === 'number') return Object.is(wire, -0) ? failWire() : wire;
  return Array.isArray(wire) && wire.length === 1 && Object.is(wire[0], 0) ? -0 : failWire();
}

/** Any string. */
export function encodeString(value: string): Wire {
  return value.isWellFormed() ? value : illFormedBytes(value);
}

/** Inverse of `encodeString`. */
export function decodeString(wire: unknown): string {
  if (typeof wire === 'string') return wire.isWellFormed() ? wire : failWire();
  return wire instanceof Uint8Array ? illFormedText(wire) : failWire();
}

/** The UTF-16 bytes of a string that UTF-8 cannot represent. */
export function illFormedBytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'utf16le'));
}

/** Inverse of `illFormedBytes`. @throws WireError for a string that UTF-8 could represent */
export function illFormedText(bytes: Uint8Array): string {
  if (bytes.byteLength % 2 !== 0) return failWire();
  const text = Buffer.from(bytes).toString('utf16le');
  return text.isWellFormed() ? failWire() : text;
}

/** Hexadecimal, because reading decimal digits does not take linear time. */
export function encodeBigint(value: bigint): Wire {
  return [value.toString(16)];
}

/** Inverse of `encodeBigint`. */
export function decodeBigint(wire: unknown): bigint {
  const digits: unknown = Array.isArray(wire) && wire.length === 1 ? wire[0] : undefined;
  return typeof digits === 'string' ? bigintOf(digits) : failWire();
}

/** The bigint with these hexadecimal digits. @throws WireError for a text that `encodeBigint` does not make */
export function bigintOf(digits: string): bigint {
  if (!HEX.test(digits) || digits === '-0') return failWire();
  try {
    return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  } catch {
    return failWire(); // more digits than a bigint can have
  }
}

/** Epoch ms; NaN for an invalid date. */
export function encodeDate(value: Date): Wire {
  return value.getTime();
}

/** Inverse of `encodeDate`. */
export function decodeDate(wire: unknown): Date {
  if (typeof wire !== 'number' || Object.is(wire, -0)) return failWire();
  if (!Number.isNaN(wire) && (!Number.isInteger(wire) || Math.abs(wire) > MAX_TIME_MS)) return failWire();
  return new Date(wire);
}

/** A new Date of the same time. */
export function copyDate(value: Date): Date {
  return new Date(value.getTime());
}

/** A view of the bytes. */
export function encodeBytes(value: Bytes): Wire {
  return viewBytes(value);
}

/** Inverse of `encodeBytes` for a value of this type; copies the bytes. */
export function decodeBytes(wire: unknown, type: string): Bytes {
  return wire instanceof Uint8Array ? makeBytes(type, wire) : failWire();
}

/** The text of a URL, RegExp or Temporal value. */
export function encodeText(value: object, type: TextName): Wire {
  return encodeString(textOf(value, type));
}

/** Inverse of `encodeText`. */
export function decodeText(wire: unknown, type: string): object {
  return makeFromText(decodeString(wire), type);
}
