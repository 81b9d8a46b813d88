// A background run that failed is not tried again at once: its old value goes on being served meanwhile.

/** After the first failure; doubles with each, with jitter. */
const FIRST_MS = 1_000;
const MOST_MS = 60_000;
/** More failing calls than this of one function: the oldest is forgotten, and tried again a little early. */
const MOST_CALLS = 1_000;

interface Failure {
  readonly count: number;
  readonly untilMs: number;
}

/** Of one function; calls by their canonical text. Times: monotonic ms. */
export class RefreshBackoff {
  readonly #failures = new Map<string, Failure>();

  isWaiting(text: string, nowMs: number): boolean {
    const failure = this.#failures.get(text);
    return failure !== undefined && nowMs < failure.untilMs;
  }

  failed(text: string, nowMs: number): void {
    const count = (this.#failures.get(text)?.count ?? 0) + 1;
    const delayMs = Math.min(FIRST_MS * 2 ** (count - 1), MOST_MS) * (0.5 + Math.random() / 2);
    this.#failures.delete(text); // the newest stands last
    this.#failures.set(text, { count, untilMs: nowMs + delayMs });
    if (this.#failures.size > MOST_CALLS) {
      for (const oldest of this.#failures.keys()) return void this.#failures.delete(oldest);
    }
  }

  succeeded(text: string): void {
    this.#failures.delete(text);
  }
}
