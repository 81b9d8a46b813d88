// Lets many wait for the next change of something, without a listener list each.

export class WakeUp {
  readonly #waiting = new Set<() => void>();

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  all(): void {
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }
}
