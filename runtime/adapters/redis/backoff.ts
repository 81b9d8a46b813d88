// How long to wait before a connection is tried again.

const FIRST_MS = 50;
/** With the probes that follow, a healed server is in use again well within a second. */
const MOST_MS = 500;
/** A refused login is mended by people: soon enough for them, and too seldom to fill the server's log. */
const REFUSED_MOST_MS = 5000;
const MOST_DOUBLINGS = 7;

/** `failures`: how many attempts have failed before this one. `sinceMs`: how long ago the last attempt began. */
export function retryDelayMs(failures: number, sinceMs: number, isRefused: boolean): number {
  const mostMs = isRefused ? REFUSED_MOST_MS : MOST_MS;
  const apartMs = Math.min(FIRST_MS * 2 ** Math.min(failures, MOST_DOUBLINGS), mostMs);
  return Math.max(FIRST_MS, apartMs * (0.5 + Math.random() / 2) - sinceMs);
}
