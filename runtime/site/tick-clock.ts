// The clock of the hot path: a small integer that is read on demand and forgotten soon.
import { systemClock, type Clock } from '../config/clock.ts';
import { isObserved } from '../observe/publish.ts';

/** Length of a tick: small integers last for 397 days, and an expiry held as a double costs 3 ns per hit. */
const TICK_MS = 16;

/** Larger than every expiry: while the clock is unknown no entry looks fresh, so each hit asks `readTick`. */
const UNKNOWN_TICK = 0x7fffffff;

/** How long a reading is used. With TICK_MS this bounds how late an expiry is seen. */
const READING_LASTS_MS = 20;

/** The current tick, or UNKNOWN_TICK. Only `readTick` and `forgetTick` change it. */
export let tick: number = UNKNOWN_TICK;

let clock: Clock = systemClock;
/** When ticks began to be counted: with the first one, as reading the clock for the first time loads a part of Node. */
let originMs: number | undefined;
/** How many reasons there are to let no hit be fast: captures, forced runs, `withoutCache` scopes. */
let rareReasons = 0;

export function forgetTick(): void {
  tick = UNKNOWN_TICK;
}

/** Now. Kept for later hits unless each of them has to be looked at. */
export function readTick(): number {
  const now = tickAt(clock.monotonicMs());
  // Observers see every hit: then nothing is kept, and `Site.slow` publishes.
  if (rareReasons > 0 || isObserved('cachekit:call')) tick = UNKNOWN_TICK;
  else {
    if (tick === UNKNOWN_TICK) clock.setTimer(forgetTick, READING_LASTS_MS); // no timer while idle
    tick = now;
  }
  return now;
}

function originOfTicks(): number {
  return (originMs ??= clock.monotonicMs());
}

/** The tick that contains a monotonic time, never above the largest expiry. */
export function tickAt(monotonicMs: number): number {
  return Math.min(Math.floor((monotonicMs - originOfTicks()) / TICK_MS), UNKNOWN_TICK - 1);
}

/** Monotonic time of the start of a tick. */
export function tickToMs(at: number): number {
  return originOfTicks() + at * TICK_MS;
}

/** From now on no hit is fast; returns the way back. */
export function slowDown(): () => void {
  rareReasons++;
  tick = UNKNOWN_TICK;
  let done = false;
  return () => {
    if (done) return;
    done = true;
    rareReasons--;
  };
}

/** True while a capture, a forced run or a `withoutCache` scope is on. */
export function isRare(): boolean {
  return rareReasons > 0;
}

export function currentClock(): Clock {
  return clock;
}

/** Another clock counts from its own origin: entries made under the old one must be dropped by the caller. */
export function useClock(next: Clock): void {
  if (next === clock) return;
  clock = next;
  originMs = undefined;
  tick = UNKNOWN_TICK;
}
