// A wait of somebody who has a caller: it keeps the process alive, unlike the timers of a Clock.
import { systemClock, type Clock } from '../config/clock.ts';

export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (clock === systemClock) setTimeout(resolve, delayMs);
    else clock.setTimer(resolve, delayMs);
  });
}
