// Reference implementation of the backend port, in this process: what every backend must do, as short as it can be.
import { systemClock, type Clock } from '../config/clock.ts';
import { checkNames } from '../config/setting-names.ts';
import { BackendError } from './backend-error.ts';
import type { Backend } from './backend.ts';
import { MemoryFence } from './memory-fence.ts';
import { MemoryLog } from './memory-log.ts';
import { whenWanted } from './when-wanted.ts';

export interface MemoryBackendOptions {
  readonly clock?: Clock;
  /** Oldest written entries go first. Default 100_000. */
  readonly maxEntries?: number;
  /** Keys and values together. Default 100 MiB. */
  readonly maxSizeBytes?: number;
}

const OPTIONS = ['clock', 'maxEntries', 'maxSizeBytes'];

interface Stored {
  readonly value: Uint8Array;
  /** Of the monotonic clock: a jump of the wall clock revives and kills nothing. */
  readonly deadlineMs: number;
  readonly sizeBytes: number;
}

/** Values are copied in and out: nobody can change what another reader gets. Leases, locks and log are its own as well. */
export function memoryBackend(options: MemoryBackendOptions = {}): Backend {
  checkNames(options, OPTIONS, 'memoryBackend()');
  const { clock = systemClock, maxEntries = 100_000, maxSizeBytes = 100 * 1024 ** 2 } = options;
  const entries = new Map<string, Stored>();
  let totalBytes = 0;

  const drop = (key: string): void => {
    const stored = entries.get(key);
    if (stored !== undefined && entries.delete(key)) totalBytes -= stored.sizeBytes;
  };
  const get = (key: string): Uint8Array | undefined => {
    const stored = entries.get(key);
    if (stored === undefined) return undefined;
    if (clock.monotonicMs() < stored.deadlineMs) return Uint8Array.from(stored.value);
    drop(key);
    return undefined;
  };
  const set = (key: string, value: Uint8Array, ttlMs: number): void => {
    if (!(ttlMs > 0) || !Number.isFinite(ttlMs))
      throw new BackendError('permanent', 'An entry needs a finite ttl above 0.');
    drop(key);
    const sizeBytes = value.byteLength + 2 * key.length;
    if (sizeBytes > maxSizeBytes)
      throw new BackendError('permanent', 'The value is larger than the memory backend.');
    entries.set(key, { value: Uint8Array.from(value), deadlineMs: clock.monotonicMs() + ttlMs, sizeBytes });
    totalBytes += sizeBytes;
    for (const oldest of entries.keys()) {
      if (totalBytes <= maxSizeBytes && entries.size <= maxEntries) break;
      drop(oldest);
    }
  };
  const fence = new MemoryFence({ get, set }, clock);
  const log = new MemoryLog(clock, (key) => {
    fence.breakLease(key);
    drop(key);
  });

  return {
    name: 'memory',
    get: (key, signal) => whenWanted(signal, () => get(key)),
    set: (key, value, ttlMs, signal) => whenWanted(signal, () => set(key, value, ttlMs)),
    delete: (key, signal) => whenWanted(signal, () => drop(key)),
    ping: (signal) => whenWanted(signal, () => undefined),
    close: async () => {
      entries.clear();
      totalBytes = 0;
      fence.clear();
      log.clear();
    },
    fence,
    log,
    sync: { get, set },
  };
}
