// Texts that are forgotten after a while: leases and locks of the memory backend.
import type { Clock } from '../config/clock.ts';

interface Stored {
  readonly text: string;
  /** Of the monotonic clock. */
  readonly deadlineMs: number;
}

/** Each new text makes room by looking at this many of the oldest. */
const SWEPT_EACH = 2;

/** Of bounded size: the oldest leave when there are too many, which may cost a fill but is never wrong. */
export class ShortLivedMap {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #stored = new Map<string, Stored>();

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  get(key: string): string | undefined {
    const stored = this.#stored.get(key);
    if (stored === undefined) return undefined;
    if (this.#clock.monotonicMs() < stored.deadlineMs) return stored.text;
    this.#stored.delete(key);
    return undefined;
  }

  /** It lives for `ttlMs` from now, whatever was left of an earlier one. */
  set(key: string, text: string, ttlMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    this.#stored.delete(key);
    this.#stored.set(key, { text, deadlineMs: nowMs + ttlMs });
    let looked = 0;
    for (const [oldest, { deadlineMs }] of this.#stored) {
      const isTooMuch = this.#stored.size > this.#most;
      if (!isTooMuch && looked++ >= SWEPT_EACH) break;
      if (isTooMuch || deadlineMs <= nowMs) this.#stored.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#stored.delete(key);
  }

  clear(): void {
    this.#stored.clear();
  }
}
