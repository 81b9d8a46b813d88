// Reads what MessagePackWriter writes, from hostile bytes: no maps, no extension types, and no allocation that a
// claimed length alone decides. One pass checks the structure and gives out the parts.
import type { Wire, WireReader } from '../contract/wire.ts';
import { bigintOf, illFormedText } from '../value/leaf-wire.ts';
import { joinFloat } from './float-words.ts';
import { textOfUtf8 } from './utf8-text.ts';
import { MalformedError, MAX_WIRE_DEPTH, MAX_WIRE_NODES } from './wire-limits.ts';

/** Reads one body. Every method throws MalformedError for bytes that no writer makes. */
export class MessagePackReader implements WireReader {
  readonly #bytes: Buffer;
  #at = 0;
  #depth = 0;
  #nodesLeft = MAX_WIRE_NODES - 1;
  /** Upper estimate of the memory that the parts take, close to what `inspectValue` says of the value. */
  #sizeBytes = 16;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** To be called at the end. @throws MalformedError if bytes are left */
  finish(): void {
    if (this.#at !== this.#bytes.length) throw new MalformedError();
  }

  list(count?: number): number {
    const length = this.#listHead();
    if (count !== undefined && length !== count) throw new MalformedError();
    return length;
  }

  #listHead(): number {
    const lead = this.#byte();
    const length =
      (lead & 0xf0) === 0x90
        ? lead & 0x0f
        : lead === 0xdc
          ? this.#unsigned(2)
          : lead === 0xdd
            ? this.#unsigned(4)
            : fail();
    this.enter();
    // Each part takes at least one byte.
    if (length > this.#bytes.length - this.#at || (this.#nodesLeft -= length) < 0) fail();
    this.#sizeBytes += 32 + 16 * length;
    return length;
  }

  enter(): void {
    if (++this.#depth > MAX_WIRE_DEPTH) fail();
  }

  end(): void {
    this.#depth -= 1;
  }

  skipNil(): boolean {
    return this.#skip(0xc0);
  }

  skipZero(): boolean {
    return this.#skip(0);
  }

  skipUndef(): boolean {
    if (this.#bytes[this.#at] !== 0x90) return false;
    this.#listHead();
    this.end();
    return true;
  }

  skipPair(): boolean {
    if (this.#bytes[this.#at] !== 0x92) return false;
    this.#listHead();
    return true;
  }

  bool(): boolean {
    const lead = this.#byte();
    return lead === 0xc3 || (lead === 0xc2 ? false : fail());
  }

  num(): number {
    const lead = this.#byte();
    if (lead < 0x80) return lead;
    if (lead === 0xcb) return this.#float();
    if (lead >= 0xe0) return lead - 0x100;
    if (lead === 0x91) return this.#minusZero();
    return this.#sizedNumber(lead);
  }

  #sizedNumber(lead: number): number {
    switch (lead) {
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#unsigned(1 << (lead - 0xcc));
      case 0xd0:
        return (this.#byte() << 24) >> 24;
      case 0xd1:
        return (this.#unsigned(2) << 16) >> 16;
      case 0xd2:
        return this.#unsigned(4) | 0;
      default:
        return fail();
    }
  }

  #minusZero(): number {
    this.#at -= 1;
    this.#listHead();
    if (!this.skipZero()) fail();
    this.end();
    return -0;
  }

  str(): string {
    const lead = this.#byte();
    if ((lead & 0xe0) === 0xa0) return this.#text(lead & 0x1f);
    if (lead >= 0xd9 && lead <= 0xdb) return this.#text(this.#unsigned(1 << (lead - 0xd9)));
    this.#at -= 1;
    return illFormedText(this.bytes());
  }

  big(): bigint {
    if (this.#bytes[this.#at] !== 0x91) fail();
    this.#listHead();
    const value = bigintOf(this.str());
    this.end();
    return value;
  }

  bytes(): Uint8Array {
    const lead = this.#byte();
    if (lead < 0xc4 || lead > 0xc6) fail();
    const length = this.#unsigned(1 << (lead - 0xc4));
    const start = this.#take(length);
    this.#sizeBytes += 120 + length;
    return this.#bytes.subarray(start, this.#at);
  }

  leaf(): unknown {
    const lead = this.#bytes[this.#at] ?? fail();
    if (lead === 0xc0 || lead === 0xc2 || lead === 0xc3) return this.wire();
    if (lead === 0x90) return this.skipUndef() ? undefined : fail();
    if (lead === 0x91) return (this.#bytes[this.#at + 1] ?? 0) === 0 ? this.num() : this.big();
    return (lead >= 0xa0 && lead < 0xc7) || (lead >= 0xd9 && lead <= 0xdb) ? this.str() : this.num();
  }

  wire(): Wire {
    const lead = this.#bytes[this.#at] ?? fail();
    if ((lead & 0xf0) === 0x90 || lead === 0xdc || lead === 0xdd) return this.#wires();
    switch (lead) {
      case 0xc0:
        this.#at += 1;
        return null;
      case 0xc2:
      case 0xc3:
        this.#at += 1;
        return lead === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return new Uint8Array(this.bytes()); // a copy
      default:
        return (lead >= 0xa0 && lead < 0xc0) || (lead >= 0xd9 && lead <= 0xdb) ? this.str() : this.num();
    }
  }

  /** The list grows as it is read, so that its memory never depends on a claimed length. */
  #wires(): readonly Wire[] {
    const length = this.#listHead();
    const list: Wire[] = [];
    for (let i = 0; i < length; i++) list.push(this.wire());
    this.end();
    return list;
  }

  #skip(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return fail();
    this.#at += 1;
    return byte;
  }

  #unsigned(width: number): number {
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + this.#byte();
    return value;
  }

  /** Consumes `length` bytes and returns their start. Nothing is allocated before this check. */
  #take(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) fail();
    this.#at = start + length;
    return start;
  }

  #float(): number {
    const at = this.#take(8);
    const value = joinFloat(this.#word(at), this.#word(at + 4));
    return value === 0 && 1 / value < 0 ? fail() : value;
  }

  #word(at: number): number {
    const bytes = this.#bytes;
    // In range: the caller has taken these bytes.
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }

  #text(length: number): string {
    const start = this.#take(length);
    const text = textOfUtf8(this.#bytes, start, this.#at) ?? fail();
    this.#sizeBytes += 8 + 2 * text.length;
    return text;
  }
}

function fail(): never {
  throw new MalformedError();
}
