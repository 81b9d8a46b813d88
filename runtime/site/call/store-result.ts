// How a kept value gets into the two tiers.
import { groupId } from '../../coherence/group-id.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import { NO_STAMP, type EntryTimes } from '../../entry/entry.ts';
import { entryTimes, type Life } from '../../entry/freshness.ts';
import { audit } from '../../observe/audit.ts';
import type { Content, PendingWrite } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { hasBackend } from '../tier/load-second-tier.ts';
import type { Encoded, SecondTier } from '../tier/second-tier.ts';
import type { Tickets } from './acquire-ticket.ts';
import { discard } from './keep-value.ts';
import { putSealed, putShared, type StoreTarget } from './put-memory.ts';
import { storeBehind, type Encode } from './store-behind.ts';

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
  const { core, settings } = target;
  if (content.sizeBytes > settings.maxSizeBytes) {
    discard(core, 'too-large');
    return undefined;
  }
  if (settings.sealing === 'off') return storePlain(target, tier, content, storing);
  // Without a tier nothing is kept in the clear, not even for a moment.
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
  // Memory cannot tell yet which invalidations from elsewhere concern the entry.
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

/** A write can wait for long: until then it holds the value encrypted only, so this closes over nothing else. */
function encodeSealed(
  text: string,
  encoded: Encoded,
  ticket: Tickets,
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

/** Of the arguments nothing but the text of the key, which names the entry. */
function withoutArguments({ core, settings, text }: StoreTarget): StoreTarget {
  return { core, settings, text, keyed: [], place: undefined };
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
