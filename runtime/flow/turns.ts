// Lets so many go on at once; the others wait in order of arrival.

export class Turns {
  readonly #places: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** `work` must end: its place is taken until then. */
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
      next(); // its place goes on to the next
    }
  }
}
