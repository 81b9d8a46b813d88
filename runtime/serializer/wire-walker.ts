// Reads the parts of a tree that should be Wire, but comes from stored data and is not trusted.
import type { Wire, WireReader } from '../contract/wire.ts';
import { decodeBigint, decodeNumber, decodeString } from '../value/leaf-wire.ts';
import { MalformedError, MAX_WIRE_DEPTH } from './wire-limits.ts';

interface Place {
  readonly list: readonly unknown[];
  /** Index of the next part. */
  at: number;
}

/** Reads one tree. Every method throws MalformedError or WireError for a tree that no writer makes. */
export class WireWalker implements WireReader {
  #place: Place;
  /** Places in the lists around the present one. */
  readonly #outer: Place[] = [];
  /** Upper estimate of the memory that the parts take, as in MessagePackReader. */
  #sizeBytes = 16;

  constructor(root: unknown) {
    this.#place = { list: [root], at: 0 };
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** To be called at the end. @throws MalformedError if parts are left */
  finish(): void {
    if (this.#outer.length > 0 || this.#place.at !== 1) throw new MalformedError();
  }

  list(count?: number): number {
    const list = this.#next();
    if (!Array.isArray(list) || (count !== undefined && list.length !== count)) return fail();
    this.#step(list);
    return list.length;
  }

  /** Treats the next part as if it were in a list of its own. */
  enter(): void {
    const part = this.#next();
    this.#step([part]);
  }

  end(): void {
    if (this.#place.at !== this.#place.list.length) fail();
    this.#place = this.#outer.pop() ?? fail();
  }

  skipNil(): boolean {
    return this.#skip((part) => part === null);
  }

  skipZero(): boolean {
    return this.#skip((part) => Object.is(part, 0));
  }

  skipUndef(): boolean {
    return this.#skip((part) => Array.isArray(part) && part.length === 0);
  }

  skipPair(): boolean {
    const part: unknown = this.#place.list[this.#place.at];
    if (!Array.isArray(part) || part.length !== 2) return false;
    this.list(2);
    return true;
  }

  bool(): boolean {
    const part = this.#next();
    return typeof part === 'boolean' ? part : fail();
  }

  num(): number {
    return decodeNumber(this.#next());
  }

  str(): string {
    return this.#sized(decodeString(this.#next()));
  }

  big(): bigint {
    return decodeBigint(this.#next());
  }

  bytes(): Uint8Array {
    const part = this.#next();
    if (!(part instanceof Uint8Array)) return fail();
    this.#sizeBytes += 120 + part.byteLength;
    return part;
  }

  leaf(): unknown {
    const part = this.#next();
    if (part === null || typeof part === 'boolean') return part;
    if (typeof part === 'number') return decodeNumber(part);
    if (!Array.isArray(part)) return this.#sized(decodeString(part));
    if (part.length === 0) return undefined;
    return typeof part[0] === 'string' ? decodeBigint(part) : decodeNumber(part);
  }

  wire(): Wire {
    return this.#checked(this.#next(), this.#outer.length);
  }

  #checked(part: unknown, depth: number): Wire {
    if (part === null || typeof part === 'boolean') return part;
    if (typeof part === 'number') return Object.is(part, -0) ? fail() : part;
    if (typeof part === 'string') return this.#sized(part.isWellFormed() ? part : fail());
    if (part instanceof Uint8Array) {
      this.#sizeBytes += 120 + part.byteLength;
      return part;
    }
    if (!Array.isArray(part) || depth === MAX_WIRE_DEPTH) return fail();
    this.#sizeBytes += 32 + 16 * part.length;
    return Array.from(part, (inner: unknown) => this.#checked(inner, depth + 1));
  }

  #sized(text: string): string {
    this.#sizeBytes += 8 + 2 * text.length;
    return text;
  }

  #step(list: readonly unknown[]): void {
    if (this.#outer.push(this.#place) > MAX_WIRE_DEPTH) fail();
    this.#place = { list, at: 0 };
    this.#sizeBytes += 32 + 16 * list.length;
  }

  #next(): unknown {
    const { list } = this.#place;
    return this.#place.at < list.length ? list[this.#place.at++] : fail();
  }

  #skip(is: (part: unknown) => boolean): boolean {
    const { list, at } = this.#place;
    if (at >= list.length || !is(list[at])) return false;
    this.#place.at += 1;
    return true;
  }
}

function fail(): never {
  throw new MalformedError();
}
