// Write-behind: a queue of writes that nobody waits for, bounded in number and in bytes.
import { runInBackground } from './background.ts';
import { inNextTurn } from './real-timers.ts';

/** Limits of one queue. */
export interface WriteLimits {
  /** Writes that run at once. */
  readonly atOnce: number;
  /** Writes that wait in the queue. */
  readonly maxWaiting: number;
  /** Bytes of all waiting values together, and again of all running ones. A larger value is written alone. */
  readonly maxBytes: number;
}

/** The defaults. */
export const WRITE_LIMITS: WriteLimits = { atOnce: 64, maxWaiting: 10_000, maxBytes: 64 * 1024 ** 2 };

interface Job {
  readonly sizeBytes: number;
  readonly run: () => Promise<unknown>;
  readonly end: () => void;
}

/** The write queue of one backend. `flush()` and `close()` wait until it is empty. */
export class WriteBehind {
  readonly #limits: WriteLimits;
  /** The queue, in order of arrival. */
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

  /** Number of writes dropped because the queue was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Queues a write. `run` starts in a later turn of the event loop, so the caller continues first. Resolves when the
   * write has ended, also if it failed. undefined: the queue is full and `run` is never called.
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

  /** Starts writes in the next turn: a burst to a store that answers at once must not block the event loop. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    inNextTurn(() => {
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
      // The caller has its answer already; the entry that is not stored is a miss later.
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
