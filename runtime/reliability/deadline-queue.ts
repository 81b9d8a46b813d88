// Many deadlines, one timer: a timer for each operation costs more than the rest of the guard. That holds for operations
// that follow one another too, so the timer stays when the last deadline goes, and finds nothing when its time comes.
import { LATE_TIMER_MS, type Clock } from '../config/clock.ts';

export interface Deadline {
  /** Of the monotonic clock. */
  readonly dueMs: number;
  /** Called once, unless it is deleted before. It may add and delete deadlines. Must not throw. */
  readonly onDue: () => void;
}

/** Timers count whole milliseconds and may come early by a fraction of one. */
const EARLY_MS = 1;

export class DeadlineQueue<D extends Deadline = Deadline> {
  readonly #clock: Clock;
  /** In order of arrival. Looked through only when the timer fires, which a backend that is well hardly ever sees. */
  readonly #deadlines = new Set<D>();
  #armedMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(deadline: D): void {
    this.#deadlines.add(deadline);
    // Written so that a time that is no number ends the wait at once rather than never.
    if (!(deadline.dueMs >= this.#armedMs)) this.#arm(deadline.dueMs);
  }

  delete(deadline: D): void {
    this.#deadlines.delete(deadline);
  }

  /** What waits now, in order of arrival. */
  [Symbol.iterator](): Iterator<D> {
    return this.#deadlines.values();
  }

  #arm(dueMs: number): void {
    this.#cancelTimer?.();
    this.#armedMs = dueMs;
    const timerRan = (): void => {
      const isLate = this.#clock.monotonicMs() - dueMs >= LATE_TIMER_MS;
      if (!isLate) return this.#expire();
      // One look at the sockets first, in this same turn: a backend is not late because this process was.
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
