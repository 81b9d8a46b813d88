// Lets any number of callers wait for the next change of a state.

/** A condition variable of promises. */
export class WakeUp {
  readonly #waiting = new Set<() => void>();

  /** Resolves with the next `wakeAll`. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  /** Resumes all that wait now. */
  wakeAll(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }
}
