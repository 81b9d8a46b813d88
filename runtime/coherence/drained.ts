// The wait for the last invalidations of a process that closes.
import type { Clock } from '../config/clock.ts';
import { CLOSE_MS } from './constants.ts';
import { Pause } from './pause.ts';

/** At most as long as `close()` may take. */
export async function drained(clock: Clock, draining: Promise<void>): Promise<void> {
  const deadline = new Pause(clock);
  // Somebody waits, and a store that is away leaves nothing else that keeps the process alive.
  const keepAlive = setTimeout(() => undefined, CLOSE_MS);
  await Promise.race([draining, deadline.wait(CLOSE_MS)]);
  clearTimeout(keepAlive);
  deadline.end();
}
