// A small latency histogram with fixed buckets.

/** Upper bounds of the buckets in ms, inclusive. One more bucket takes everything slower. */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000,
];

/** Durations, counted by bucket. */
export interface LatencyHistogram {
  readonly count: number;
  readonly sumMs: number;
  /** Count of each bucket: one more than there are bounds. */
  readonly buckets: readonly number[];
}

/** A histogram that can be added to. */
export class LatencyRecorder implements LatencyHistogram {
  count = 0;
  sumMs = 0;
  readonly buckets: number[] = Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, () => 0);

  add(durationMs: number): void {
    const found = LATENCY_BOUNDS_MS.findIndex((bound) => durationMs <= bound);
    const index = found === -1 ? LATENCY_BOUNDS_MS.length : found;
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    this.count++;
    this.sumMs += durationMs;
  }
}

/**
 * Upper bound, in ms, of the bucket that holds this quantile (0.95: p95). undefined when nothing was recorded, or when
 * the quantile falls into the last bucket, which has no bound.
 */
export function latencyBelowMs({ count, buckets }: LatencyHistogram, share01: number): number | undefined {
  let seen = 0;
  for (const [index, amount] of buckets.entries()) {
    seen += amount;
    if (count > 0 && seen >= count * share01) return LATENCY_BOUNDS_MS[index];
  }
  return undefined;
}
