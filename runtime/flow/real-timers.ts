// The timers of the process, also while a test has put fake ones into their place.

/**
 * Taken when this module is loaded. Fake timers stand still until the test moves them, and forget what waits when they
 * are put back: a write that waited would never begin, and `flush()` never end.
 */
const realImmediate = setImmediate;
const realTimeout = setTimeout;

/** Runs once in the next turn of the event loop. */
export function inNextTurn(run: () => void): void {
  realImmediate(run);
}

/** Runs once after `delayMs`, and keeps the process alive until then. */
export function inRealTime(run: () => void, delayMs: number): void {
  realTimeout(run, delayMs);
}
