// Writes the parts of a value as MessagePack: nil, booleans, numbers, strings, binary and arrays, each in its shortest
// form.
import type { Wire, WireWriter } from '../contract/wire.ts';
import { illFormedBytes } from '../value/leaf-wire.ts';
import { unitAt } from '../value/unit-at.ts';
import { highWord, lowWord, splitFloat } from './float-words.ts';
import { MalformedError, MAX_WIRE_DEPTH, MAX_WIRE_NODES, TooManyNodesError } from './wire-limits.ts';

const FIRST_BYTES = 4096;

/** A larger buffer is not kept for the next value. */
const KEPT_BYTES = 256 * 1024;

/** For texts up to this length a loop over the characters is faster than a call of the encoder. */
const SHORT_TEXT = 20;

/** Most UTF-8 bytes of one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** Writes one value after another into the same buffer. */
export class MessagePackWriter implements WireWriter {
  /** Zeroed, here and below, so that it never holds old memory of other code behind the value. */
  #bytes = Buffer.alloc(FIRST_BYTES);
  #at = 0;
  #depth = 0;
  #nodesLeft = MAX_WIRE_NODES;

  /** To be called before the first part of a value. */
  start(): void {
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = Buffer.alloc(FIRST_BYTES);
    this.#at = 0;
    this.#depth = 0;
    this.#nodesLeft = MAX_WIRE_NODES - 1;
  }

  /** Overwrites the value with zeros. */
  wipe(): void {
    this.#bytes.fill(0, 0, this.#at);
  }

  /** The bytes of the value, as a view of the buffer. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  list(count: number): void {
    if (++this.#depth > MAX_WIRE_DEPTH) throw new MalformedError();
    if ((this.#nodesLeft -= count) < 0) throw new TooManyNodesError();
    const at = this.#take(5);
    const bytes = this.#bytes;
    if (count < 16) {
      bytes[at] = 0x90 | count;
      this.#at = at + 1;
    } else if (count < 0x10000) {
      bytes[at] = 0xdc;
      bytes[at + 1] = count >> 8;
      bytes[at + 2] = count;
      this.#at = at + 3;
    } else {
      bytes[at] = 0xdd;
      bytes.writeUInt32BE(count, at + 1);
    }
  }

  end(): void {
    this.#depth -= 1;
  }

  nil(): void {
    this.#byte(0xc0);
  }

  undef(): void {
    this.list(0);
    this.end();
  }

  bool(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  num(value: number): void {
    const whole = value | 0;
    if (whole !== value) return this.#wide(value);
    if (whole > 0 && whole < 0x80) return this.#byte(whole);
    if (whole === 0 && 1 / value < 0) {
      this.list(1);
      this.#byte(0);
      return this.end();
    }
    return this.#whole(whole);
  }

  /** A signed integer of 32 bits. */
  #whole(value: number): void {
    if (value >= -0x20 && value < 0x80) return this.#byte(value & 0xff);
    const at = this.#take(5);
    const bytes = this.#bytes;
    if (value >= -0x80 && value < 0x100) {
      bytes[at] = value < 0 ? 0xd0 : 0xcc;
      bytes[at + 1] = value;
      this.#at = at + 2;
    } else if (value >= -0x8000 && value < 0x10000) {
      bytes[at] = value < 0 ? 0xd1 : 0xcd;
      bytes[at + 1] = value >> 8;
      bytes[at + 2] = value;
      this.#at = at + 3;
    } else {
      bytes[at] = value < 0 ? 0xd2 : 0xce;
      this.#word(at + 1, value);
    }
  }

  #wide(value: number): void {
    if (value > 0 && value < 2 ** 32 && Math.floor(value) === value) {
      const at = this.#take(5);
      this.#bytes[at] = 0xce;
      return this.#word(at + 1, value);
    }
    const at = this.#take(9);
    this.#bytes[at] = 0xcb;
    splitFloat(value);
    this.#word(at + 1, highWord());
    this.#word(at + 5, lowWord());
  }

  #word(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
  }

  str(value: string): void {
    const { length } = value;
    if (length > SHORT_TEXT) return this.#longText(value);
    const start = this.#take(1 + length);
    const bytes = this.#bytes;
    bytes[start] = 0xa0 | length;
    for (let i = 0; i < length; i++) {
      const unit = unitAt(value, i);
      if (unit > 0x7f) {
        this.#at = start;
        return this.#longText(value);
      }
      bytes[start + 1 + i] = unit;
    }
  }

  #longText(value: string): void {
    const start = this.#take(5 + BYTES_PER_UNIT * value.length);
    const bytes = this.#bytes;
    // Writes the text where it belongs if every unit takes one byte. Otherwise it may have to be moved.
    const guess = headBytes(value.length);
    const length = bytes.write(value, start + guess);
    // As many bytes as units means ASCII, in which no character was replaced.
    if (length !== value.length && !value.isWellFormed()) {
      this.#at = start;
      return this.bytes(illFormedBytes(value));
    }
    const head = headBytes(length);
    if (head !== guess) bytes.copyWithin(start + head, start + guess, start + guess + length);
    if (head === 1) bytes[start] = 0xa0 | length;
    else this.#head(start, head, 0xd9, length);
    this.#at = start + head + length;
  }

  big(value: bigint): void {
    this.list(1);
    this.str(value.toString(16));
    this.end();
  }

  bytes(value: Uint8Array): void {
    const { length } = value;
    const head = Math.max(2, headBytes(length));
    const at = this.#take(head + length);
    this.#head(at, head, 0xc4, length);
    this.#bytes.set(value, at + head);
  }

  leaf(value: unknown): void {
    switch (typeof value) {
      case 'string':
        return this.str(value);
      case 'number':
        return this.num(value);
      case 'boolean':
        return this.bool(value);
      case 'bigint':
        return this.big(value);
      case 'undefined':
        return this.undef();
      default:
        if (value !== null) throw new MalformedError();
        return this.nil();
    }
  }

  wire(value: Wire): void {
    if (typeof value === 'string') {
      if (!value.isWellFormed()) throw new MalformedError(); // it would be read again as bytes, not as this text
      return this.str(value);
    }
    if (typeof value === 'number') {
      if (Object.is(value, -0)) throw new MalformedError();
      return this.num(value);
    }
    if (value instanceof Uint8Array) return this.bytes(value);
    if (!Array.isArray(value)) return this.#rest(value as null | boolean); // the other kinds are above
    const list: readonly Wire[] = value;
    this.list(list.length);
    for (let i = 0; i < list.length; i++) this.wire(list[i] as Wire); // i < length
    this.end();
  }

  #rest(value: null | boolean): void {
    if (value === null) this.nil();
    else if (typeof value === 'boolean') this.bool(value);
    else throw new MalformedError();
  }

  #byte(value: number): void {
    const at = this.#at;
    if (at === this.#bytes.length) this.#grow(1);
    this.#bytes[at] = value;
    this.#at = at + 1;
  }

  /** `lead`: lead byte of the form with a length of one byte; those with two and four bytes are the next two. */
  #head(at: number, head: number, lead: number, length: number): void {
    const width = head - 1;
    this.#bytes[at] = lead + (width === 4 ? 2 : width - 1);
    this.#bytes.writeUIntBE(length, at + 1, width);
  }

  /** Reserves `count` bytes and returns their position. */
  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) this.#grow(count);
    this.#at = at + count;
    return at;
  }

  #grow(count: number): void {
    const larger = Buffer.alloc(Math.max(this.#at + count, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.wipe();
    this.#bytes = larger;
  }
}

/** Length of the head of a text with this many bytes. */
function headBytes(length: number): number {
  return length < 32 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5;
}
