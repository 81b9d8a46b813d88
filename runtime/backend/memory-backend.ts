// Reference implementation of the backend port, in the memory of this process.
import { systemClock, type Clock } from '../config/clock.ts';
import { checkNames } from '../config/setting-names.ts';
import { BackendError } from './backend-error.ts';
import type { Backend } from './backend.ts';
import { MemoryFence } from './memory-fence.ts';
import { MemoryLog } from './memory-log.ts';
import { whenWanted } from './when-wanted.ts';

/** Options of `memoryBackend`. Beyond either limit, the entries written longest ago are evicted. */
export interface MemoryBackendOptions {
  readonly clock?: Clock;
  /** Default 100_000. */
  readonly maxEntries?: number;
  /** Of keys and values together. Default 100 MiB. */
  readonly maxSizeBytes?: number;
}

const OPTIONS = ['clock', 'maxEntries', 'maxSizeBytes'];

interface Stored {
  readonly value: Uint8Array;
  /** By the monotonic clock, so that a jump of the wall clock neither revives nor expires an entry. */
  readonly deadlineMs: number;
  readonly sizeBytes: number;
}

/**
 * A backend in the memory of this process, with leases, locks and a log. Values are copied on the way in and out, so that
 * no caller can change what another one reads.
 */
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
