// Loads what needs a moment to start (a WebAssembly hash, a native compressor), so that codecs work synchronously after.
import type { XXHashAPI } from 'xxhash-wasm';

export interface Codecs {
  /** XXH64, seed 0. */
  readonly checksum: (bytes: Uint8Array) => bigint;
  /** Absent where lz4-napi has no build for the platform: nothing is compressed, compressed entries are misses. */
  readonly lz4: Lz4 | undefined;
}

export interface Lz4 {
  /** A block behind its raw size as u32 little-endian. */
  compressSync(data: Buffer): Buffer;
  /** Trusts the size in front: check it first. */
  uncompressSync(data: Buffer): Buffer;
}

/** The hash copies its input into WebAssembly memory, which never shrinks: large inputs go in pieces of this size. */
const CHUNK_BYTES = 64 * 1024;

let loading: Promise<void> | undefined;
let loaded: Codecs | undefined;

/** Once per process; later calls return the same promise, after a failure they try again. */
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

/** @throws Error when `loadCodecs()` has not resolved yet: a mistake in the order of start-up. */
export function readyCodecs(): Codecs {
  if (loaded === undefined) throw new Error('createEntryCodec needs loadCodecs() to have resolved');
  return loaded;
}
