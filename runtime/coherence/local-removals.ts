// Entries that are being deleted from a store without a log. Until the delete has ended, a read may still find the
// invalid entry.

/** The running deletes of one backend, by backend key. */
export class LocalRemovals {
  /** How many deletes of each key are running. */
  readonly #running = new Map<string, number>();

  /** Whether the key counts as absent, because it is being deleted. */
  has(name: string): boolean {
    return this.#running.has(name);
  }

  /** Counts the key as absent until `work` has ended. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#running.get(name) ?? 1) - 1;
      if (left > 0) this.#running.set(name, left);
      else this.#running.delete(name);
    }
  }
}
