// The delay before the next connection attempt: exponential, with jitter.

const FIRST_MS = 50;
/** Short enough that a recovered server, after the probes that follow, is in use again well within a second. */
const MOST_MS = 500;
/** People fix a refused login: 5 s is soon enough for them, and rare enough not to fill the server's log. */
const REFUSED_MOST_MS = 5000;
const MOST_DOUBLINGS = 7;

/**
 * `failures`: number of failed attempts before the last one. `sinceMs`: how long ago the last attempt began, which
 * counts towards the delay. `isRefused`: the login was refused.
 */
export function retryDelayMs(failures: number, sinceMs: number, isRefused: boolean): number {
  const mostMs = isRefused ? REFUSED_MOST_MS : MOST_MS;
  const apartMs = Math.min(FIRST_MS * 2 ** Math.min(failures, MOST_DOUBLINGS), mostMs);
  return Math.max(FIRST_MS, apartMs * (0.5 + Math.random() / 2) - sinceMs);
}
