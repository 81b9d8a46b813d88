// Writes MessagePack in the canonical form of interop/v1: shortest integers and lengths, floats in 64 bits only.

import { unitAt } from '../value/unit-at.ts';

/** The document would be longer than allowed. */
export class WriterFullError extends Error {}

const FIRST_BYTES = 256;
/** For texts up to this length a loop over the characters is faster than two calls of the encoder. */
const SHORT_TEXT = 24;

/** A growing buffer. Every method that writes throws WriterFullError beyond the limit. */
export class ByteWriter {
  readonly #maxBytes: number;
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written since position `start`, as a view of the writer's memory. */
  written(start = 0): Buffer {
    return this.#bytes.subarray(start, this.#length);
  }

  /** Discards the bytes written since position `start`. */
  rewind(start: number): void {
    this.#length = start;
  }

  byte(value: number): void {
    const at = this.#take(1); // before this.#bytes is read, which it may replace
    this.#bytes[at] = value;
  }

  raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** A safe integer. */
  integer(value: number): void {
    if (value < 0) this.#negative(value);
    else if (value < 0x80) this.byte(value);
    else if (value < 0x100) this.#sized(0xcc, 1, value);
    else if (value < 0x10000) this.#sized(0xcd, 2, value);
    else if (value < 0x1_0000_0000) this.#sized(0xce, 4, value);
    else this.#wide(0xcf, value);
  }

  /** An integer from −2^63 to 2^64−1 outside the safe range, so that its shortest form has 8 bytes. */
  bigInteger(value: bigint): void {
    const at = this.#take(9);
    this.#bytes[at] = value < 0n ? 0xd3 : 0xcf;
    this.#bytes.writeBigUInt64BE(BigInt.asUintN(64, value), at + 1);
  }

  float(value: number): void {
    const at = this.#take(9);
    this.#bytes[at] = 0xcb;
    this.#bytes.writeDoubleBE(value, at + 1);
  }

  /** Well-formed text. */
  text(value: string): void {
    if (value.length <= SHORT_TEXT && this.#shortAscii(value)) return;
    const sizeBytes = Buffer.byteLength(value);
    if (sizeBytes < 32) this.byte(0xa0 | sizeBytes);
    else if (sizeBytes < 0x100) this.#sized(0xd9, 1, sizeBytes);
    else this.#lengthHead(0xda, sizeBytes);
    const at = this.#take(sizeBytes);
    this.#bytes.write(value, at, 'utf8');
  }

  binary(bytes: Uint8Array): void {
    if (bytes.length < 0x100) this.#sized(0xc4, 1, bytes.length);
    else this.#lengthHead(0xc5, bytes.length);
    this.raw(bytes);
  }

  arrayHead(count: number): void {
    if (count < 16) this.byte(0x90 | count);
    else this.#lengthHead(0xdc, count);
  }

  mapHead(count: number): void {
    if (count < 16) this.byte(0x80 | count);
    else this.#lengthHead(0xde, count);
  }

  #negative(value: number): void {
    if (value >= -0x20) this.byte(value & 0xff);
    else if (value >= -0x80) this.#sized(0xd0, 1, value & 0xff);
    else if (value >= -0x8000) this.#sized(0xd1, 2, value & 0xffff);
    else if (value >= -0x8000_0000) this.#sized(0xd2, 4, value >>> 0);
    else this.#wide(0xd3, value);
  }

  /** A length of 16 bits, or of 32 bits with the next lead byte. */
  #lengthHead(lead: number, length: number): void {
    if (length < 0x10000) this.#sized(lead, 2, length);
    else this.#sized(lead + 1, 4, length);
  }

  #sized(lead: number, width: number, value: number): void {
    const at = this.#take(1 + width);
    this.#bytes[at] = lead;
    this.#bytes.writeUIntBE(value, at + 1, width);
  }

  #wide(lead: number, value: number): void {
    const at = this.#take(9);
    this.#bytes[at] = lead;
    const high = Math.floor(value / 0x1_0000_0000);
    this.#bytes.writeInt32BE(high, at + 1); // 22 bits at most, as the value is a safe integer
    this.#bytes.writeUInt32BE(value - high * 0x1_0000_0000, at + 5);
  }

  #shortAscii(value: string): boolean {
    const start = this.#take(1 + value.length);
    this.#bytes[start] = 0xa0 | value.length;
    for (let i = 0; i < value.length; i++) {
      const unit = unitAt(value, i);
      if (unit > 0x7f) {
        this.#length = start;
        return false;
      }
      this.#bytes[start + 1 + i] = unit;
    }
    return true;
  }

  /** Position of the next `count` bytes. @throws WriterFullError */
  #take(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#maxBytes) throw new WriterFullError();
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(end, 2 * this.#bytes.length)));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    this.#length = end;
    return start;
  }
}
