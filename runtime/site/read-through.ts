// THE call path, top to bottom. `hit` has said "not fast" (or is not asked); what follows is always right:
//
//   capture → admitted? → memory → running flight → second tier → the function → answer → store
//
// Names: `run` for asynchronous functions, `runSync` for synchronous ones (run-sync.ts).
import { isCaptured } from './capture.ts';
import { isInside, runInside, startFlight, waitFor, type Flight } from '../flow/flight.ts';
import { jittered } from '../entry/freshness.ts';
import type { CallReason } from '../observe/events.ts';
import { startSpan, within } from '../observe/span.ts';
import { publishCall, publishRun, siteFields } from '../observe/stats.ts';
import { needsTier, readAfterOpening, readyTier } from './load-second-tier.ts';
import { readMemory } from './read-memory.ts';
import type { ReadResult, SecondTier } from './second-tier.ts';
import { admitCall, type SiteCall } from './site-call.ts';
import type { Body, GivenKey, SiteCore } from './site-core.ts';
import { discard, keepDecoded, keepResult, memoryTimes, putSealed, storeValue } from './store-result.ts';
import { currentClock } from './tick-clock.ts';

/** `given`: what identifies the call, where `cached()` knows better than the descriptor. */
export function run(core: SiteCore, args: readonly unknown[], body: Body, given?: GivenKey): unknown {
  if (isCaptured(core, args, body, given)) return undefined;
  const admission = admitCall(core, args, body, given);
  if (admission.kind === 'reject') {
    core.counters.bypasses++;
    publishCall(core, 'bypass', 'origin', 'no-key', 0);
    return Promise.reject(admission.error);
  }
  if (admission.kind === 'bypass') return bypass(core, args, body, admission.reason);
  const found = readMemory(admission.call);
  if (found.hit) return found.answer;
  const flight = core.flights.get(admission.call.text);
  if (flight !== undefined && isInside(flight)) return bypass(core, args, body, 'scope');
  const span = startSpan('call', () => siteFields(core));
  const call = span === undefined ? admission.call : { ...admission.call, span };
  return within(span, () => (flight === undefined ? lead(call, found.reason) : join(call, flight)));
}

/** The function runs as if there were no cache. */
function bypass(core: SiteCore, args: readonly unknown[], body: Body, reason: CallReason): unknown {
  core.counters.bypasses++;
  publishCall(core, 'bypass', 'origin', reason, 0);
  return body(...args);
}

/** A caller that finds its call running waits for it, and gets a copy of its own. */
async function join(call: SiteCall, flight: Flight): Promise<unknown> {
  flight.isJoined = true;
  let ok = false;
  try {
    const value = await waitFor(flight, () => call.body(...call.args));
    ok = true;
    return value;
  } finally {
    count(call, flight.fromBackend, 'absent', ok);
  }
}

/** The first caller of a cold key. */
function lead(call: SiteCall, reason: CallReason): Promise<unknown> {
  const { core, settings, text } = call;
  const flight = startFlight();
  core.flights.set(text, flight);
  // Without a second tier the function starts at once, and what it throws synchronously stays synchronous.
  const promise = needsTier(settings)
    ? fill(call, flight, reason)
    : runFunction(call, flight, undefined, { cause: 'miss', reason });
  flight.promise = promise;
  return promise;
}

async function fill(call: SiteCall, flight: Flight, reason: CallReason): Promise<unknown> {
  const { core, settings, cipher, text } = call;
  const openingMs = core.tier === undefined ? performance.now() : undefined;
  const tier = core.tier ?? (await readyTier(core, settings, cipher));
  if (tier?.guard === undefined) return runFunction(call, flight, tier, { cause: 'miss', reason });
  const readAtMs = currentClock().monotonicMs();
  const reading = openingMs === undefined ? tier.read(text) : readAfterOpening(tier, text, openingMs);
  const read = await reading;
  core.counters.backendReads++;
  core.counters.backendReadMs += currentClock().monotonicMs() - readAtMs;
  if (read.hit && !flight.detached) {
    return promote(call, flight, tier, read);
  }
  if (!read.hit && read.discard !== undefined) discard(core, read.discard);
  return runFunction(call, flight, tier, { cause: 'miss', reason: read.hit ? reason : read.reason });
}

/** What the second tier had goes to memory for as long as it has to live. Returns what the first caller gets. */
function promote(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier,
  read: Extract<ReadResult, { hit: true }>,
): unknown {
  const { core, text } = call;
  flight.fromBackend = true;
  endFlight(call, flight);
  if (call.settings.memory === false && !flight.isJoined && read.built !== undefined) {
    count(call, true, undefined);
    return read.value; // nobody else has any part of it
  }
  const content = keepDecoded(core, read.value, read.built);
  flight.master = content;
  const ticks = memoryTimes(read.remainingMs, read.ageMs);
  if (call.cipher !== undefined) putSealed(core, tier, text, read.bytes, ticks);
  else if (content !== undefined) core.put(call, content, ticks);
  count(call, true, undefined);
  // A copy of its own, as for those who wait for the flight.
  return content?.copy === undefined ? read.value : content.copy(content.value);
}

interface Run {
  readonly cause: 'miss' | 'refresh';
  readonly reason: CallReason;
}

/**
 * Runs the function, answers, stores. Nothing of ours is attached to the returned promise: if nobody awaits a failure it
 * is an unhandled rejection, as without a cache.
 */
export function runFunction(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier | undefined,
  why: Run,
): Promise<unknown> {
  const clock = currentClock();
  const madeAtMs = firstValidMs(tier);
  const beganMs = clock.monotonicMs();
  const span = startSpan('run', () => ({ ...siteFields(call.core), cause: why.cause }));
  const end = (ok: boolean): void => {
    endFlight(call, flight);
    span?.end({}, ok);
    publishRun(call.core, why.cause, ok, clock.monotonicMs() - beganMs);
    if (why.cause === 'miss') count(call, false, why.reason, ok);
  };
  const fail = (error: unknown): never => {
    end(false);
    throw error; // the function's own, unchanged; never stored
  };
  let result: unknown;
  try {
    result = within(span, () => runInside(flight, () => call.body(...call.args)));
  } catch (error) {
    return fail(error);
  }
  return Promise.resolve(result).then((value) => {
    complete(call, flight, tier, value, madeAtMs);
    end(true);
    return value;
  }, fail);
}

/** Now; after an invalidation in this very millisecond the next one, else the result would count as invalidated. */
export function firstValidMs(tier: SecondTier | undefined): number {
  return Math.max(currentClock().nowMs(), (tier?.floorMs ?? Number.NEGATIVE_INFINITY) + 1);
}

/** The kept copy first: the caller may change the value as soon as it has it. */
function complete(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier | undefined,
  value: unknown,
  madeAtMs: number,
): void {
  const { core, settings } = call;
  const content = keepResult(core, value);
  flight.master = content;
  if (content === undefined) return;
  // Invalidated while it ran, here or elsewhere: the value may be older than what made it invalid.
  if (flight.detached || (tier !== undefined && madeAtMs <= tier.floorMs)) return;
  const ttlMs = jittered(settings.ttlMs, settings.jitter01, Math.random());
  storeValue(call, tier, content, ttlMs, madeAtMs);
}

function endFlight(call: SiteCall, flight: Flight): void {
  if (call.core.flights.get(call.text) === flight) call.core.flights.delete(call.text);
}

function count(call: SiteCall, isHit: boolean, reason: CallReason | undefined, ok = true): void {
  const { core, startedMs } = call;
  if (isHit) core.counters.backendHits++;
  else core.counters.misses++;
  const durationMs = currentClock().monotonicMs() - startedMs;
  const [status, tier] = isHit ? (['hit', 'backend'] as const) : (['miss', 'origin'] as const);
  call.span?.end({ status, tier, reason }, ok);
  publishCall(core, status, tier, reason, durationMs);
}
