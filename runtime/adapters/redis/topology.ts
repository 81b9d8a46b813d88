// Tells who wants to know that the server of some keys may have become another one. A burst of signs is told once.

const TOGETHER_MS = 20;

export class Topology {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  /** Returns the way out. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  readonly changed = (): void => {
    if (this.#listeners.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
    }, TOGETHER_MS).unref();
  };

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
