// The bounded wait for the last invalidations of a process that closes.
import type { Clock } from '../config/clock.ts';
import { keepAlive } from '../flow/keep-alive.ts';
import { CLOSE_MS } from './constants.ts';
import { Pause } from './pause.ts';

/** Waits for `draining`, but at most CLOSE_MS. Keeps the process alive meanwhile, as the caller awaits it. */
export async function drained(clock: Clock, draining: Promise<void>): Promise<void> {
  const deadline = new Pause(clock);
  await keepAlive(Promise.race([draining, deadline.wait(CLOSE_MS)]));
  deadline.end();
}
