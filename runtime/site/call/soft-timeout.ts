// `softTimeout`: a caller that could have an older value does not wait for a slow function. The run goes on.
import { takeGrace, type Flight } from '../../flow/flight.ts';
import { currentClock } from '../tick-clock.ts';
import type { SiteCall } from './site-call.ts';

/**
 * The promise itself where there is no such limit. `onSlow` is told before the older value is handed out. If there is
 * none at that moment, the wait goes on to its end.
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
