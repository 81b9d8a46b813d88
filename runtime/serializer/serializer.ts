// Port: how a value becomes the body of an entry. Built-in formats write Wire, own serializers write what they like.
import type { Wire } from '../contract/value-kit.ts';

/** An own serializer. `id` is stored with each entry; a throw in `deserialize` is a miss. */
export interface Serializer {
  readonly id: string;
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
}

/** A built-in: exact for every Wire that `checkWire` lets through. */
export interface WireFormat {
  readonly id: 'std' | 'auto' | 'json';
  /** Its number in the frame header; never reused. */
  readonly code: number;
  write(wire: Wire): Uint8Array;
  /** Inverse on hostile bytes. @throws MalformedError for anything `write` does not produce. */
  read(bytes: Buffer): Wire;
}
