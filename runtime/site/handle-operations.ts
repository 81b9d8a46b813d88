// peek, set and refresh of a handle.
import { startFlight } from '../flow/flight.ts';
import { within } from '../flow/within.ts';
import { CacheKitError } from '../errors/cachekit-error.ts';
import { jittered } from '../entry/freshness.ts';
import type { CacheEntry } from './cache-handle.ts';
import { needsTier, openTier } from './load-second-tier.ts';
import { findFresh, openSealed } from './read-memory.ts';
import { firstValidMs, runFunction } from './read-through.ts';
import { runFunctionSync } from './run-sync.ts';
import type { SecondTier } from './second-tier.ts';
import type { SiteCall } from './site-call.ts';
import type { SiteCore } from './site-core.ts';
import { keepValue, storeValue } from './store-result.ts';
import { currentClock, tickToMs } from './tick-clock.ts';

/** Longest wait of `set()` for its write, which goes on. */
const SET_WAITS_MS = 1000;

async function tierOf(call: SiteCall): Promise<SecondTier | undefined> {
  const { core, settings, cipher } = call;
  if (!needsTier(settings)) return undefined;
  return core.tier ?? openTier(core, settings, cipher);
}

/** `call` undefined: the cache is not used for these arguments, so there is nothing. */
export async function peek(call: SiteCall | undefined): Promise<CacheEntry<never> | undefined> {
  if (call === undefined) return undefined;
  const tier = await tierOf(call);
  const inMemory = peekMemory(call);
  if (inMemory !== undefined) return inMemory;
  const read = await tier?.read(call.text);
  if (read?.hit !== true) return undefined;
  return entry('backend', read.value, read.ageMs, read.remainingMs);
}

function peekMemory(call: SiteCall): CacheEntry<never> | undefined {
  const found = findFresh(call);
  if (found === undefined || found === 'expired') return undefined;
  const nowMs = currentClock().monotonicMs();
  const ageMs = Math.max(0, nowMs - tickToMs(found.born));
  const expiresInMs = tickToMs(found.until) - nowMs;
  if (call.cipher === undefined) {
    const value = found.copy === undefined ? found.value : found.copy(found.value);
    return entry('memory', value, ageMs, expiresInMs);
  }
  const opened = openSealed(call, found);
  return opened.ok ? entry('memory', opened.value, ageMs, expiresInMs) : undefined;
}

function entry(
  tier: 'memory' | 'backend',
  value: unknown,
  ageMs: number,
  expiresInMs: number,
): CacheEntry<never> {
  return { value: value as never, status: 'fresh', tier, ageMs, expiresInMs }; // the handle's type knows the result
}

/** @throws ERR_CACHEKIT_UNSTORABLE */
export async function setValue(
  core: SiteCore,
  call: SiteCall | undefined,
  value: unknown,
  ttlMs: number | undefined,
): Promise<void> {
  const content = keepValue(core, value);
  if (content === undefined) {
    throw new CacheKitError(
      'ERR_CACHEKIT_UNSTORABLE',
      `The value given to set() of \`${core.descriptor.id}\` is not of the declared result type, or holds what cannot be stored.`,
    );
  }
  if (call === undefined) return;
  // A run that began earlier must not replace the value.
  core.dropCall(call);
  core.longestTtlMs = Math.max(core.longestTtlMs, ttlMs ?? 0);
  const opening = tierOf(call);
  // Sealed values need the tier to be encrypted; others are in memory before anybody can ask.
  const tier = call.cipher === undefined ? core.tier : await opening;
  const { ttlMs: siteTtlMs, jitter01 } = call.settings;
  const lifeMs = ttlMs ?? jittered(siteTtlMs, jitter01, Math.random());
  const write = storeValue(call, tier, content, lifeMs, firstValidMs(tier));
  if (write !== undefined) await within(write.done, SET_WAITS_MS, undefined);
}

/** Runs now; callers of a cold key join it, callers of a warm one keep the old value until it has ended. */
export async function refresh(call: SiteCall): Promise<unknown> {
  const { core, text } = call;
  if (core.isSync) return runFunctionSync(call, 'absent', 'refresh');
  const tier = await tierOf(call);
  const older = core.flights.get(text);
  if (older !== undefined) older.detached = true;
  const flight = startFlight();
  core.flights.set(text, flight);
  const promise = runFunction(call, flight, tier, { cause: 'refresh', reason: 'absent' });
  flight.promise = promise;
  return promise;
}
