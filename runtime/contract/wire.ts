// How generated code writes a value and reads it again, whatever the bytes are: MessagePack, or a tree for JSON.
// What stands where: docs/spec/frame.md, section 3.

/** What built-in serializers hold: no objects, no -0, only well-formed strings. */
export type Wire = null | boolean | number | string | Uint8Array | readonly Wire[];

/**
 * Takes the parts of one value in the order of the wire. Between `list(count)` and its `end()` come exactly `count` parts.
 * Throws where the result could not be read again: arrays too deep, too many values.
 */
export interface WireWriter {
  list(count: number): void;
  end(): void;
  nil(): void;
  /** [] */
  undef(): void;
  bool(value: boolean): void;
  /** -0 is [0]. */
  num(value: number): void;
  /** A text that is not well-formed is its UTF-16 bytes. */
  str(value: string): void;
  /** [hexadecimal] */
  big(value: bigint): void;
  bytes(value: Uint8Array): void;
  /** A primitive in its own form, which tells what it is. */
  leaf(value: unknown): void;
  /** A part that is there as a whole. */
  wire(value: Wire): void;
}

/** The same backwards, on hostile data: what no writer makes throws. */
export interface WireReader {
  /** How many parts follow until `end()`. With `count`: these many, or it throws. */
  list(count?: number): number;
  /** One level deeper without a list: for what contains itself. */
  enter(): void;
  end(): void;
  /** These three: whether the next part is that; if so, it is behind us. */
  skipNil(): boolean;
  skipZero(): boolean;
  skipUndef(): boolean;
  /** The next part is a list of two: as `list(2)`. */
  skipPair(): boolean;
  bool(): boolean;
  num(): number;
  str(): string;
  big(): bigint;
  /** A view, valid while reading. */
  bytes(): Uint8Array;
  leaf(): unknown;
  wire(): Wire;
}
