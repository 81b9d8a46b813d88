// The timeout for operations of a backend: twice the P95 of its recent latencies, within limits.
import type { TimeoutOptions } from './guard-options.ts';
import { LatencyWindow } from './latency-window.ts';

/** With fewer samples, a P95 is not meaningful. */
const MIN_SAMPLES = 20;
const FACTOR = 2;

/** The timeouts of one backend, learnt from its latencies. */
export class AdaptiveTimeout {
  /** The timeout before anything was learnt. */
  readonly baseMs: number;
  readonly #options: TimeoutOptions;
  readonly #window = new LatencyWindow();

  constructor(options: TimeoutOptions) {
    this.#options = options;
    this.baseMs = options.initialMs;
  }

  /**
   * Adds the latency of an operation. One that timed out counts with its timeout, so that a timeout that is too short
   * grows.
   */
  record(latencyMs: number): void {
    this.#window.add(latencyMs);
  }

  /** For operations that no caller waits for. */
  writeMs(): number {
    const { adaptive, initialMs } = this.#options;
    if (adaptive === false || this.#window.recorded < MIN_SAMPLES) return initialMs;
    return Math.max(adaptive.minMs, Math.min(adaptive.maxMs, this.#window.p95Ms() * FACTOR));
  }

  /** For operations that a caller waits for. */
  readMs(): number {
    return Math.min(this.writeMs(), this.budgetMs());
  }

  /** Longest wait of a caller, whatever was learnt. */
  budgetMs(): number {
    return this.#options.readBudgetMs ?? this.#options.initialMs;
  }

  /** Average of the recent latencies; 0 before the first. */
  averageMs(): number {
    return this.#window.averageMs();
  }
}
