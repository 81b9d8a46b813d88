// How long to wait before a connection is tried again.

/** Attempts start this far apart, so a healed server is found within a second. */
const FIRST_MS = 50;
const MOST_MS = 1000;
/** A refused password does not heal by asking again: this is enough, and does not fill the server's log. */
const REFUSED_MS = 30_000;

/** `failures`: how many attempts have failed before this one. `sinceMs`: how long ago the last attempt began. */
export function retryDelayMs(failures: number, sinceMs: number, isRefused: boolean): number {
  if (isRefused) return REFUSED_MS;
  const apartMs = Math.min(FIRST_MS * 2 ** Math.min(failures, 6), MOST_MS);
  return Math.max(FIRST_MS, apartMs * (0.5 + Math.random() / 2) - sinceMs);
}
