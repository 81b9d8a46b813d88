// How old an entry is and whether it is fresh, stale but servable, or gone. Pure functions.
import type { EntryTimes } from './entry.ts';

/** Tolerated clock skew: the clock of the process that stored an entry may be ahead of ours by this much. */
const MAX_CLOCK_AHEAD_MS = 60_000;

/** Age and remaining lifetime of an entry at one moment. */
export interface Life {
  readonly ageMs: number;
  /** Time until the entry is stale. Negative if it is stale already: how long it has been. */
  readonly softLeftMs: number;
  /** Time until the entry is gone; always above 0. */
  readonly hardLeftMs: number;
}

/**
 * Age and remaining lifetime of an entry; undefined if it is gone. An entry stored in the far future counts as gone: one
 * of the two clocks is wrong, and the entry would live too long. So does an entry whose times are NaN.
 */
export function lifeOf(times: EntryTimes, nowMs: number): Life | undefined {
  const hardLeftMs = times.hardExpiryMs - nowMs;
  const isFromFuture = !(times.storedAtMs <= nowMs + MAX_CLOCK_AHEAD_MS);
  const softLeftMs = times.softExpiryMs - nowMs;
  if (!(hardLeftMs > 0) || isFromFuture || Number.isNaN(softLeftMs)) return undefined;
  return { ageMs: Math.max(0, nowMs - times.storedAtMs), softLeftMs, hardLeftMs };
}

/** How long after its ttl a value may still be served. */
export interface StaleWindows {
  /** Stale-while-revalidate. */
  readonly swrMs: number;
  /** Stale-if-error. `ttl`: for as long as the entry was fresh. */
  readonly staleIfErrorMs: number | 'ttl';
}

/**
 * What may be done with an entry. `swr`: it is served while a refresh runs in the background. `grace`: it is served only
 * if the function fails. `gone`: it is not served; a tier may still hold it for readers with longer windows.
 */
export type Phase = 'fresh' | 'swr' | 'grace' | 'gone';

/** The phase of an entry under the stale windows of the reader. */
export function phaseOf(life: Life, windows: StaleWindows): Phase {
  if (life.softLeftMs > 0) return 'fresh';
  const overdueMs = -life.softLeftMs;
  if (overdueMs < windows.swrMs) return 'swr';
  return overdueMs < graceMs(windows, life.ageMs + life.softLeftMs) ? 'grace' : 'gone';
}

function graceMs({ staleIfErrorMs }: StaleWindows, ttlMs: number): number {
  return staleIfErrorMs === 'ttl' ? ttlMs : staleIfErrorMs;
}

/** Longest ttl and stale window, 100 years: expiry times must fit into the whole numbers of stored entries. */
export const LONGEST_MS = 100 * 365 * 86_400_000;

/** The times of an entry whose value is ready at `nowMs`. `madeAtMs`: when its function began. */
export function entryTimes(
  madeAtMs: number,
  nowMs: number,
  ttlMs: number,
  windows: StaleWindows,
): EntryTimes {
  const softExpiryMs = nowMs + ttlMs;
  const staleMs = Math.min(LONGEST_MS, Math.max(windows.swrMs, graceMs(windows, ttlMs)));
  return { storedAtMs: madeAtMs, softExpiryMs, hardExpiryMs: softExpiryMs + staleMs };
}

/** The ttl, shortened by a random share of up to `jitter`, so that entries stored together do not expire together. */
export function jittered(ttlMs: number, jitter: number, random01: number): number {
  return ttlMs * (1 - jitter * random01);
}
