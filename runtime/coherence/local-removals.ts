// Names that are being deleted from a store without a log: until that is done, a read may still find what is void.

/** Of one backend. */
export class LocalRemovals {
  /** How many deletes of each name are on their way. */
  readonly #running = new Map<string, number>();

  has(name: string): boolean {
    return this.#running.has(name);
  }

  /** The name is taken as absent from here on, until `work` has ended. */
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
