// Times of an entry in memory: monotonic ticks, so a jump of the wall clock changes nothing.
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Life } from '../../entry/freshness.ts';
import type { EntryTicks, MemoryEntry } from '../../memory/memory-entry.ts';
import { currentClock, tickAt } from '../tick-clock.ts';

/** Work that a hit may cause: a run ahead of expiry, or a ttl that starts again. */
export type Due = 'refresh' | 'slide';

type Sharing = Pick<SiteSettings, 'refreshAhead01' | 'refreshTtlOnGet01'>;

/**
 * `until` is the earliest moment at which a hit has something to do, so that hits before it need no look at settings.
 * `limitMs`: memory holds it no longer.
 */
export function entryTicks(life: Life, settings: Sharing, limitMs: number): EntryTicks {
  const nowMs = currentClock().monotonicMs();
  const soft = tickAt(nowMs + Math.min(life.softLeftMs, limitMs));
  const hard = tickAt(nowMs + Math.min(life.hardLeftMs, limitMs));
  const ttlMs = life.ageMs + life.softLeftMs;
  const workAt = tickAt(nowMs + Math.min(life.softLeftMs - workLeftMs(settings, ttlMs), limitMs));
  return { born: tickAt(nowMs - life.ageMs), until: Math.min(soft, workAt), soft, hard };
}

/** How long before its expiry an entry has something to be done. */
function workLeftMs({ refreshAhead01, refreshTtlOnGet01 }: Sharing, ttlMs: number): number {
  const ahead01 = refreshAhead01 > 0 ? 1 - refreshAhead01 : 0;
  return ttlMs * Math.max(ahead01, refreshTtlOnGet01);
}

/**
 * Of an entry that is fresh at `nowTick`. Asked once per entry: until it expires, or its work is done, hits are fast again.
 * An entry that starts again needs no run ahead.
 */
export function dueOf(entry: MemoryEntry, settings: Sharing, nowTick: number): Due | undefined {
  if (entry.until > nowTick) return undefined;
  entry.until = entry.soft;
  if (settings.refreshTtlOnGet01 > 0) return 'slide';
  return settings.refreshAhead01 > 0 ? 'refresh' : undefined;
}
