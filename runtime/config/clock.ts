// Time as a parameter, so that tests move it.

export interface Clock {
  /** Wall clock, epoch ms. */
  nowMs(): number;
  /** Never jumps; origin unspecified. */
  monotonicMs(): number;
  /** The timer never keeps the process alive. Returns cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
