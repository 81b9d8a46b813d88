// Limits how many backend operations run at once and how many wait, so that a stalled backend cannot fill the memory.
import type { BackpressureOptions } from './guard-options.ts';

/** An operation that needs a place. */
export interface Entrant {
  /** It has a place now. */
  enter(): void;
  /** It has to wait: `enter` will be called in the async context of another operation. */
  keepContext(): void;
}

/** The places of one kind of operation. */
export class Bulkhead {
  readonly #options: BackpressureOptions;
  /** In order of arrival. A Set, because a waiter that gives up is removed from the middle. */
  readonly #waiting = new Set<Entrant>();
  #running = 0;
  #rejected = 0;

  constructor(options: BackpressureOptions) {
    this.#options = options;
  }

  /** Number of places taken. */
  get running(): number {
    return this.#running;
  }

  /** Number of operations rejected since the start. */
  get rejected(): number {
    return this.#rejected;
  }

  /**
   * Calls `enter` now or as soon as a place is free. False: the queue is full and `enter` is never called. Whoever has
   * entered must call `leave` once.
   */
  request(entrant: Entrant): boolean {
    if (this.#running < this.#options.maxConcurrent) {
      this.#running++;
      entrant.enter();
      return true;
    }
    if (this.#waiting.size >= this.#options.maxQueued) {
      this.#rejected++;
      return false;
    }
    this.#waiting.add(entrant);
    entrant.keepContext();
    return true;
  }

  /** Removes a waiter that no longer wants a place. */
  cancel(entrant: Entrant): void {
    this.#waiting.delete(entrant);
  }

  /** Frees a place, or hands it to the next waiter. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running--;
      return;
    }
    this.#waiting.delete(next);
    next.enter();
  }
}
