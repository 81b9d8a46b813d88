// When to try again after a failure.
import type { GuardFailure } from '../reliability/guarded-backend.ts';
import { RETRY_FIRST_MS, RETRY_MOST_MS, RETRY_REFUSED_MS } from './constants.ts';

/** `failures`: how many went before. Between half of the delay and all of it. */
export function retryMs(failures: number, failure: GuardFailure, random: () => number): number {
  const isRefused = failure === 'auth' || failure === 'permanent';
  const mostMs = isRefused ? RETRY_REFUSED_MS : RETRY_MOST_MS;
  const delayMs = Math.min(mostMs, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
  return delayMs * (0.5 + random() / 2);
}
