// Invalidations of groups in a store without a log: known to this process only, by its own clock.

/** More are forgotten, oldest first; everything stored before the last forgotten one is then invalid. */
const MOST_FLOORS = 10_000;

/** Of one backend. Times: epoch ms. */
export class LocalFloors {
  readonly #floors = new Map<string, number>();
  #forgottenMs = Number.NEGATIVE_INFINITY;
  #newestMs = Number.NEGATIVE_INFINITY;

  /** Everything of the group that was stored up to now is invalid. */
  raise(id: string, nowMs: number): void {
    this.#newestMs = Math.max(nowMs, this.#newestMs);
    this.#floors.delete(id); // so that the order of the map is that of the invalidations
    this.#floors.set(id, this.#newestMs);
    if (this.#floors.size <= MOST_FLOORS) return;
    for (const [oldest, floorMs] of this.#floors) {
      this.#floors.delete(oldest);
      this.#forgottenMs = floorMs;
      return;
    }
  }

  /** Now, or one more: what is made in the millisecond of an invalidation counts as made after it. */
  timeMs(nowMs: number): number {
    return Math.max(nowMs, this.#newestMs + 1);
  }

  isValid(ids: readonly string[], storedAtMs: number): boolean {
    if (storedAtMs > this.#newestMs) return true;
    if (!(storedAtMs > this.#forgottenMs)) return false;
    return ids.every((id) => storedAtMs > (this.#floors.get(id) ?? Number.NEGATIVE_INFINITY));
  }
}
