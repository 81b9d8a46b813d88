// A map of strings with a ttl: the leases and locks of the memory backend.
import type { Clock } from '../config/clock.ts';

interface Stored {
  readonly text: string;
  /** By the monotonic clock. */
  readonly deadlineMs: number;
}

/** Each `set` checks this many of the oldest texts for expiry, so that expired ones cannot pile up. */
const SWEPT_PER_SET = 2;

/** A map of at most `max` texts. Beyond that the oldest are dropped: that may cost a fill but is never wrong. */
export class ShortLivedMap {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #stored = new Map<string, Stored>();

  constructor(clock: Clock, max: number) {
    this.#clock = clock;
    this.#max = max;
  }

  /** undefined if absent or expired. */
  get(key: string): string | undefined {
    const stored = this.#stored.get(key);
    if (stored === undefined) return undefined;
    if (this.#clock.monotonicMs() < stored.deadlineMs) return stored.text;
    this.#stored.delete(key);
    return undefined;
  }

  /** Stores the text for `ttlMs` from now, replacing an earlier one. */
  set(key: string, text: string, ttlMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    this.#stored.delete(key);
    this.#stored.set(key, { text, deadlineMs: nowMs + ttlMs });
    let swept = 0;
    for (const [oldest, { deadlineMs }] of this.#stored) {
      const isOverfull = this.#stored.size > this.#max;
      if (!isOverfull && swept++ >= SWEPT_PER_SET) break;
      if (isOverfull || deadlineMs <= nowMs) this.#stored.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#stored.delete(key);
  }

  clear(): void {
    this.#stored.clear();
  }
}
