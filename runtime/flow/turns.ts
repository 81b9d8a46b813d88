// A semaphore: limits how much work runs at once; the rest waits in order of arrival.

/** A semaphore with a fixed number of places. */
export class Turns {
  readonly #places: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Runs `work` as soon as a place is free. `work` must settle: it holds its place until then. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#places) this.#taken++;
    else await new Promise<void>((enter) => this.#waiting.add(enter));
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#taken--;
    else {
      this.#waiting.delete(next);
      next(); // hands the place over, so `#taken` stays the same
    }
  }
}
