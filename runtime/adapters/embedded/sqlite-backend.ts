// The embedded store: one SQLite file that several processes share. Reads here and now, writes in a thread.
import type { Backend } from '../../backend/backend.ts';
import { systemClock, type Clock } from '../../config/clock.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { embeddedFence } from './embedded-fence.ts';
import { embeddedLog } from './embedded-log.ts';
import { Followers } from './followers.ts';
import { SqliteStore } from './sqlite-store.ts';
import { untilAborted } from './until-aborted.ts';

export interface EmbeddedBackendOptions {
  /** Folder of the store; made when it is not there. Never a network drive. */
  readonly path: string;
  /** Of the file and its log, bytes. At least 1 MiB. Default 512 MiB. */
  readonly maxSizeBytes?: number;
  readonly clock?: Clock;
}

const LEAST_SIZE_BYTES = 1024 ** 2;

/**
 * Nothing is opened before the first operation. Survives SIGKILL; damaged files are set aside and begun anew.
 * @throws ERR_CACHEKIT_CONFIG
 */
export function embeddedBackend(options: EmbeddedBackendOptions): Backend {
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
        // Accepted, not durable: nobody waits for what becomes of it.
        put(key, value, ttlMs).catch(() => undefined);
      },
    },
  };
}
