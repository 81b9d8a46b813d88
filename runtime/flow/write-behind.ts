// Writes that nobody waits for: some at once, the others in line, bounded in number and in bytes.
import { runInBackground } from './background.ts';

export interface WriteLimits {
  /** Writes of one backend at once. */
  readonly atOnce: number;
  /** Writes in line behind them. */
  readonly maxWaiting: number;
  /** Values of those in line together; the same again for those that run. A larger one goes alone. */
  readonly maxBytes: number;
}

export const WRITE_LIMITS: WriteLimits = { atOnce: 64, maxWaiting: 10_000, maxBytes: 64 * 1024 ** 2 };

interface Job {
  readonly sizeBytes: number;
  readonly run: () => Promise<unknown>;
  readonly end: () => void;
}

/** The line of one backend. `flush()` and `close()` wait for it. */
export class WriteBehind {
  readonly #limits: WriteLimits;
  /** In order of arrival. */
  readonly #waiting = new Set<Job>();
  #waitingBytes = 0;
  #running = 0;
  #runningBytes = 0;
  #dropped = 0;
  #isScheduled = false;
  #onIdle: (() => void) | undefined;

  constructor(limits: WriteLimits = WRITE_LIMITS) {
    this.#limits = limits;
  }

  /** Writes that found no room, since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Starts `run` in a later turn of the event loop: the caller goes on first. Resolves when it has ended, also when it
   * failed. undefined: no room, `run` never starts.
   */
  add(sizeBytes: number, run: () => Promise<unknown>): Promise<void> | undefined {
    if (!this.#hasRoom(sizeBytes)) {
      this.#dropped++;
      return undefined;
    }
    return new Promise((end) => {
      this.#waiting.add({ sizeBytes, run, end });
      this.#waitingBytes += sizeBytes;
      if (this.#onIdle === undefined)
        void runInBackground(() => new Promise<void>((idle) => (this.#onIdle = idle)));
      this.#schedule();
    });
  }

  #hasRoom(sizeBytes: number): boolean {
    const { maxWaiting, maxBytes } = this.#limits;
    if (this.#waiting.size === 0) return true;
    return this.#waiting.size < maxWaiting && this.#waitingBytes + sizeBytes <= maxBytes;
  }

  /** A burst is spread over turns: a store that answers at once must not keep everybody else waiting. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#startSome();
    });
  }

  #startSome(): void {
    const { atOnce, maxBytes } = this.#limits;
    for (const job of this.#waiting) {
      if (this.#running >= atOnce) return;
      if (this.#running > 0 && this.#runningBytes + job.sizeBytes > maxBytes) return;
      this.#waiting.delete(job);
      this.#waitingBytes -= job.sizeBytes;
      void this.#start(job);
    }
  }

  async #start(job: Job): Promise<void> {
    this.#running++;
    this.#runningBytes += job.sizeBytes;
    try {
      await job.run();
    } catch {
      // The caller has its answer already, and the entry is a miss later.
    }
    this.#running--;
    this.#runningBytes -= job.sizeBytes;
    job.end();
    if (this.#waiting.size > 0) this.#schedule();
    else if (this.#running === 0) this.#idle();
  }

  #idle(): void {
    this.#onIdle?.();
    this.#onIdle = undefined;
  }
}
