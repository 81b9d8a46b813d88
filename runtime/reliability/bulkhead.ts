// At most so many backend operations at once and so many waiting: a stalled backend cannot fill the memory.
import type { BackpressureOptions } from './guard-options.ts';

export class Bulkhead {
  readonly #options: BackpressureOptions;
  /** In order of arrival; a Set, because a waiter that gives up leaves from the middle. */
  readonly #waiting = new Set<() => void>();
  #running = 0;
  #rejected = 0;

  constructor(options: BackpressureOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Calls `enter` now or when a place is free. False: full, it is never called. Every entry needs one `leave`. */
  request(enter: () => void): boolean {
    if (this.#running < this.#options.maxConcurrent) {
      this.#running++;
      enter();
      return true;
    }
    if (this.#waiting.size >= this.#options.maxQueued) {
      this.#rejected++;
      return false;
    }
    this.#waiting.add(enter);
    return true;
  }

  /** A waiter that no longer wants its place. */
  cancel(enter: () => void): void {
    this.#waiting.delete(enter);
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
