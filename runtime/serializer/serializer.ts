// Port: turns a value into the body of an entry. Built-in formats take the parts of a value; custom serializers write
// any bytes.
import type { WireReader, WireWriter } from '../contract/wire.ts';

/** A custom serializer. A hash of `id` is stored in each entry. An error in `deserialize` is a miss. */
export interface Serializer {
  readonly id: string;
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
}

/** A value that was read, and an estimate of the memory that it takes. */
export interface ReadParts<T> {
  readonly value: T;
  readonly sizeBytes: number;
}

/** A built-in format. Reads exactly what it has written. */
export interface WireFormat {
  readonly id: 'std' | 'auto' | 'json' | 'arrow';
  /** Number in the frame header; never reused. */
  readonly code: number;
  /** The bytes are valid until the next call. @throws if they could not be read again */
  write(write: (to: WireWriter) => void): Buffer;
  /** Inverse of `write`, on hostile bytes. @throws for anything that `write` does not make */
  read<T>(bytes: Buffer, read: (from: WireReader) => T): ReadParts<T>;
}
