// The interface by which generated code writes and reads a value, independent of the serializer: MessagePack bytes, or
// a tree for JSON. The layout is in docs/spec/frame.md, section 3.

/** A value that built-in serializers can store: no objects, no -0, only well-formed strings. */
export type Wire = null | boolean | number | string | Uint8Array | readonly Wire[];

/**
 * Takes the parts of one value in wire order. Exactly `count` parts come between `list(count)` and its `end()`. Throws
 * where the result could not be read again: lists nested too deeply, too many values.
 */
export interface WireWriter {
  list(count: number): void;
  end(): void;
  nil(): void;
  /** Written as [] */
  undef(): void;
  bool(value: boolean): void;
  /** -0 is written as [0]. */
  num(value: number): void;
  /** A string that is not well-formed is written as its UTF-16 bytes. */
  str(value: string): void;
  /** Written as [hexadecimal] */
  big(value: bigint): void;
  bytes(value: Uint8Array): void;
  /** Any primitive, in a form that says which kind it is. */
  leaf(value: unknown): void;
  /** A whole part. */
  wire(value: Wire): void;
}

/** Inverse of `WireWriter`, on hostile data: throws for anything that no writer makes. */
export interface WireReader {
  /** Number of parts that follow until `end()`. Throws if `count` is given and they are not as many. */
  list(count?: number): number;
  /** Counts one more level of depth, without a list: for types that contain themselves. */
  enter(): void;
  end(): void;
  /** Each `skip…` tells whether the next part is of that kind, and consumes it if it is. */
  skipNil(): boolean;
  skipZero(): boolean;
  skipUndef(): boolean;
  /** If the next part is a list of two, enters it as `list(2)` does. */
  skipPair(): boolean;
  bool(): boolean;
  num(): number;
  str(): string;
  big(): bigint;
  /** A view that is valid only while reading. */
  bytes(): Uint8Array;
  leaf(): unknown;
  wire(): Wire;
}
