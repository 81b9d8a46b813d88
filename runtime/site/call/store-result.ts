// Stores a kept value in both tiers.
import { groupId } from '../../coherence/group-id.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import { NO_STAMP, type EntryTimes } from '../../entry/entry.ts';
import { entryTimes, type Life } from '../../entry/freshness.ts';
import { audit } from '../../observe/audit.ts';
import type { PendingWrite } from '../pending-write.ts';
import type { Content } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { hasBackend } from '../tier/load-second-tier.ts';
import type { Encoded, SecondTier } from '../tier/second-tier.ts';
import type { AnyTicket } from './acquire-ticket.ts';
import { discard } from './keep-value.ts';
import { putSealed, putShared, type StoreTarget } from './put-memory.ts';
import { storeBehind, type Encode } from './store-behind.ts';

/** How a value is stored. */
export interface Storing {
  readonly ttlMs: number;
  /** Names, not group ids. */
  readonly tags: readonly string[];
  /** Time since the function began. */
  readonly ageMs: number;
  /** undefined: the value must not be stored in the second tier, because an invalidation may have been missed. */
  readonly ticket: AnyTicket;
}

/** Stores a value in memory at once and in the second tier in the background. Returns the pending write, if any. */
export function storeValue(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  storing: Storing,
): PendingWrite | undefined {
  try {
    return store(target, tier, content, storing);
  } catch {
    return undefined; // comparing the arguments threw: the caller has its result, nothing is stored
  }
}

function store(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  storing: Storing,
): PendingWrite | undefined {
  const { core, settings } = target;
  if (content.sizeBytes > settings.maxSizeBytes) {
    discard(core, 'too-large');
    return undefined;
  }
  if (settings.sealing === 'off') return storePlain(target, tier, content, storing);
  // Without a tier the value cannot be encrypted, and it is never kept in the clear.
  return tier === undefined ? undefined : storeSealed(target, tier, content, storing);
}

function storePlain(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  { ttlMs, tags, ageMs, ticket }: Storing,
): PendingWrite | undefined {
  const { settings, text } = target;
  const madeMs = currentClock().monotonicMs() - ageMs;
  const life = lifeOfNew(settings, ageMs, ttlMs);
  const entry = putShared(target, tier, content, life, tier?.tagIds(tags) ?? localTagIds(tags));
  if (!hasBackend(settings) || ticket === undefined) return undefined;
  const encode: Encode = (open, taken) =>
    open.encode(text, content.value, {
      times: timesNow(open, life, madeMs),
      stamp: taken.stamp,
      tags: open.tagIds(tags),
    });
  // Before the process follows the log, invalidations by other processes cannot find the memory entry.
  const isEarly = tier === undefined || tier.stamp() === undefined;
  const early = entry === undefined || !isEarly ? undefined : { entry, content, life };
  const { sizeBytes } = content;
  return storeBehind(target, { tags, beganMs: madeMs, life, ticket, sizeBytes, encode, early });
}

function storeSealed(
  target: StoreTarget,
  tier: SecondTier,
  content: Content,
  { ttlMs, tags, ageMs, ticket }: Storing,
): PendingWrite | undefined {
  const { core, settings, text } = target;
  const beganMs = currentClock().monotonicMs() - ageMs;
  const life = lifeOfNew(settings, ageMs, ttlMs);
  const stamp = typeof ticket === 'object' ? ticket.stamp : (tier.stamp() ?? NO_STAMP);
  const facts = { times: timesNow(tier, life, beganMs), stamp, tags: tier.tagIds(tags) };
  const encoded = tier.encode(text, content.value, facts);
  if (!encoded.ok) {
    discard(core, encoded.reason);
    return undefined;
  }
  audit(core, 'write', tier.keyId);
  putSealed(target, tier, encoded.bytes, life, facts.tags);
  if (!hasBackend(settings) || ticket === undefined) return undefined;
  const { byteLength: sizeBytes } = encoded.bytes;
  const encode = encodeSealed(text, encoded, ticket, { life, madeMs: beganMs });
  const common = { tags, beganMs, life, ticket, sizeBytes, encode, early: undefined };
  return storeBehind(withoutArguments(target), common);
}

/** A write may wait for long, and until it begins it only holds the encrypted value: this closes over nothing else. */
function encodeSealed(
  text: string,
  encoded: Encoded,
  ticket: AnyTicket,
  made: { readonly life: Life; readonly madeMs: number },
): Encode {
  return (open, taken) => {
    if (taken === ticket) return encoded;
    const { facts } = encoded;
    const decoded = open.codec.decode(text, encoded.bytes, facts.times.storedAtMs);
    if (!decoded.ok) return { ok: false, reason: 'unstorable' };
    const times = timesNow(open, made.life, made.madeMs);
    return open.encode(text, decoded.value, { ...facts, times, stamp: taken.stamp });
  };
}

/** The target without the arguments: only the key text, which names the entry. */
function withoutArguments({ core, settings, text }: StoreTarget): StoreTarget {
  return { core, settings, text, keyed: [], place: undefined };
}

/** The life of a new entry; `hardLeftMs` includes the stale windows. */
function lifeOfNew(settings: SiteSettings, ageMs: number, ttlMs: number): Life {
  const { hardExpiryMs } = entryTimes(0, 0, ttlMs, settings);
  return { ageMs, softLeftMs: ttlMs, hardLeftMs: hardExpiryMs };
}

/** Times by the clock of the tier, which may have become known only after the value was made. */
function timesNow(tier: SecondTier, life: Life, madeMs: number): EntryTimes {
  const storedAtMs = tier.nowMs() - (currentClock().monotonicMs() - madeMs);
  const doneMs = storedAtMs + life.ageMs;
  return {
    storedAtMs,
    softExpiryMs: doneMs + life.softLeftMs,
    hardExpiryMs: doneMs + life.hardLeftMs,
  };
}

/** Group ids for functions without a second tier, or whose tier is not open yet. */
function localTagIds(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => groupId('tag', tag));
}
