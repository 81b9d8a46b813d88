// MessagePack over Wire: nil, booleans, numbers, strings, binary and arrays; no maps, no extension types.
//
// Written by msgpackr (its pure JavaScript entry: no native parser, no environment variable). Read by the 100 lines
// below instead of msgpackr, which drops a leading U+FEFF of strings longer than 64 bytes, accepts maps and extension
// types nobody wrote, and quotes the data in its errors. One pass checks the structure and builds the value.
import { Packr } from 'msgpackr/pack';
import type { Wire } from '../contract/value-kit.ts';
import { MalformedError, MAX_WIRE_DEPTH, MAX_WIRE_NODES } from './wire-limits.ts';

const packr = new Packr({ useRecords: false, structuredClone: false, moreTypes: false });

export function writeMessagePack(wire: Wire): Uint8Array {
  return packr.pack(wire);
}

// The cursor. Module state, because nothing below calls foreign code or waits.
const NOTHING = Buffer.alloc(0);
let source: Buffer = NOTHING;
let position = 0;
let nodesLeft = 0;

/** @throws MalformedError unless the bytes are exactly one value of the forms above, within the limits. */
export function readMessagePack(bytes: Buffer): Wire {
  source = bytes;
  position = 0;
  nodesLeft = MAX_WIRE_NODES;
  try {
    const wire = readNode(0);
    if (position !== bytes.length) throw new MalformedError();
    return wire;
  } finally {
    source = NOTHING;
  }
}

function readNode(depth: number): Wire {
  if (--nodesLeft < 0) throw new MalformedError();
  const lead = readByte();
  if (lead < 0x80) return lead;
  if (lead >= 0xe0) return lead - 0x100;
  if (lead < 0x90) throw new MalformedError(); // maps
  if (lead < 0xa0) return readArray(lead & 0x0f, depth);
  if (lead < 0xc0) return readString(lead & 0x1f);
  if (lead === 0xc0) return null;
  if (lead === 0xc2) return false;
  if (lead === 0xc3) return true;
  return readSized(lead, depth);
}

function readSized(lead: number, depth: number): Wire {
  switch (lead) {
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return readBinary(readUnsigned(1 << (lead - 0xc4)));
    case 0xcb:
      return readFloat();
    case 0xcc:
    case 0xcd:
    case 0xce:
      return readUnsigned(1 << (lead - 0xcc));
    case 0xd0:
      return (readByte() << 24) >> 24;
    case 0xd1:
      return (readUnsigned(2) << 16) >> 16;
    case 0xd2:
      return readUnsigned(4) | 0;
    case 0xd9:
    case 0xda:
    case 0xdb:
      return readString(readUnsigned(1 << (lead - 0xd9)));
    case 0xdc:
    case 0xdd:
      return readArray(readUnsigned(2 << (lead - 0xdc)), depth);
    default:
      throw new MalformedError();
  }
}

function readByte(): number {
  const byte = source[position];
  if (byte === undefined) throw new MalformedError();
  position += 1;
  return byte;
}

function readUnsigned(width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + readByte();
  return value;
}

/** Start of the next `length` bytes, which are then behind the cursor. Nothing is allocated before this check. */
function take(length: number): number {
  const start = position;
  if (length > source.length - start) throw new MalformedError();
  position = start + length;
  return start;
}

function readFloat(): number {
  const value = source.readDoubleBE(take(8));
  if (Object.is(value, -0)) throw new MalformedError();
  return value;
}

function readString(length: number): string {
  const start = take(length);
  if (length < 12) {
    const short = readShortAscii(start, length);
    if (short !== undefined) return short;
  }
  const text = source.toString('utf8', start, position);
  // The decoder replaces what is not UTF-8; a replacement character that was written is found again in the bytes.
  if (text.includes('\uFFFD') && !Buffer.from(text).equals(source.subarray(start, position))) {
    throw new MalformedError();
  }
  return text;
}

/** Faster than a call into the decoder for the short texts that objects are full of. */
function readShortAscii(start: number, length: number): string | undefined {
  let text = '';
  for (let i = start; i < start + length; i++) {
    const byte = source[i] as number; // take() has checked the range
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** A copy: the value never shares memory with the stored bytes. */
function readBinary(length: number): Uint8Array {
  const start = take(length);
  return new Uint8Array(source.subarray(start, position));
}

function readArray(length: number, depth: number): readonly Wire[] {
  if (length > source.length - position || length > nodesLeft || depth === MAX_WIRE_DEPTH) {
    throw new MalformedError();
  }
  return length <= SHORT ? readShortList(length, depth + 1) : readList(length, depth + 1);
}

/** Most objects have no more properties. */
const SHORT = 6;

/** Literals have the size they need: a list that grows reserves 17 places at its first element. */
function readShortList(length: number, depth: number): readonly Wire[] {
  switch (length) {
    case 0:
      return [];
    case 1:
      return [readNode(depth)];
    case 2:
      return [readNode(depth), readNode(depth)];
    case 3:
      return [readNode(depth), readNode(depth), readNode(depth)];
    case 4:
      return [readNode(depth), readNode(depth), readNode(depth), readNode(depth)];
    case 5:
      return [readNode(depth), readNode(depth), readNode(depth), readNode(depth), readNode(depth)];
    default:
      return [
        readNode(depth),
        readNode(depth),
        readNode(depth),
        readNode(depth),
        readNode(depth),
        readNode(depth),
      ];
  }
}

/** Grows as it is read: what is reserved never depends on a length that was only claimed. */
function readList(length: number, depth: number): readonly Wire[] {
  const list: Wire[] = [];
  for (let i = 0; i < length; i++) list.push(readNode(depth));
  return list;
}
