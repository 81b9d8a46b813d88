// The clock of the hot path: a small integer, read on demand and forgotten after 20 ms.
import { systemClock, type Clock } from '../config/clock.ts';
import { isObserved } from '../observe/publish.ts';

/** Length of a tick. Ticks stay small integers for 397 days; an expiry held as a double would cost 3 ns per hit. */
const TICK_MS = 16;

/** Larger than every expiry: while the clock is unknown no entry looks fresh, so each hit asks `readTick`. */
const UNKNOWN_TICK = 0x7fffffff;

/** How long a reading is used. Together with TICK_MS it bounds how late an expiry is noticed. */
const READING_LASTS_MS = 20;

/** The current tick, or UNKNOWN_TICK. Only `readTick` and `forgetTick` change it. */
export let tick: number = UNKNOWN_TICK;

let clock: Clock = systemClock;
/** The time of tick 0. Set on first use, because the first reading of the clock loads a part of Node. */
let originMs: number | undefined;
/** Number of open captures, forced runs and `withoutCache` scopes. While there is one, no hit is fast. */
let rareReasons = 0;

/** Makes the next hit read the clock. */
export function forgetTick(): void {
  tick = UNKNOWN_TICK;
}

/** The current tick. It is kept for later hits, unless each hit has to go through `SiteCore.slow`. */
export function readTick(): number {
  const now = tickAt(clock.monotonicMs());
  // With an observer every hit must be published, so no hit may be fast.
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

/** Makes every hit slow until the returned function is called. */
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

/** True while a capture, a forced run or a `withoutCache` scope is open. */
export function isRare(): boolean {
  return rareReasons > 0;
}

/** The configured clock. */
export function currentClock(): Clock {
  return clock;
}

/** Uses another clock, which counts ticks from its own origin. The caller must drop all entries made before. */
export function useClock(next: Clock): void {
  if (next === clock) return;
  clock = next;
  originMs = undefined;
  tick = UNKNOWN_TICK;
}
