// Port: how a value becomes the body of an entry. Built-in formats take its parts, own serializers write what they like.
import type { WireReader, WireWriter } from '../contract/wire.ts';

/** An own serializer. `id` is stored with each entry; a throw in `deserialize` is a miss. */
export interface Serializer {
  readonly id: string;
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
}

/** What was read, and what it takes in memory. */
export interface ReadParts<T> {
  readonly value: T;
  readonly sizeBytes: number;
}

/** A built-in: exact for all parts that it takes. */
export interface WireFormat {
  readonly id: 'std' | 'auto' | 'json' | 'arrow';
  /** Its number in the frame header; never reused. */
  readonly code: number;
  /** The bytes are right until the next call. @throws where they could not be read again. */
  write(write: (to: WireWriter) => void): Buffer;
  /** Inverse on hostile bytes. @throws for anything `write` does not produce. */
  read<T>(bytes: Buffer, read: (from: WireReader) => T): ReadParts<T>;
}
