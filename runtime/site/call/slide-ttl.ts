// `refreshTtlOnGet`: a hit late in the life of an entry extends its ttl, in memory at once and in the backend in the
// background.
import { LEASE_MS, LOCK_MS } from '../../coherence/constants.ts';
import { entryTimes, type Life } from '../../entry/freshness.ts';
import { runInBackground } from '../../flow/background.ts';
import { randomHex } from '../../flow/random-hex.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import { currentClock } from '../tick-clock.ts';
import type { Encoded, ReadHit, SecondTier } from '../tier/second-tier.ts';
import { entryTicks } from './entry-ticks.ts';
import { findEntry, lifeInMemory } from './read-memory.ts';
import type { SiteCall } from './site-call.ts';

/**
 * Extends the ttl of the call's entry. A sealed entry is only extended in the backend: in memory its times are part of
 * the sealed bytes, so it is read again when it expires.
 */
export function slideTtl(call: SiteCall): void {
  const { core, settings, cipher } = call;
  const found = findEntry(call);
  if (found === undefined || found === 'expired') return;
  const { entry } = found;
  if (cipher === undefined) {
    const life = lifeInMemory(entry);
    const ttlMs = life.ageMs + life.softLeftMs;
    const again = { ageMs: 0, softLeftMs: ttlMs, hardLeftMs: ttlMs + (life.hardLeftMs - life.softLeftMs) };
    const ticks = entryTicks(again, settings, core.tier?.memoryLimitMs() ?? Number.POSITIVE_INFINITY);
    entry.born = ticks.born;
    entry.until = ticks.until;
    entry.soft = ticks.soft;
    entry.hard = ticks.hard;
  }
  const { tier } = core;
  if (tier?.guard !== undefined) void runInBackground(() => slideStored(call, tier, entry));
}

/** Extends the stored entry by compare-and-set: an entry that was replaced or invalidated in the meantime stays so. */
async function slideStored(
  { core, settings, text }: SiteCall,
  tier: SecondTier,
  entry: MemoryEntry,
): Promise<void> {
  const read = await tier.read(text);
  if (!read.hit || !(read.life.softLeftMs > 0) || read.isForeign) return;
  // Not every store can compare. There, at least an invalidation by this process must be respected.
  if (!core.holds(entry)) return;
  const nowMs = tier.nowMs();
  const ttlMs = read.life.ageMs + read.life.softLeftMs;
  const times = entryTimes(nowMs, nowMs, ttlMs, settings);
  const encoded = tier.encode(text, read.value, { ...read.facts, times });
  if (!encoded.ok) return;
  if (tier.codec.beside !== undefined) {
    const life = { ageMs: 0, softLeftMs: ttlMs, hardLeftMs: times.hardExpiryMs - nowMs };
    return storeAgain(tier, text, read, { encoded, life });
  }
  const key = tier.codec.storedKey(text);
  const lifeMs = times.hardExpiryMs - nowMs;
  const head = tier.headOf(read.bytes);
  await (tier.fence === undefined
    ? tier.guard?.set(key, encoded.bytes, lifeMs)
    : tier.fence.replace({
        key,
        expected: head,
        value: encoded.bytes,
        ttlMs: lifeMs,
      }));
}

/** Stores an entry with a side record again. Both change, so they need a lease, which an invalidation would delete. */
async function storeAgain(
  tier: SecondTier,
  text: string,
  { bytes, facts }: ReadHit,
  { encoded, life }: { readonly encoded: Encoded; readonly life: Life },
): Promise<void> {
  const takenMs = currentClock().monotonicMs();
  const begun = await tier.fence?.begin({
    key: tier.codec.storedKey(text),
    nonce: randomHex(8),
    leaseMs: LEASE_MS,
    token: '',
    lockMs: LOCK_MS,
    rejected: bytes,
  });
  if (begun !== undefined && (!begun.ok || begun.value.kind !== 'run')) return;
  const lease = begun?.value.kind === 'run' ? begun.value.lease : '';
  await tier.write(text, encoded, life, { stamp: facts.stamp, lease, token: '', takenMs });
}
