// At most so many backend operations at once and so many waiting: a stalled backend cannot fill the memory.
import type { BackpressureOptions } from './guard-options.ts';

export interface Entrant {
  enter(): void;
  /** It has to wait, and will be let in from somewhere else. */
  keepContext(): void;
}

export class Bulkhead {
  readonly #options: BackpressureOptions;
  /** In order of arrival; a Set, because a waiter that gives up leaves from the middle. */
  readonly #waiting = new Set<Entrant>();
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

  /** `enter` is called now or when a place is free. False: full, it is never called. Every entry needs one `leave`. */
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

  /** A waiter that no longer wants its place. */
  cancel(entrant: Entrant): void {
    this.#waiting.delete(entrant);
  }

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
