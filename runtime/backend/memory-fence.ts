// Leases and locks in the memory of this process: the reference implementation of the fence port.
import type { Clock } from '../config/clock.ts';
import type { BeginAnswer, BeginRequest, FenceCapability, FillRequest } from './fence-capability.ts';
import { ShortLivedMap } from './short-lived-map.ts';
import { startsWith } from './starts-with.ts';
import { whenWanted } from './when-wanted.ts';

/** The entries that the leases protect. */
export interface FencedEntries {
  readonly get: (key: string) => Uint8Array | undefined;
  /** @throws BackendError for what cannot be stored */
  readonly set: (key: string, value: Uint8Array, ttlMs: number) => void;
}

const MAX_LEASES = 100_000;
const MAX_LOCKS = 100_000;

/** The fence of one memory backend. */
export class MemoryFence implements FenceCapability {
  readonly #entries: FencedEntries;
  readonly #leases: ShortLivedMap;
  readonly #locks: ShortLivedMap;

  constructor(entries: FencedEntries, clock: Clock) {
    this.#entries = entries;
    this.#leases = new ShortLivedMap(clock, MAX_LEASES);
    this.#locks = new ShortLivedMap(clock, MAX_LOCKS);
  }

  begin(request: BeginRequest, signal: AbortSignal): Promise<BeginAnswer> {
    return whenWanted(signal, () => this.#begin(request));
  }

  fill({ key, lease, value, ttlMs, token, beside }: FillRequest, signal: AbortSignal): Promise<boolean> {
    return whenWanted(signal, () => {
      // Also if the value is not stored: the work under the lock is done, so nobody should wait for it.
      this.#release(key, token);
      if (this.#leases.get(key) !== lease) return false;
      this.#entries.set(key, value, ttlMs);
      if (beside !== undefined) this.#entries.set(beside.key, beside.value, ttlMs);
      this.#leases.delete(key);
      return true;
    });
  }

  renew(key: string, token: string, lockMs: number, signal: AbortSignal): Promise<boolean> {
    return whenWanted(signal, () => {
      if (this.#locks.get(key) !== token) return false;
      this.#locks.set(key, token, lockMs);
      return true;
    });
  }

  release(key: string, token: string, signal: AbortSignal): Promise<void> {
    return whenWanted(signal, () => this.#release(key, token));
  }

  replace(
    { key, expected, value, ttlMs }: Parameters<FenceCapability['replace']>[0],
    signal: AbortSignal,
  ): Promise<boolean> {
    return whenWanted(signal, () => {
      const present = this.#entries.get(key);
      if (present === undefined || !startsWith(present, expected)) return false;
      this.#entries.set(key, value, ttlMs);
      return true;
    });
  }

  /** For an invalidation of the key: a fill that began before it stores nothing. */
  breakLease(key: string): void {
    this.#leases.delete(key);
  }

  /** Drops all leases and locks. */
  clear(): void {
    this.#leases.clear();
    this.#locks.clear();
  }

  #begin({ key, nonce, leaseMs, token, lockMs, rejected }: BeginRequest): BeginAnswer {
    const value = this.#entries.get(key);
    if (value !== undefined && (rejected === undefined || !startsWith(value, rejected)))
      return { kind: 'filled', value };
    const lease = this.#leases.get(key) ?? nonce;
    this.#leases.set(key, lease, leaseMs);
    if (token === '') return { kind: 'run', lease };
    if (this.#locks.get(key) !== undefined) return { kind: 'locked', lease };
    this.#locks.set(key, token, lockMs);
    return { kind: 'run', lease };
  }

  #release(key: string, token: string): void {
    if (token !== '' && this.#locks.get(key) === token) this.#locks.delete(key);
  }
}
