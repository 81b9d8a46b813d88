// LZ4 compression of entry bodies. Keeps the result only if it is smaller, and never inflates beyond the declared size.
import type { Lz4 } from './ready.ts';

/** Smaller bodies are not worth compressing. */
const MIN_COMPRESSED_BYTES = 1024;

/** Most bytes that one byte of an LZ4 block can expand to. */
const MAX_RATIO = 255;

const SIZE_PREFIX_BYTES = 4;

/** The compressed bytes; undefined: they would not be smaller. */
export function compressBody(raw: Buffer, lz4: Lz4 | undefined): Buffer | undefined {
  if (lz4 === undefined || raw.length < MIN_COMPRESSED_BYTES) return undefined;
  const packed = lz4.compressSync(raw);
  return packed.length < raw.length ? packed : undefined;
}

/**
 * Inverse of `compressBody`; undefined unless the body inflates to exactly `rawSizeBytes` bytes. The library allocates
 * as much as the size prefix says, so the prefix must equal `rawSizeBytes`, which the caller has already bounded.
 */
export function inflateBody(packed: Buffer, rawSizeBytes: number, lz4: Lz4): Buffer | undefined {
  if (packed.length <= SIZE_PREFIX_BYTES || packed.readUInt32LE(0) !== rawSizeBytes) return undefined;
  if (rawSizeBytes > MAX_RATIO * (packed.length - SIZE_PREFIX_BYTES)) return undefined;
  try {
    const raw = lz4.uncompressSync(packed);
    return raw.length === rawSizeBytes ? raw : undefined;
  } catch {
    return undefined;
  }
}
