// Which results are kept, in which form, and how they get into the two tiers.
import type { SiteSettings } from '../config/site-settings.ts';
import { entryTimes } from '../entry/freshness.ts';
import type { Built, DiscardReason } from '../entry/entry.ts';
import { isPrimitive, type Place } from '../memory/entry-index.ts';
import { keepContext } from '../observe/correlation.ts';
import { notice } from '../observe/notice.ts';
import { isObserved, publish } from '../observe/publish.ts';
import { siteFields } from '../observe/stats.ts';
import { copyValue } from '../value/copy-value.ts';
import { inspectValue, type UnstorableReason } from '../value/inspect-value.ts';
import { hasBackend } from './load-second-tier.ts';
import type { SecondTier } from './second-tier.ts';
import type { Content, PendingWrite, SiteCore } from './site-core.ts';
import { currentClock, tickAt } from './tick-clock.ts';
import { writeLineOf } from './write-lines.ts';

/** What a value is stored for. */
export interface StoreTarget {
  readonly core: SiteCore;
  readonly settings: SiteSettings;
  readonly keyed: readonly unknown[];
  readonly text: string;
  readonly place: Place | undefined;
}

/**
 * A kept copy of a value that can be stored. Exactly of the declared type: generated copy. With own properties beyond
 * the declared ones, or in another order: generic copy, stored in tagged form. Anything else is not what the types
 * promise, and could come back different: undefined.
 */
export function keepValue(core: SiteCore, value: unknown): Content | undefined {
  const kept = tryKeep(core, value);
  return typeof kept === 'string' ? undefined : kept;
}

/** The same for what the function returned: where nothing is kept, it is said why. */
export function keepResult(core: SiteCore, value: unknown): Content | undefined {
  const kept = tryKeep(core, value);
  if (typeof kept !== 'string') return kept;
  // Said first: of two notices about one function only the first is heard.
  if (kept === 'class') sayInstance(core);
  discard(core, 'unstorable');
  return undefined;
}

/** Memory can have what a decoder built as it is: no look at it, no copy. What a caller gets is then a copy. */
export function keepDecoded(core: SiteCore, value: unknown, built: Built | undefined): Content | undefined {
  if (built === undefined) return keepValue(core, value); // whose serializer may hold it, or hold more than we can keep
  const { sizeBytes } = built;
  if (isPrimitive(value)) return { value, copy: undefined, sizeBytes };
  const ops = core.values;
  if (!built.exact || ops?.copy === undefined) return { value, copy: copyValue, sizeBytes };
  const copy = ops.copy as (value: unknown) => unknown; // decode gives what copy takes
  return { value, copy: ops.immutable === true ? undefined : copy, sizeBytes };
}

function tryKeep(core: SiteCore, value: unknown): Content | UnstorableReason | 'type' {
  try {
    const inspected = inspectValue(value);
    if (!inspected.ok) return inspected.reason;
    const { sizeBytes } = inspected;
    const ops = core.values;
    if (isPrimitive(value)) {
      return ops === undefined || ops.accepts(value) ? { value, copy: undefined, sizeBytes } : 'type';
    }
    if (ops?.copy !== undefined && ops.accepts(value)) {
      const copy = ops.copy as (value: unknown) => unknown; // accepts took the value
      return { value: copy(value), copy: ops.immutable === true ? undefined : copy, sizeBytes };
    }
    if (ops !== undefined && !ops.accepts(value, true)) return 'type';
    if (ops !== undefined) core.counters.fallbacks++;
    return { value: copyValue(value), copy: copyValue, sizeBytes };
  } catch {
    return 'unreadable'; // a value that changes while it is read
  }
}

/** Says why a value was not stored: as an event each time, and once per function where the code can be changed. */
export function discard(core: SiteCore, reason: DiscardReason): void {
  if (isObserved('cachekit:discard')) publish('cachekit:discard', { ...siteFields(core), reason });
  if (reason !== 'unstorable') return;
  sayUnstorable(core, 'is not of its declared type or cannot be stored, so it is returned but not cached.');
}

/** The one mistake that types allow: a class of public fields is also the type of plain objects with these fields. */
function sayInstance(core: SiteCore): void {
  sayUnstorable(
    core,
    'is or holds an instance of a class. Instances are returned but not cached; return a plain object.',
  );
}

function sayUnstorable(core: SiteCore, what: string): void {
  const { id } = core.descriptor;
  notice('CACHEKIT_UNSTORABLE', `A result of \`${id}\` ${what}`, `unstorable ${id}`);
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
    const encode: Encode = (open) => open.encode(text, content.value, times);
    return writeBehind(target, ttlMs, content.sizeBytes, encode);
  }
  if (tier === undefined) return undefined; // nothing is kept in the clear, not even for a moment
  const encoded = tier.encode(text, content.value, times);
  if (!encoded.ok) {
    discard(core, encoded.reason);
    return undefined;
  }
  putSealed(core, tier, text, encoded.bytes, ticks);
  return hasBackend(settings)
    ? writeBehind(target, ttlMs, encoded.bytes.byteLength, () => encoded)
    : undefined;
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

/**
 * Writes of one key happen one after the other; an invalidation cancels what has not begun and waits for the rest. Also
 * for synchronous functions: `set` of a store that has `sync` takes a value just as fast, and says what became of it, so
 * that the guard hears of a full disk and `flush()` can wait.
 */
function writeBehind(
  target: StoreTarget,
  ttlMs: number,
  sizeBytes: number,
  encode: Encode,
): PendingWrite | undefined {
  const { core, text, settings } = target;
  const before = core.writes.get(text);
  const write: PendingWrite = { cancelled: false, done: Promise.resolve() };
  const put = keepContext(async () => {
    await before?.done;
    const tier = core.tier ?? (await core.tierOpening);
    if (write.cancelled || tier?.guard === undefined) return;
    const encoded = encode(tier);
    if (!encoded.ok) discard(core, encoded.reason);
    else if (await tier.write(text, encoded.bytes, ttlMs)) core.counters.writes++;
    else core.counters.failedWrites++;
  });
  const done = writeLineOf(settings.backend).add(sizeBytes, put);
  if (done === undefined) {
    // What it was to replace must not arrive after it.
    if (before !== undefined) before.cancelled = true;
    sayDropped(core, settings, sizeBytes);
    return undefined;
  }
  write.done = done;
  core.writes.set(text, write);
  void done.then(() => {
    if (core.writes.get(text) === write) core.writes.delete(text);
  });
  return write;
}

function sayDropped(core: SiteCore, { backend }: SiteSettings, bytes: number): void {
  core.counters.failedWrites++;
  if (!isObserved('cachekit:backend')) return;
  const name = core.tier?.guard?.backend.name ?? (backend.kind === 'url' ? 'redis' : backend.kind);
  publish('cachekit:backend', { backend: name, operation: 'set', outcome: 'rejected', durationMs: 0, bytes });
}
