// Backoff of background refreshes that fail. The stale value is served in the meantime.

/** Delay after the first failure. It doubles with each further failure and has jitter. */
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** Failing calls remembered per function. Beyond that the oldest is forgotten, so it is retried a little early. */
const MAX_CALLS = 1_000;

interface Failure {
  readonly count: number;
  readonly untilMs: number;
}

/** The failing calls of one function, by their canonical key text. Times are monotonic ms. */
export class RefreshBackoff {
  readonly #failures = new Map<string, Failure>();

  /** True if the call must not be refreshed yet. */
  isWaiting(text: string, nowMs: number): boolean {
    const failure = this.#failures.get(text);
    return failure !== undefined && nowMs < failure.untilMs;
  }

  /** The refresh of this call has failed once more. */
  failed(text: string, nowMs: number): void {
    const count = (this.#failures.get(text)?.count ?? 0) + 1;
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (count - 1), MAX_DELAY_MS) * (0.5 + Math.random() / 2);
    this.#failures.delete(text); // so that the map stays ordered by the last failure
    this.#failures.set(text, { count, untilMs: nowMs + delayMs });
    if (this.#failures.size > MAX_CALLS) {
      for (const oldest of this.#failures.keys()) return void this.#failures.delete(oldest);
    }
  }

  /** The call was refreshed: its failures are forgotten. */
  succeeded(text: string): void {
    this.#failures.delete(text);
  }
}
