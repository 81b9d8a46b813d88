// The callers that wait for an invalidation to be acknowledged. Each wait ends after ACK_WAIT_MS at the latest.
import type { Clock } from '../config/clock.ts';
import { DeadlineQueue } from '../reliability/deadline-queue.ts';
import { ACK_WAIT_MS } from './constants.ts';

/** The wait of one caller. */
export interface Waiting {
  /** Resolves to true if acknowledged in time. */
  readonly promise: Promise<boolean>;
  readonly isOver: boolean;
  /** Ends the wait; later calls do nothing. */
  settle(isAcked: boolean): void;
}

/** The waiting callers of one process. */
export class Acknowledgements {
  readonly #clock: Clock;
  readonly #deadlines: DeadlineQueue;
  #count = 0;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#deadlines = new DeadlineQueue(clock);
  }

  /** Begins a wait. `onEnd` is called when it is over, whether it was settled or timed out. */
  wait(onEnd: (waiting: Waiting) => void): Waiting {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let isOver = false;
    const waiting: Waiting = {
      promise,
      get isOver() {
        return isOver;
      },
      settle: (isAcked) => {
        if (isOver) return;
        isOver = true;
        this.#deadlines.delete(deadline);
        this.#release();
        resolve(isAcked);
        onEnd(waiting);
      },
    };
    const dueMs = this.#clock.monotonicMs() + ACK_WAIT_MS;
    const deadline = { dueMs, onDue: () => waiting.settle(false) };
    this.#deadlines.add(deadline);
    this.#hold();
    return waiting;
  }

  /** Keeps the process alive while a caller waits: a script may await `invalidate()` as its last step. */
  #hold(): void {
    if (this.#count++ === 0) this.#keepAlive = setInterval(() => undefined, ACK_WAIT_MS);
  }

  #release(): void {
    if (--this.#count === 0) clearInterval(this.#keepAlive);
  }
}
