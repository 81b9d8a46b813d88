// THE call path, top to bottom. It runs when `hit` had no answer, or was not asked:
//
//   capture → admitted? → memory → running flight → second tier → lease and lock → the function → answer → store
//
// Names: `run` for asynchronous functions, `runSync` for synchronous ones (run-sync.ts).
import { phaseOf } from '../../entry/freshness.ts';
import { isInside, startFlight, waitFor, type Flight, type Grace } from '../../flow/flight.ts';
import { nameFlight } from '../../flow/flights-by-name.ts';
import { tagSequence } from '../../flow/tag-marks.ts';
import type { CallReason } from '../../observe/events.ts';
import { startSpan, within } from '../../observe/span.ts';
import { publishCall, siteFields } from '../../observe/stats.ts';
import type { Body, GivenKey } from '../emitted-site.ts';
import { isCaptured } from '../handle/capture.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { needsTier, readAfterOpening, readyTier } from '../tier/load-second-tier.ts';
import type { ReadHit, ReadResult, SecondTier } from '../tier/second-tier.ts';
import { acquireTicket, type Wanted } from './acquire-ticket.ts';
import { afterHit, refreshInBackground } from './background-run.ts';
import { countCall } from './count-call.ts';
import { reject } from './fail-closed.ts';
import { graceFrom, keepRead } from './keep-read.ts';
import { ticketNow } from './late-ticket.ts';
import { isOneOfMany } from './one-of-many.ts';
import { readMemory } from './read-memory.ts';
import { endFlight, runFunction, type Run } from './run-function.ts';
import { runningFlight } from './running-flight.ts';
import { admitCall, type SiteCall } from './site-call.ts';
import { untilSoftTimeout } from './soft-timeout.ts';

/** Answers a call of an asynchronous function. `given`: its key, if `cached()` has determined it. */
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
  if (found.kind === 'hit') {
    afterHit(admission.call, found.due);
    return found.answer;
  }
  const flight = runningFlight(core, admission.call.text, admission.call.startedMs);
  if (flight !== undefined && isInside(flight)) return bypass(core, args, body, 'scope');
  // The result of an invalidated flight is too old for this call, which came after the invalidation.
  const joinable = flight?.detached === false ? flight : undefined;
  const span = startSpan('call', () => siteFields(core));
  const call = span === undefined ? admission.call : { ...admission.call, span };
  const lead = (): Promise<unknown> => leadFlight(call, found.reason, found.grace);
  return within(span, () => (joinable === undefined ? lead() : joinFlight(call, joinable)));
}

/** Runs the function as if there were no cache. */
function bypass(core: SiteCore, args: readonly unknown[], body: Body, reason: CallReason): unknown {
  core.counters.bypasses++;
  publishCall(core, 'bypass', 'origin', reason, 0);
  return body(...args);
}

/** Waits for the flight of another caller, and gets a copy of its result. */
async function joinFlight(call: SiteCall, flight: Flight): Promise<unknown> {
  flight.isJoined = true;
  const state = { slow: false, ok: false, isAgain: false };
  const again = (): Promise<unknown> => {
    state.isAgain = true;
    const next = call.core.flights.get(call.text);
    return next?.detached === false ? joinFlight(call, next) : leadFlight(call, 'absent', undefined);
  };
  const rerun = (): unknown => call.body(...call.args);
  try {
    const waiting = waitFor(flight, { arrived: tagSequence(), rerun, again });
    const value = await untilSoftTimeout(call, flight, waiting, () => (state.slow = true));
    state.ok = true;
    return value;
  } finally {
    if (!state.isAgain) countJoined(call, flight, state);
  }
}

function countJoined(call: SiteCall, flight: Flight, { slow, ok }: { slow: boolean; ok: boolean }): void {
  const tier = flight.grace?.tier ?? 'memory';
  if (slow) countCall(call, 'stale', tier, 'slow');
  else if (flight.failed) countCall(call, 'stale', tier, 'error');
  else if (flight.fromBackend) countCall(call, 'hit', 'backend', undefined);
  else countCall(call, 'miss', 'origin', 'absent', ok);
}

/** Starts the flight of the first caller of a cold key. */
function leadFlight(call: SiteCall, reason: CallReason, grace: Grace | undefined): Promise<unknown> {
  const { core, settings, text } = call;
  const flight = startFlight(call.startedMs, grace);
  core.flights.set(text, flight);
  // Without a second tier the function starts at once, and what it throws synchronously stays synchronous.
  const promise = needsTier(settings)
    ? readTierOrRun(call, flight, reason)
    : runFunction(call, flight, undefined, { cause: 'miss', reason, ticket: 'late' });
  flight.promise = promise;
  return untilSoftTimeout(call, flight, promise, () => {
    flight.isLeaderGone = true;
    countCall(call, 'stale', flight.grace?.tier ?? 'memory', 'slow');
  });
}

/** Reads the second tier; on a miss it takes lease and lock and runs the function. */
async function readTierOrRun(call: SiteCall, flight: Flight, reason: CallReason): Promise<unknown> {
  const { core, settings, cipher, text } = call;
  const isMany = isOneOfMany();
  const openingAtMs = core.tier === undefined ? performance.now() : undefined;
  const tier = core.tier ?? (await readyTier(core, settings, cipher));
  const openedMs = openingAtMs === undefined ? undefined : performance.now() - openingAtMs;
  if (tier?.guard === undefined)
    return runFunction(call, flight, tier, { cause: 'miss', reason, ticket: ticketNow(tier, 'late') });
  nameFlight(tier.codec.storedKey(text), flight);
  const turns = isMany ? tier.turns : undefined;
  // With a turn to wait for, the read begins later.
  let readAtMs = openedMs === undefined ? call.startedMs : currentClock().monotonicMs();
  const reading = (): Promise<ReadResult> =>
    openedMs === undefined ? tier.read(text) : readAfterOpening(tier, text, openedMs);
  const readInTurn = (): Promise<ReadResult> => {
    readAtMs = currentClock().monotonicMs();
    return reading();
  };
  const read = await (turns === undefined ? reading() : turns.take(readInTurn));
  const readMs = currentClock().monotonicMs() - readAtMs;
  core.counters.backendReads++;
  core.counters.backendReadMs += readMs;
  if (read.hit && !flight.detached) {
    const phase = phaseOf(read.life, settings);
    if (phase === 'fresh' || phase === 'swr') return promote(call, flight, tier, read);
    if (phase === 'grace') flight.grace = graceFrom(call, tier, read);
  } else refuse(call, flight, read);
  const why = read.hit ? (flight.detached ? reason : 'expired') : read.reason;
  const run: Run = { cause: 'miss', reason: why, ticket: undefined };
  // A backend that did not answer, or was not asked, is not asked for a lock either.
  if (!read.hit && NO_ANSWER.has(read.reason)) return runFunction(call, flight, tier, run);
  const spentMs = (openedMs ?? 0) + readMs;
  return runWithTicket(call, flight, tier, run, { rejected: read.bytes, spentMs, turns });
}

const NO_ANSWER: ReadonlySet<CallReason> = new Set(['timeout', 'open', 'rejected']);

/** Reports an entry that cannot be used. With `failClosed` it may end the flight and throw. */
function refuse(call: SiteCall, flight: Flight, read: ReadResult): void {
  try {
    reject(call, read);
  } catch (error) {
    endFlight(call, flight);
    if (!flight.isLeaderGone) countCall(call, 'miss', 'origin', 'discarded', false);
    throw error;
  }
}

/** Takes lease and lock and runs the function; or takes the value that another process has stored in the meantime. */
async function runWithTicket(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier,
  why: Run,
  asked: Pick<Wanted, 'rejected' | 'spentMs' | 'turns'>,
): Promise<unknown> {
  const { settings, text } = call;
  const isUsable = (read: ReadHit): boolean => phaseOf(read.life, settings) === 'fresh';
  // After an invalidation, the result of the other process would be too old, so there is no point in waiting for it.
  const isWaiting = (): boolean => !flight.detached;
  const onRefused = (read: ReadResult): void => refuse(call, flight, read);
  const acquired = await acquireTicket(tier, { ...asked, text, settings, isUsable, isWaiting, onRefused });
  if (acquired.kind === 'filled' && !flight.detached) return promote(call, flight, tier, acquired.read);
  const ticket = acquired.kind === 'run' ? acquired.ticket : undefined;
  return runFunction(call, flight, tier, { ...why, ticket });
}

/** Answers with a value of the second tier, and puts it into memory for the rest of its life. */
function promote(call: SiteCall, flight: Flight, tier: SecondTier, read: ReadHit): unknown {
  const { settings } = call;
  const isStale = phaseOf(read.life, settings) !== 'fresh';
  flight.fromBackend = true;
  endFlight(call, flight);
  if (isStale) countCall(call, 'stale', 'backend', 'swr');
  else countCall(call, 'hit', 'backend', undefined);
  const value = keepRead(call, flight, tier, read);
  if (isStale) refreshInBackground(call, read.bytes);
  return value;
}
