// How old an entry is, and what may still be done with it. Pure.
import type { EntryTimes } from './entry.ts';

/** A writer's clock may be ahead by this much. */
const MAX_CLOCK_AHEAD_MS = 60_000;

/** An entry as seen now. */
export interface Life {
  readonly ageMs: number;
  /** Until it is no longer fresh; negative: it has not been for so long. */
  readonly softLeftMs: number;
  /** Until it is gone; above 0. */
  readonly hardLeftMs: number;
}

/**
 * undefined: gone. An entry from the far future is gone too: its writer's clock, or ours, is wrong, and it would live too
 * long. So are times that are no numbers.
 */
export function lifeOf(times: EntryTimes, nowMs: number): Life | undefined {
  const hardLeftMs = times.hardExpiryMs - nowMs;
  const isFromFuture = !(times.storedAtMs <= nowMs + MAX_CLOCK_AHEAD_MS);
  const softLeftMs = times.softExpiryMs - nowMs;
  if (!(hardLeftMs > 0) || isFromFuture || Number.isNaN(softLeftMs)) return undefined;
  return { ageMs: Math.max(0, nowMs - times.storedAtMs), softLeftMs, hardLeftMs };
}

/** How long after ttl a value may be served, and why. */
export interface StaleWindows {
  readonly swrMs: number;
  /** `ttl`: as long as the entry was fresh. */
  readonly staleIfErrorMs: number | 'ttl';
}

/**
 * `swr`: served while one refresh runs. `grace`: served only if the function fails. `gone`: neither; it may still lie in a
 * tier for readers with other settings.
 */
export type Phase = 'fresh' | 'swr' | 'grace' | 'gone';

export function phaseOf(life: Life, windows: StaleWindows): Phase {
  if (life.softLeftMs > 0) return 'fresh';
  const overdueMs = -life.softLeftMs;
  if (overdueMs < windows.swrMs) return 'swr';
  return overdueMs < graceMs(windows, life.ageMs + life.softLeftMs) ? 'grace' : 'gone';
}

function graceMs({ staleIfErrorMs }: StaleWindows, ttlMs: number): number {
  return staleIfErrorMs === 'ttl' ? ttlMs : staleIfErrorMs;
}

/** 100 years: longer is no longer, and times in entries stay whole numbers that they have room for. */
export const LONGEST_MS = 100 * 365 * 86_400_000;

/** Times of a value made now. `madeAtMs`: when its function began. */
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

/** ttl shortened by up to `jitter` of itself, so that what was stored together does not expire together. */
export function jittered(ttlMs: number, jitter: number, random01: number): number {
  return ttlMs * (1 - jitter * random01);
}
