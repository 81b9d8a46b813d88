// Loads the libraries that start asynchronously (a WebAssembly hash, a native compressor), so that codecs can then work
// synchronously.
import type { XXHashAPI } from 'xxhash-wasm';

/** The loaded libraries. */
export interface Codecs {
  /** XXH64, seed 0. */
  readonly checksum: (bytes: Uint8Array) => bigint;
  /** Absent if lz4-napi has no build for the platform: nothing is compressed, and compressed entries are misses. */
  readonly lz4: Lz4 | undefined;
}

/** The part of lz4-napi that is used. */
export interface Lz4 {
  /** The raw size as u32 little-endian, then an LZ4 block. */
  compressSync(data: Buffer): Buffer;
  /** Trusts the size prefix: check it first. */
  uncompressSync(data: Buffer): Buffer;
}

/**
 * Larger inputs are hashed in pieces of this size, since each is copied into WebAssembly memory, which never shrinks.
 */
const CHUNK_BYTES = 64 * 1024;

let loading: Promise<void> | undefined;
let loaded: Codecs | undefined;

/** Loads once per process: all calls share one promise. After a failure the next call tries again. */
export function loadCodecs(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  const [{ default: xxhash }, lz4] = await Promise.all([import('xxhash-wasm'), loadLz4()]);
  const checksum = createChecksum(await xxhash());
  loaded = { checksum, lz4 };
}

async function loadLz4(): Promise<Lz4 | undefined> {
  try {
    const { compressSync, uncompressSync } = await import('lz4-napi');
    return { compressSync, uncompressSync };
  } catch {
    return undefined;
  }
}

function createChecksum(api: XXHashAPI): Codecs['checksum'] {
  return (bytes) => {
    if (bytes.length <= CHUNK_BYTES) return api.h64Raw(bytes);
    const state = api.create64();
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) state.update(bytes.subarray(at, at + CHUNK_BYTES));
    return state.digest();
  };
}

/** True once `loadCodecs()` has resolved. */
export function areCodecsReady(): boolean {
  return loaded !== undefined;
}

/** @throws Error if `loadCodecs()` has not resolved yet, which is a programming error */
export function readyCodecs(): Codecs {
  if (loaded === undefined) throw new Error('createEntryCodec needs loadCodecs() to have resolved');
  return loaded;
}
