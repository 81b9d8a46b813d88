// Many deadlines that share one timer: a timer for each operation would cost more than the rest of the guard. The timer
// is also kept when the last deadline is deleted, so that a sequence of operations does not set one each time.
import { LATE_TIMER_MS, type Clock } from '../config/clock.ts';

/** A deadline in a queue. */
export interface Deadline {
  /** By the monotonic clock. */
  readonly dueMs: number;
  /** Called once, unless the deadline is deleted before. It may add and delete deadlines. Must not throw. */
  readonly onDue: () => void;
}

/** Timers have a resolution of 1 ms and may fire early by a fraction of it. */
const EARLY_MS = 1;

/** Calls `onDue` of each deadline that passes before it is deleted. */
export class DeadlineQueue<D extends Deadline = Deadline> {
  readonly #clock: Clock;
  /** In order of arrival. Searched only when the timer fires, which is rare while the backend is healthy. */
  readonly #deadlines = new Set<D>();
  #armedMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(deadline: D): void {
    this.#deadlines.add(deadline);
    // Negated so that a deadline of NaN passes at once rather than never.
    if (!(deadline.dueMs >= this.#armedMs)) this.#arm(deadline.dueMs);
  }

  delete(deadline: D): void {
    this.#deadlines.delete(deadline);
  }

  /** The pending deadlines, in order of arrival. */
  [Symbol.iterator](): Iterator<D> {
    return this.#deadlines.values();
  }

  #arm(dueMs: number): void {
    this.#cancelTimer?.();
    this.#armedMs = dueMs;
    const timerRan = (): void => {
      const isLate = this.#clock.monotonicMs() - dueMs >= LATE_TIMER_MS;
      if (!isLate) return this.#expire();
      // This process was busy. Let pending I/O be handled first: an answer that has arrived is not late.
      const immediate = setImmediate(() => this.#expire());
      this.#cancelTimer = () => clearImmediate(immediate);
      return undefined;
    };
    const delayMs = dueMs - this.#clock.monotonicMs();
    this.#cancelTimer = this.#clock.setTimer(timerRan, delayMs > 0 ? delayMs : 0);
  }

  #expire(): void {
    this.#cancelTimer = undefined;
    this.#armedMs = Number.POSITIVE_INFINITY;
    const dueMs = this.#clock.monotonicMs() + EARLY_MS;
    const due = [...this.#deadlines].filter((deadline) => !(deadline.dueMs > dueMs));
    for (const deadline of due) if (this.#deadlines.delete(deadline)) deadline.onDue();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const deadline of this.#deadlines) nextMs = Math.min(nextMs, deadline.dueMs);
    if (nextMs < this.#armedMs) this.#arm(nextMs);
  }
}
