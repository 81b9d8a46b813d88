// The embedded backend: one SQLite file that several processes share. Reads are synchronous, writes go to a thread.
import type { Backend } from '../../backend/backend.ts';
import { systemClock, type Clock } from '../../config/clock.ts';
import { checkNames } from '../../config/setting-names.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { embeddedFence } from './embedded-fence.ts';
import { embeddedLog } from './embedded-log.ts';
import { Followers } from './followers.ts';
import { SqliteStore } from './sqlite-store.ts';
import { untilAborted } from './until-aborted.ts';

export { whyUnwritable } from './sqlite-file.ts';

/** Options of `embeddedBackend()`. */
export interface EmbeddedBackendOptions {
  /** Folder of the store, created if missing. Must not be on a network drive. */
  readonly path: string;
  /** Largest size of the file and its write-ahead log, in bytes. At least 1 MiB. Default 512 MiB. */
  readonly maxSizeBytes?: number;
  readonly clock?: Clock;
}

const OPTIONS = ['path', 'maxSizeBytes', 'clock'];

const LEAST_SIZE_BYTES = 1024 ** 2;

/**
 * A backend over a folder. It opens nothing before the first operation. The file survives SIGKILL; a damaged file is
 * renamed and a new one started.
 * @throws ERR_CACHEKIT_CONFIG for a size below 1 MiB or an unknown option
 */
export function embeddedBackend(options: EmbeddedBackendOptions): Backend {
  checkNames(options, OPTIONS, 'embeddedBackend()');
  const { path, maxSizeBytes = 512 * 1024 ** 2, clock = systemClock } = options;
  if (!Number.isFinite(maxSizeBytes) || maxSizeBytes < LEAST_SIZE_BYTES) {
    throw new CacheKitError('ERR_CACHEKIT_CONFIG', 'The embedded store needs a size of at least 1 MiB.');
  }
  const store = new SqliteStore(path, maxSizeBytes, clock, () => followers.fileReplaced());
  const followers = new Followers(store);
  const put = async (key: string, value: Uint8Array, ttlMs: number): Promise<void> =>
    store.write({ kind: 'put', key, ...store.accept(value, ttlMs) });
  return {
    name: 'embedded',
    get: (key, signal) => untilAborted(signal, () => store.get(key)),
    set: (key, value, ttlMs, signal) => untilAborted(signal, () => put(key, value, ttlMs)),
    delete: (key, signal) =>
      untilAborted(signal, () => store.write({ kind: 'put', key, value: undefined, expiresAtMs: 0 })),
    ping: (signal) => untilAborted(signal, () => store.ping()),
    close: async () => {
      followers.close();
      await store.close();
    },
    fence: embeddedFence(store),
    log: embeddedLog(store, followers),
    sync: {
      get: (key) => store.get(key),
      set: (key, value, ttlMs) => {
        // The caller only needs it accepted: nobody waits for the commit.
        put(key, value, ttlMs).catch(() => undefined);
      },
    },
  };
}
