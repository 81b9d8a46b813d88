// Time as a parameter, so that tests can move it.

/** Source of time and timers. */
export interface Clock {
  /** Wall clock, epoch ms. */
  nowMs(): number;
  /** Milliseconds that never jump, from an unspecified origin. */
  monotonicMs(): number;
  /** Runs once after `delayMs`; never keeps the process alive. Returns a function that cancels the timer. */
  setTimer(run: () => void, delayMs: number): () => void;
}

/**
 * A timer that fires this many ms late shows that the event loop was blocked: answers that arrived in time may still be
 * unread in sockets. They are read once, in the same turn of the event loop, before anything is timed out.
 */
export const LATE_TIMER_MS = 10;

/** The clock of the system. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
