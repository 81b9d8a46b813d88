// Invalidations of groups in a store without a log: known to this process only, and dated by its own clock.

/** Groups remembered. Beyond it the oldest are forgotten; entries stored before the last forgotten one are invalid. */
const MAX_FLOORS = 10_000;

/** The invalidated groups of one backend. Times are epoch ms. */
export class LocalFloors {
  readonly #floors = new Map<string, number>();
  #forgottenMs = Number.NEGATIVE_INFINITY;
  #newestMs = Number.NEGATIVE_INFINITY;

  /** Invalidates every entry of the group that was stored up to now. */
  raise(id: string, nowMs: number): void {
    this.#newestMs = Math.max(nowMs, this.#newestMs);
    this.#floors.delete(id); // so that the order of the map is that of the invalidations
    this.#floors.set(id, this.#newestMs);
    if (this.#floors.size <= MAX_FLOORS) return;
    for (const [oldest, floorMs] of this.#floors) {
      this.#floors.delete(oldest);
      this.#forgottenMs = floorMs;
      return;
    }
  }

  /** The time to store an entry with: later than any invalidation, even one made in the same millisecond. */
  timeMs(nowMs: number): number {
    return Math.max(nowMs, this.#newestMs + 1);
  }

  /** Whether none of these groups was invalidated since the entry was stored. */
  isValid(ids: readonly string[], storedAtMs: number): boolean {
    if (storedAtMs > this.#newestMs) return true;
    if (!(storedAtMs > this.#forgottenMs)) return false;
    return ids.every((id) => storedAtMs > (this.#floors.get(id) ?? Number.NEGATIVE_INFINITY));
  }
}
