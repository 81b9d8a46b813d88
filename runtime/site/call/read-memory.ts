// Reads memory with all that `run` knows besides the arguments: the canonical text, and the key of sealed values.
import { phaseOf, type Life, type Phase } from '../../entry/freshness.ts';
import type { Grace, Master } from '../../flow/flight.ts';
import { isMarkedSince, tagSequence } from '../../flow/tag-marks.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import { sharedIndex } from '../../memory/shared-index.ts';
import { audit } from '../../observe/audit.ts';
import type { CallReason } from '../../observe/events.ts';
import { publishCall } from '../../observe/stats.ts';
import { currentClock, readTick, tickToMs } from '../tick-clock.ts';
import { dueOf, type Due } from './entry-ticks.ts';
import type { SiteCall } from './site-call.ts';

/** What memory has for a call. */
export type MemoryRead =
  /** `due`: work to start in the background. */
  | { readonly kind: 'hit'; readonly answer: unknown; readonly due: Due | undefined }
  | { readonly kind: 'miss'; readonly reason: CallReason; readonly grace: Grace | undefined };

/** An entry that is not gone. */
export interface Found {
  readonly entry: MemoryEntry;
  readonly phase: Exclude<Phase, 'gone'>;
}

/** Answers a call from memory, if it can. */
export function readMemory(call: SiteCall): MemoryRead {
  const found = findEntry(call);
  if (found === undefined || found === 'expired') return miss(found ?? 'absent');
  const { entry, phase } = found;
  const content = contentOf(call, entry);
  if (content === undefined) return miss('discarded');
  if (phase === 'grace') return miss('expired', graceFrom(call, entry, content));
  const { core } = call;
  let answer: unknown;
  try {
    answer = answerOf(call, entry, content);
  } catch {
    core.remove(entry); // a class codec of the user threw
    return miss('discarded');
  }
  const isStale = phase === 'swr';
  const due = isStale ? 'refresh' : dueOf(entry, call.settings, readTick());
  if (isStale) core.counters.stale++;
  else entry.hits++;
  if (call.cipher !== undefined) audit(core, 'read', call.cipher.keyId);
  publishCall(core, isStale ? 'stale' : 'hit', 'memory', isStale ? 'swr' : undefined, 0);
  return { kind: 'hit', answer, due };
}

function miss(reason: CallReason, grace?: Grace): MemoryRead {
  return { kind: 'miss', reason, grace };
}

function answerOf({ core, cipher }: SiteCall, entry: MemoryEntry, content: Master): unknown {
  if (cipher === undefined) return core.answer(entry);
  return core.handsOutValues ? content.value : Promise.resolve(content.value);
}

/** The entry of the call and its phase. An entry that is gone is removed. */
export function findEntry(call: SiteCall): Found | 'expired' | undefined {
  const { core, text, cipher, settings } = call;
  // A sealed site has entries only once its tier is open, and all of them under their backend keys.
  if (cipher !== undefined && core.tier === undefined) return undefined;
  const entry = cipher === undefined ? find(call) : core.byText.get(core.tier?.codec.storedKey(text) ?? text);
  if (entry === undefined) return undefined;
  const phase = entry.hard > readTick() ? phaseOf(lifeInMemory(entry), settings) : 'gone';
  if (phase !== 'gone') return { entry, phase };
  core.remove(entry);
  return 'expired';
}

/** Age and remaining lifetime of an entry by the ticks of memory. */
export function lifeInMemory(entry: MemoryEntry): Life {
  const nowMs = currentClock().monotonicMs();
  return {
    ageMs: Math.max(0, nowMs - tickToMs(entry.born)),
    softLeftMs:
      entry.soft > readTick()
        ? Math.max(1, tickToMs(entry.soft) - nowMs)
        : Math.min(0, tickToMs(entry.soft) - nowMs),
    hardLeftMs: tickToMs(entry.hard) - nowMs,
  };
}

/** The entry of the call. Comparing reads the arguments; if that throws, there is none. */
function find({ core, place, text, keyed }: SiteCall): MemoryEntry | undefined {
  try {
    return core.find(place, text, keyed);
  } catch {
    return undefined;
  }
}

/** The value of an entry. A sealed entry is decrypted each time, as nothing decrypted stays in memory. */
export function contentOf(call: SiteCall, entry: MemoryEntry): Master | undefined {
  const { core, text } = call;
  if (call.cipher === undefined) return entry;
  const read = core.tier?.open(text, entry.value as Uint8Array); // sealed sites store bytes only
  if (read?.hit === true) return { value: read.value, copy: undefined };
  core.remove(entry);
  return undefined;
}

/**
 * The stale value of an entry, for the case that the function fails. An invalidation of the call or the function detaches
 * the flight, so only tags must be checked later. An eviction does not matter: the value is still valid.
 */
function graceFrom({ settings }: SiteCall, entry: MemoryEntry, content: Master): Grace {
  const since = tagSequence();
  const tags = sharedIndex.tagsOf(entry);
  const isValid = (): boolean =>
    entry.hard > readTick() &&
    phaseOf(lifeInMemory(entry), settings) !== 'gone' &&
    !isMarkedSince(tags, since);
  return { content, tier: 'memory', isValid };
}
