// `softTimeout`: a caller that can have a stale value does not wait for a slow function. The run continues.
import { takeGrace, type Flight } from '../../flow/flight.ts';
import { currentClock } from '../tick-clock.ts';
import type { SiteCall } from './site-call.ts';

/**
 * Waits for the promise, or hands out the stale value of the flight after `softTimeout`. If there is no stale value at
 * that moment, the wait continues. `onSlow` is called just before the stale value is handed out.
 */
export function untilSoftTimeout(
  { settings }: SiteCall,
  flight: Flight,
  promise: Promise<unknown>,
  onSlow: () => void,
): Promise<unknown> {
  const { softTimeoutMs } = settings;
  if (softTimeoutMs === 0) return promise;
  return new Promise((resolve, reject) => {
    const cancel = currentClock().setTimer(() => {
      const taken = takeGrace(flight);
      if (taken === undefined) return;
      onSlow();
      resolve(taken.value);
    }, softTimeoutMs);
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error as Error); // the function's own
      },
    );
  });
}
