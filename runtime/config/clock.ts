// Time as a parameter, so that tests move it.

export interface Clock {
  /** Wall clock, epoch ms. */
  nowMs(): number;
  /** Never jumps; origin unspecified. */
  monotonicMs(): number;
  /** The timer never keeps the process alive. Returns cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
}

/**
 * A timer this late, ms: the process was busy or halted, and answers that came in time may lie in its sockets unread. They
 * get one look, in the same turn of the event loop, before they are given up.
 */
export const LATE_TIMER_MS = 10;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
