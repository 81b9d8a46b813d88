// Encodes a value as every library of interop/v1 stores it.
import type { InteropFloats } from '../contract/float-places.ts';
import { encodeCanonical } from './encode-canonical.ts';

/**
 * One canonical MessagePack document, in memory of its own. Takes null, booleans, finite numbers, bigints within 64
 * bits, strings, Uint8Array, Date, arrays, plain objects, and Maps with strings as keys.
 * @throws ERR_CACHEKIT_INTEROP for anything else; its message has the path, never the value
 */
export function encodeInterop(value: unknown): Uint8Array {
  return encodeCanonical(value, 'value');
}

/** The same for a result whose declared type is known. */
export function encodeTyped(value: unknown, floats: InteropFloats | undefined): Uint8Array {
  return encodeCanonical(value, 'value', floats);
}
