// What a value takes in memory, told by its wire: for values that a decoder has just built.
import type { Wire } from '../contract/value-kit.ts';

/** Bytes, rather over than under; much the same as `inspectValue` says of the value. */
export function wireSizeBytes(wire: Wire): number {
  if (typeof wire === 'string') return 16 + 2 * wire.length;
  if (typeof wire !== 'object' || wire === null) return 8;
  if (wire instanceof Uint8Array) return 128 + wire.byteLength;
  let sizeBytes = 32 + 8 * wire.length;
  // By index: the wire can have a million elements.
  for (let i = 0; i < wire.length; i++) sizeBytes += wireSizeBytes(wire[i] as Wire); // i < length
  return sizeBytes;
}
