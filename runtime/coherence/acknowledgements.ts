// Callers that wait for an acknowledgement: each hears yes, or no after a while. Nobody waits longer.
import type { Clock } from '../config/clock.ts';
import { DeadlineQueue } from '../reliability/deadline-queue.ts';
import { ACK_WAIT_MS } from './constants.ts';

/** One caller. */
export interface Waiting {
  readonly promise: Promise<boolean>;
  readonly isOver: boolean;
  /** Once; later calls change nothing. */
  settle(isAcked: boolean): void;
}

export class Acknowledgements {
  readonly #clock: Clock;
  readonly #deadlines: DeadlineQueue;
  #count = 0;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#deadlines = new DeadlineQueue(clock);
  }

  /** `onEnd`: it has been settled, by whomever. */
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

  /** A registry that is away leaves nothing else that keeps the process alive, and a script awaits this as its last step. */
  #hold(): void {
    if (this.#count++ === 0) this.#keepAlive = setInterval(() => undefined, ACK_WAIT_MS);
  }

  #release(): void {
    if (--this.#count === 0) clearInterval(this.#keepAlive);
  }
}
