// Which results are kept, in which form, and how they get into the two tiers.
import type { SiteSettings } from '../config/site-settings.ts';
import { entryTimes } from '../entry/freshness.ts';
import type { DiscardReason } from '../entry/entry.ts';
import { runInBackground } from '../flow/background.ts';
import { isPrimitive, type Place } from '../memory/entry-index.ts';
import { notice } from '../observe/notice.ts';
import { isObserved, publish } from '../observe/publish.ts';
import { siteFields } from '../observe/stats.ts';
import { copyValue } from '../value/copy-value.ts';
import { inspectValue } from '../value/inspect-value.ts';
import { hasBackend } from './load-second-tier.ts';
import type { SecondTier } from './second-tier.ts';
import type { Content, PendingWrite, SiteCore } from './site-core.ts';
import { currentClock, tickAt } from './tick-clock.ts';

/** What a value is stored for. */
export interface StoreTarget {
  readonly core: SiteCore;
  readonly settings: SiteSettings;
  readonly keyed: readonly unknown[];
  readonly text: string;
  readonly place: Place | undefined;
}

/**
 * A kept copy of a value that can be stored, or undefined. Exactly of the declared type: generated copy. With own
 * properties beyond the declared ones: generic copy, stored in tagged form. Anything else is not what the types promise,
 * and could come back different.
 */
export function keepValue(core: SiteCore, value: unknown): Content | undefined {
  try {
    const inspected = inspectValue(value);
    if (!inspected.ok) return undefined;
    const { sizeBytes } = inspected;
    const ops = core.values;
    if (isPrimitive(value)) {
      return ops === undefined || ops.accepts(value) ? { value, copy: undefined, sizeBytes } : undefined;
    }
    if (ops?.copy !== undefined && ops.accepts(value)) {
      const copy = ops.copy as (value: unknown) => unknown; // accepts took the value
      return { value: copy(value), copy: ops.immutable === true ? undefined : copy, sizeBytes };
    }
    if (ops !== undefined && !ops.accepts(value, true)) return undefined;
    if (ops !== undefined) core.counters.fallbacks++;
    return { value: copyValue(value), copy: copyValue, sizeBytes };
  } catch {
    return undefined; // a value that changes while it is read
  }
}

/** Says why a value was not stored: as an event each time, and once per function where the code can be changed. */
export function discard(core: SiteCore, reason: DiscardReason): void {
  if (isObserved('cachekit:discard')) publish('cachekit:discard', { ...siteFields(core), reason });
  if (reason !== 'unstorable') return;
  const { id } = core.descriptor;
  notice(
    'CACHEKIT_UNSTORABLE',
    `A result of \`${id}\` is not of its declared type or cannot be stored, so it is returned but not cached.`,
    `unstorable ${id}`,
  );
}

/**
 * Into memory at once, into the second tier in the background. `madeAtMs`: epoch ms at which the function began.
 * Returns the pending write, if there is one.
 */
export function storeValue(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  ttlMs: number,
  madeAtMs: number,
): PendingWrite | undefined {
  try {
    return store(target, tier, content, ttlMs, madeAtMs);
  } catch {
    return undefined; // arguments that throw when they are compared: the caller has its result, nothing is kept
  }
}

function store(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  ttlMs: number,
  madeAtMs: number,
): PendingWrite | undefined {
  const { core, settings, text } = target;
  if (content.sizeBytes > settings.maxSizeBytes) {
    discard(core, 'too-large');
    return undefined;
  }
  const clock = currentClock();
  const nowMs = clock.nowMs();
  const times = entryTimes(madeAtMs, nowMs, ttlMs);
  const ticks = memoryTimes(ttlMs, nowMs - madeAtMs);
  if (settings.sealing === 'off') {
    core.put(target, content, ticks);
    if (!hasBackend(settings)) return undefined;
    return writeBehind(core, text, ttlMs, (open) => open.encode(text, content.value, times));
  }
  if (tier === undefined) return undefined; // nothing is kept in the clear, not even for a moment
  const encoded = tier.encode(text, content.value, times);
  if (!encoded.ok) {
    discard(core, encoded.reason);
    return undefined;
  }
  putSealed(core, tier, text, encoded.bytes, ticks);
  return hasBackend(settings) ? writeBehind(core, text, ttlMs, () => encoded) : undefined;
}

/** Sealed bytes under the name they would have in a backend. */
export function putSealed(
  core: SiteCore,
  tier: SecondTier,
  text: string,
  bytes: Uint8Array,
  ticks: { readonly born: number; readonly until: number },
): void {
  const content = { value: bytes, copy: undefined, sizeBytes: bytes.byteLength };
  core.put({ place: undefined, text: tier.codec.storedKey(text), keyed: [] }, content, ticks);
}

/** Expiry and birth of a memory entry. Monotonic: a jump of the wall clock changes nothing. */
export function memoryTimes(
  remainingMs: number,
  ageMs: number,
): { readonly born: number; readonly until: number } {
  const nowMs = currentClock().monotonicMs();
  return { born: tickAt(nowMs - ageMs), until: tickAt(nowMs + remainingMs) };
}

type Encode = (tier: SecondTier) => ReturnType<SecondTier['encode']>;

/** Writes of one key happen one after the other; an invalidation cancels what has not begun and waits for the rest. */
function writeBehind(core: SiteCore, text: string, ttlMs: number, encode: Encode): PendingWrite | undefined {
  const before = core.writes.get(text);
  const write: PendingWrite = { cancelled: false, done: Promise.resolve() };
  const done = runInBackground(async () => {
    // The caller goes on first: serialising is not its time.
    await new Promise(setImmediate);
    await before?.done;
    const tier = core.tier ?? (await core.tierOpening);
    if (write.cancelled || tier?.guard === undefined) return;
    const encoded = encode(tier);
    if (!encoded.ok) discard(core, encoded.reason);
    else if (await tier.write(text, encoded.bytes, ttlMs)) core.counters.writes++;
    else core.counters.failedWrites++;
  });
  if (done === undefined) return undefined;
  write.done = done;
  core.writes.set(text, write);
  void done.then(() => {
    if (core.writes.get(text) === write) core.writes.delete(text);
  });
  return write;
}
