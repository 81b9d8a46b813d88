// The delay before the next attempt to reach the registry.
import type { GuardFailure } from '../reliability/guarded-backend.ts';
import { RETRY_FIRST_MS, RETRY_MAX_MS, RETRY_REFUSED_MS } from './constants.ts';

/** Exponential backoff with jitter of up to half the delay. `failures`: how many failures came before this one. */
export function retryMs(failures: number, failure: GuardFailure, random: () => number): number {
  const isRefused = failure === 'auth' || failure === 'permanent';
  const maxMs = isRefused ? RETRY_REFUSED_MS : RETRY_MAX_MS;
  const delayMs = Math.min(maxMs, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
  return delayMs * (0.5 + random() / 2);
}
