// The latest latencies in a ring of fixed size, and their P95 and average.

const SIZE = 128;
/** The P95 is computed again after this many new samples: sorting for each operation would cost more than the read. */
const REFRESH_EVERY = 16;

/** The percentile of the samples; `ratio01` 0.95 is P95. 0 for an empty list. Pure. */
export function percentileOf(samplesMs: readonly number[], ratio01: number): number {
  const sorted = new Float64Array(samplesMs).sort(); // numeric without a comparator: many times faster
  return sorted[Math.min(sorted.length - 1, Math.ceil(ratio01 * sorted.length) - 1)] ?? 0;
}

/** The last 128 latencies. */
export class LatencyWindow {
  readonly #samplesMs: number[] = [];
  #next = 0;
  #recorded = 0;
  #sinceRefresh = REFRESH_EVERY;
  #p95Ms = 0;

  add(latencyMs: number): void {
    this.#samplesMs[this.#next] = latencyMs;
    this.#next = (this.#next + 1) % SIZE;
    this.#recorded++;
    this.#sinceRefresh++;
  }

  /** Number of samples since the start, including those that have left the ring. */
  get recorded(): number {
    return this.#recorded;
  }

  p95Ms(): number {
    if (this.#sinceRefresh >= REFRESH_EVERY) {
      this.#sinceRefresh = 0;
      this.#p95Ms = percentileOf(this.#samplesMs, 0.95);
    }
    return this.#p95Ms;
  }

  averageMs(): number {
    const count = this.#samplesMs.length;
    return count === 0 ? 0 : this.#samplesMs.reduce((sum, ms) => sum + ms, 0) / count;
  }
}
