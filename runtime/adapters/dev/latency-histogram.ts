// How long things took, in buckets that fit a glance.

/** Upper bounds in ms; what is slower falls into one more bucket. */
export const LATENCY_BOUNDS_MS: readonly number[] = [
  0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000,
];

export interface LatencyHistogram {
  readonly count: number;
  readonly sumMs: number;
  /** One more than there are bounds. */
  readonly buckets: readonly number[];
}

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

/** Upper bound of the bucket in which this share of all lies; undefined: nothing was recorded, or it is the last bucket. */
export function latencyBelowMs({ count, buckets }: LatencyHistogram, share01: number): number | undefined {
  let seen = 0;
  for (const [index, amount] of buckets.entries()) {
    seen += amount;
    if (count > 0 && seen >= count * share01) return LATENCY_BOUNDS_MS[index];
  }
  return undefined;
}
