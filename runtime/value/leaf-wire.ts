// Primitives, dates, bytes and what a text says on the wire. All primitives are told apart by their wire form alone:
// null, booleans, numbers and well-formed strings are themselves, undefined is [], -0 is [0], a bigint is [hexadecimal],
// an ill-formed string is its UTF-16 bytes.
import type { Wire } from '../contract/wire.ts';
import { makeBytes, viewBytes, type Bytes } from './bytes-kinds.ts';
import { makeFromText, textOf, type TextName } from './text-kinds.ts';
import { failWire } from './wire-error.ts';

const MAX_TIME_MS = 8.64e15;
const HEX = /^-?(?:0|[1-9a-f][0-9a-f]*)$/;

export function encodeNumber(value: number): Wire {
  return Object.is(value, -0) ? [0] : value;
}

export function decodeNumber(wire: unknown): number {
  if (typeof wire === 'number') return Object.is(wire, -0) ? failWire() : wire;
  return Array.isArray(wire) && wire.length === 1 && Object.is(wire[0], 0) ? -0 : failWire();
}

export function encodeString(value: string): Wire {
  return value.isWellFormed() ? value : illFormedBytes(value);
}

export function decodeString(wire: unknown): string {
  if (typeof wire === 'string') return wire.isWellFormed() ? wire : failWire();
  return wire instanceof Uint8Array ? illFormedText(wire) : failWire();
}

/** UTF-16, for what UTF-8 cannot hold. */
export function illFormedBytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'utf16le'));
}

/** @throws WireError where the text is one that UTF-8 could hold. */
export function illFormedText(bytes: Uint8Array): string {
  if (bytes.byteLength % 2 !== 0) return failWire();
  const text = Buffer.from(bytes).toString('utf16le');
  return text.isWellFormed() ? failWire() : text;
}

/** Hexadecimal: reading it takes linear time, decimal digits would not. */
export function encodeBigint(value: bigint): Wire {
  return [value.toString(16)];
}

export function decodeBigint(wire: unknown): bigint {
  const digits: unknown = Array.isArray(wire) && wire.length === 1 ? wire[0] : undefined;
  return typeof digits === 'string' ? bigintOf(digits) : failWire();
}

/** @throws WireError for any other text than `encodeBigint` makes. */
export function bigintOf(digits: string): bigint {
  if (!HEX.test(digits) || digits === '-0') return failWire();
  try {
    return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  } catch {
    return failWire(); // more digits than a bigint can have
  }
}

/** Milliseconds since 1970; NaN for an invalid date. */
export function encodeDate(value: Date): Wire {
  return value.getTime();
}

export function decodeDate(wire: unknown): Date {
  if (typeof wire !== 'number' || Object.is(wire, -0)) return failWire();
  if (!Number.isNaN(wire) && (!Number.isInteger(wire) || Math.abs(wire) > MAX_TIME_MS)) return failWire();
  return new Date(wire);
}

export function copyDate(value: Date): Date {
  return new Date(value.getTime());
}

export function encodeBytes(value: Bytes): Wire {
  return viewBytes(value);
}

export function decodeBytes(wire: unknown, type: string): Bytes {
  return wire instanceof Uint8Array ? makeBytes(type, wire) : failWire();
}

export function encodeText(value: object, type: TextName): Wire {
  return encodeString(textOf(value, type));
}

export function decodeText(wire: unknown, type: string): object {
  return makeFromText(decodeString(wire), type);
}
