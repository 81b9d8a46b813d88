// The times of a memory entry, in monotonic ticks, so that a jump of the wall clock changes nothing.
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Life } from '../../entry/freshness.ts';
import type { EntryTicks, MemoryEntry } from '../../memory/memory-entry.ts';
import { currentClock, tickAt } from '../tick-clock.ts';

/** Work that a hit may start: a refresh ahead of expiry, or an extension of the ttl. */
export type Due = 'refresh' | 'slide';

type Sharing = Pick<SiteSettings, 'refreshAhead01' | 'refreshTtlOnGet01'>;

/**
 * The ticks of a new entry. `until` is the earliest time at which a hit has work to start, so that hits before it need
 * not look at the settings. `limitMs`: longest time that memory may hold the entry.
 */
export function entryTicks(life: Life, settings: Sharing, limitMs: number): EntryTicks {
  const nowMs = currentClock().monotonicMs();
  const soft = tickAt(nowMs + Math.min(life.softLeftMs, limitMs));
  const hard = tickAt(nowMs + Math.min(life.hardLeftMs, limitMs));
  const ttlMs = life.ageMs + life.softLeftMs;
  const workAt = tickAt(nowMs + Math.min(life.softLeftMs - workLeftMs(settings, ttlMs), limitMs));
  return { born: tickAt(nowMs - life.ageMs), until: Math.min(soft, workAt), soft, hard };
}

/** How long before its expiry a hit starts work. */
function workLeftMs({ refreshAhead01, refreshTtlOnGet01 }: Sharing, ttlMs: number): number {
  const ahead01 = refreshAhead01 > 0 ? 1 - refreshAhead01 : 0;
  return ttlMs * Math.max(ahead01, refreshTtlOnGet01);
}

/**
 * The work that a hit of a fresh entry starts. It is given out once per entry; then hits are fast again until it expires
 * or the work is done. An entry whose ttl is extended needs no refresh ahead.
 */
export function dueOf(entry: MemoryEntry, settings: Sharing, nowTick: number): Due | undefined {
  if (entry.until > nowTick) return undefined;
  entry.until = entry.soft;
  if (settings.refreshTtlOnGet01 > 0) return 'slide';
  return settings.refreshAhead01 > 0 ? 'refresh' : undefined;
}
