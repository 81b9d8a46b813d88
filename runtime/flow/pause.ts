// A delay on behalf of a waiting caller. Unlike the timers of the system clock, it keeps the process alive.
import { systemClock, type Clock } from '../config/clock.ts';
import { inRealTime } from './real-timers.ts';

/** Resolves after `delayMs` of the clock. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (clock === systemClock) inRealTime(resolve, delayMs);
    else clock.setTimer(resolve, delayMs);
  });
}
