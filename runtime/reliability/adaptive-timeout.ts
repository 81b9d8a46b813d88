// How long to wait for a backend: twice the P95 of what it needed lately, within limits.
import type { TimeoutOptions } from './guard-options.ts';
import { LatencyWindow } from './latency-window.ts';

/** Fewer samples say nothing about a P95. */
const ENOUGH_SAMPLES = 20;
const FACTOR = 2;

export class AdaptiveTimeout {
  readonly baseMs: number;
  readonly #options: TimeoutOptions;
  readonly #window = new LatencyWindow();

  constructor(options: TimeoutOptions) {
    this.#options = options;
    this.baseMs = options.initialMs;
  }

  /** Answered after that long. An operation that ran into its deadline counts with it: so a deadline too short grows. */
  record(latencyMs: number): void {
    this.#window.add(latencyMs);
  }

  /** For operations nobody waits for. */
  writeMs(): number {
    const { adaptive, initialMs } = this.#options;
    if (adaptive === false || this.#window.recorded < ENOUGH_SAMPLES) return initialMs;
    return Math.max(adaptive.minMs, Math.min(adaptive.maxMs, this.#window.p95Ms() * FACTOR));
  }

  /** For operations a caller waits for. */
  readMs(): number {
    return Math.min(this.writeMs(), this.budgetMs());
  }

  /** The most a caller ever waits. */
  budgetMs(): number {
    return this.#options.readBudgetMs ?? this.#options.initialMs;
  }

  averageMs(): number {
    return this.#window.averageMs();
  }
}
