// When an entry may still be served. Pure.
import type { EntryTimes } from './entry.ts';

/** A writer's clock may be ahead by this much. */
const MAX_CLOCK_AHEAD_MS = 60_000;

export type Freshness =
  | { readonly fresh: true; readonly ageMs: number; readonly remainingMs: number }
  | { readonly fresh: false; readonly reason: 'expired' | 'superseded' };

/**
 * `floorMs`: everything stored at or before it was invalidated (epoch ms). An entry from the far future is not fresh:
 * its writer's clock, or ours, is wrong, and it would live too long. Times that are no numbers are not fresh either.
 */
export function freshness(times: EntryTimes, nowMs: number, floorMs: number): Freshness {
  if (!(times.storedAtMs > floorMs)) return { fresh: false, reason: 'superseded' };
  const remainingMs = times.softExpiryMs - nowMs;
  const isFromFuture = !(times.storedAtMs <= nowMs + MAX_CLOCK_AHEAD_MS);
  if (!(remainingMs > 0) || !(times.hardExpiryMs > nowMs) || isFromFuture)
    return { fresh: false, reason: 'expired' };
  return { fresh: true, ageMs: Math.max(0, nowMs - times.storedAtMs), remainingMs };
}

/** Times of a value made now. `madeAtMs`: when its function began, so that an invalidation during the run wins. */
export function entryTimes(madeAtMs: number, nowMs: number, ttlMs: number): EntryTimes {
  const expiryMs = nowMs + ttlMs;
  return { storedAtMs: madeAtMs, softExpiryMs: expiryMs, hardExpiryMs: expiryMs };
}

/** ttl shortened by up to `jitter01` of itself, so that what was stored together does not expire together. */
export function jittered(ttlMs: number, jitter01: number, random01: number): number {
  return ttlMs * (1 - jitter01 * random01);
}
