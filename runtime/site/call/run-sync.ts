// The call path of synchronous functions: memory, then the backend, if it can be read synchronously and is loaded.
import { phaseOf } from '../../entry/freshness.ts';
import { startFlight, takeGrace, type Flight, type Grace } from '../../flow/flight.ts';
import { tagSequence } from '../../flow/tag-marks.ts';
import type { CallReason } from '../../observe/events.ts';
import { startSpan, within } from '../../observe/span.ts';
import { publishCall, publishRun, siteFields } from '../../observe/stats.ts';
import type { Body, GivenKey } from '../emitted-site.ts';
import { isCaptured } from '../handle/capture.ts';
import type { SiteCore } from '../site-core.ts';
import { currentClock } from '../tick-clock.ts';
import { needsTier, tierNow } from '../tier/load-second-tier.ts';
import type { ReadResult } from '../tier/second-tier.ts';
import { countCall } from './count-call.ts';
import { reject } from './fail-closed.ts';
import { graceFrom, keepRead } from './keep-read.ts';
import { ticketNow } from './late-ticket.ts';
import { readMemory } from './read-memory.ts';
import { complete } from './run-function.ts';
import { admitCall, type SiteCall } from './site-call.ts';
import { slideTtl } from './slide-ttl.ts';

/** Answers a call of a synchronous function. `given`: its key, if `cached()` has determined it. */
export function runSync(core: SiteCore, args: readonly unknown[], body: Body, given?: GivenKey): unknown {
  if (isCaptured(core, args, body, given)) return undefined;
  const admission = admitCall(core, args, body, given);
  if (admission.kind !== 'call') {
    core.counters.bypasses++;
    const reason = admission.kind === 'reject' ? 'no-key' : admission.reason;
    publishCall(core, 'bypass', 'origin', reason, 0);
    if (admission.kind === 'reject') throw admission.error;
    return body(...args);
  }
  const found = readMemory(admission.call);
  if (found.kind === 'hit') {
    if (found.due === 'slide') slideTtl(admission.call);
    return found.answer;
  }
  const span = startSpan('call', () => siteFields(core));
  const call = span === undefined ? admission.call : { ...admission.call, span };
  return within(span, () => readTierOrRun(call, found.reason, found.grace));
}

/** Reads the second tier, and runs the function on a miss. */
function readTierOrRun(call: SiteCall, reason: CallReason, inMemory: Grace | undefined): unknown {
  const { core, settings, text } = call;
  // A synchronous call cannot wait: until the second tier is loaded (preload-tier.ts) there is only memory.
  if (needsTier(settings)) tierNow(core, settings, call.cipher);
  const { tier } = core;
  const flight = startFlight(call.startedMs, inMemory);
  const readAtMs = currentClock().monotonicMs();
  const read = tier?.readSync(text);
  if (tier === undefined || read === undefined) return runFunctionSync(call, flight, reason, 'miss');
  core.counters.backendReads++;
  core.counters.backendReadMs += currentClock().monotonicMs() - readAtMs;
  if (!read.hit) {
    refuseSync(call, read);
    return runFunctionSync(call, flight, read.reason, 'miss');
  }
  const phase = phaseOf(read.life, settings);
  if (phase === 'fresh') {
    countCall(call, 'hit', 'backend', undefined);
    return keepRead(call, flight, tier, read);
  }
  if (phase === 'grace') flight.grace = graceFrom(call, tier, read);
  return runFunctionSync(call, flight, 'expired', 'miss');
}

function refuseSync(call: SiteCall, read: ReadResult): void {
  try {
    reject(call, read);
  } catch (error) {
    countCall(call, 'miss', 'origin', 'discarded', false);
    throw error;
  }
}

/** Runs the function and stores its result. */
export function runFunctionSync(
  call: SiteCall,
  flight: Flight,
  reason: CallReason,
  cause: 'miss' | 'refresh',
): unknown {
  const { core } = call;
  const clock = currentClock();
  const beganMs = clock.monotonicMs();
  const ticket = ticketNow(core.tier, cause === 'refresh' ? 'late-anew' : 'late');
  const started = { atMs: beganMs, tags: tagSequence(), stamp: core.tier?.stamp(), epoch: core.epoch };
  const span = startSpan('run', () => ({ ...siteFields(core), cause }));
  const end = (ok: boolean): void => {
    span?.end({}, ok);
    publishRun(core, cause, ok, clock.monotonicMs() - beganMs);
  };
  let value: unknown;
  try {
    value = within(span, () => call.body(...call.args));
  } catch (error) {
    end(false);
    const taken = core.epoch === started.epoch ? takeGrace(flight) : undefined;
    if (taken === undefined) {
      if (cause === 'miss') countCall(call, 'miss', 'origin', reason, false);
      throw error; // the function's own
    }
    if (cause === 'miss') countCall(call, 'stale', taken.grace.tier, 'error');
    return taken.value;
  }
  end(true);
  // Another epoch: the function itself has invalidated something or called configure().
  flight.detached = core.epoch !== started.epoch;
  const answer = complete(call, flight, core.tier, { value, started, ticket });
  if (cause === 'miss') countCall(call, 'miss', 'origin', reason);
  return answer;
}
