// Notifies listeners that some keys may have another server. Changes within 20 ms are one notification.

const TOGETHER_MS = 20;

/** Listeners of one set of servers. */
export class Topology {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  /** Returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reports a change. A property, so that it can be passed as a listener. */
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
