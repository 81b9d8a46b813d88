// How a kept value gets into the two tiers.
import type { SiteSettings } from '../config/site-settings.ts';
import { groupId } from '../coherence/group-id.ts';
import { NO_STAMP, type EntryTimes } from '../entry/entry.ts';
import { entryTimes, type Life } from '../entry/freshness.ts';
import { audit } from '../observe/audit.ts';
import type { Tickets } from './acquire-ticket.ts';
import { discard } from './keep-value.ts';
import { hasBackend } from './load-second-tier.ts';
import type { SecondTier } from './second-tier.ts';
import { putSealed, putShared, type StoreTarget } from './put-memory.ts';
import type { Content, PendingWrite } from './site-core.ts';
import { storeBehind, type Encode } from './store-behind.ts';
import { currentClock } from './tick-clock.ts';

/** What is to be known of a value that is stored. */
export interface Storing {
  readonly ttlMs: number;
  readonly tags: readonly string[];
  /** Since the function began. */
  readonly ageMs: number;
  /** undefined: the second tier must not have it, because nothing would tell it from an older value later. */
  readonly ticket: Tickets;
}

/** Into memory at once, into the second tier in the background. Returns the pending write, if there is one. */
export function storeValue(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  storing: Storing,
): PendingWrite | undefined {
  try {
    return store(target, tier, content, storing);
  } catch {
    return undefined; // arguments that throw when they are compared: the caller has its result, nothing is kept
  }
}

function store(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  storing: Storing,
): PendingWrite | undefined {
  const { core, settings, text } = target;
  const { ttlMs, ageMs, ticket } = storing;
  if (content.sizeBytes > settings.maxSizeBytes) {
    discard(core, 'too-large');
    return undefined;
  }
  const madeMs = currentClock().monotonicMs() - ageMs;
  const tags = tier?.tagIds(storing.tags) ?? localTagIds(storing.tags);
  const life = lifeOfNew(settings, ageMs, ttlMs);
  const common = { tags: storing.tags, beganMs: madeMs, life };
  if (settings.sealing === 'off') {
    const entry = putShared(target, tier, content, life, tags);
    if (!hasBackend(settings) || ticket === undefined) return undefined;
    const encode: Encode = (open, taken) =>
      open.encode(text, content.value, {
        times: timesNow(open, life, madeMs),
        stamp: taken.stamp,
        tags: open.tagIds(storing.tags),
      });
    // Memory cannot tell yet which invalidations from elsewhere concern the entry.
    const isEarly = tier === undefined || tier.stamp() === undefined;
    const early = entry === undefined || !isEarly ? undefined : { entry, content, life };
    return storeBehind(target, { ...common, ticket, sizeBytes: content.sizeBytes, encode, early });
  }
  if (tier === undefined) return undefined; // nothing is kept in the clear, not even for a moment
  const stamp = typeof ticket === 'object' ? ticket.stamp : (tier.stamp() ?? NO_STAMP);
  const facts = { times: timesNow(tier, life, madeMs), stamp, tags };
  const encoded = tier.encode(text, content.value, facts);
  if (!encoded.ok) {
    discard(core, encoded.reason);
    return undefined;
  }
  audit(core, 'write', tier.keyId);
  putSealed(target, tier, encoded.bytes, life, tags);
  if (!hasBackend(settings) || ticket === undefined) return undefined;
  const encode: Encode = (open, taken) =>
    taken === ticket
      ? encoded
      : open.encode(text, content.value, {
          ...facts,
          times: timesNow(open, life, madeMs),
          stamp: taken.stamp,
        });
  const { byteLength: sizeBytes } = encoded.bytes;
  return storeBehind(target, { ...common, ticket, sizeBytes, encode, early: undefined });
}

/** `hardLeftMs` also counts what may be served stale. */
function lifeOfNew(settings: SiteSettings, ageMs: number, ttlMs: number): Life {
  const { hardExpiryMs } = entryTimes(0, 0, ttlMs, settings);
  return { ageMs, softLeftMs: ttlMs, hardLeftMs: hardExpiryMs };
}

/** By the clock that entries of that tier go by, which may have become known since the value was made. */
function timesNow(tier: SecondTier, life: Life, madeMs: number): EntryTimes {
  const storedAtMs = tier.nowMs() - (currentClock().monotonicMs() - madeMs);
  const doneMs = storedAtMs + life.ageMs;
  return {
    storedAtMs,
    softExpiryMs: doneMs + life.softLeftMs,
    hardExpiryMs: doneMs + life.hardLeftMs,
  };
}

/** Functions in memory only, and those whose tier is not open yet. */
function localTagIds(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => groupId('tag', tag));
}
