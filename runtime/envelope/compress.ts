// LZ4 for entry bodies: only where it makes them smaller, and never inflated beyond what was declared and allowed.
import type { Lz4 } from './ready.ts';

/** Below this the saving is not worth the work. */
const MIN_COMPRESSED_BYTES = 1024;

/** The most one byte of an LZ4 block can stand for. */
const MAX_RATIO = 255;

const SIZE_PREFIX_BYTES = 4;

/** The smaller form, or undefined: keep the bytes as they are. */
export function compressBody(raw: Buffer, lz4: Lz4 | undefined): Buffer | undefined {
  if (lz4 === undefined || raw.length < MIN_COMPRESSED_BYTES) return undefined;
  const packed = lz4.compressSync(raw);
  return packed.length < raw.length ? packed : undefined;
}

/**
 * Inverse; undefined when the body is not what `compressBody` makes of `rawSizeBytes` bytes. The library allocates what
 * the prefix says, so the prefix has to be the size that the caller has already found small enough.
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
