// One run of the user's function: its answer, the storing of its result, and what happens if it fails.
import { groupId } from '../../coherence/group-id.ts';
import type { Stamp } from '../../entry/entry.ts';
import { runInside, takeGrace, type Flight } from '../../flow/flight.ts';
import { forgetFlight } from '../../flow/flights-by-name.ts';
import { isMarkedSince, tagSequence } from '../../flow/tag-marks.ts';
import type { CallReason } from '../../observe/events.ts';
import { startSpan, within } from '../../observe/span.ts';
import { publishRun, siteFields } from '../../observe/stats.ts';
import { currentClock } from '../tick-clock.ts';
import type { SecondTier } from '../tier/second-tier.ts';
import { keepLock, releaseLock, type AnyTicket } from './acquire-ticket.ts';
import { countCall } from './count-call.ts';
import { keepResult } from './keep-value.ts';
import type { SiteCall } from './site-call.ts';
import { decideStore } from './store-decision.ts';
import { storeValue } from './store-result.ts';

/** Why the function runs. */
export interface Run {
  readonly cause: 'miss' | 'refresh';
  readonly reason: CallReason;
  /** What allows the result to be stored in the second tier. */
  readonly ticket: AnyTicket;
}

/**
 * Runs the function and ends the flight. We attach no handler to the returned promise: if nobody awaits a failure, it is
 * an unhandled rejection, as it would be without a cache.
 */
export function runFunction(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier | undefined,
  why: Run,
): Promise<unknown> {
  const clock = currentClock();
  const beganMs = clock.monotonicMs();
  const started = { atMs: beganMs, tags: tagSequence(), stamp: tier?.stamp() };
  const span = startSpan('run', () => ({ ...siteFields(call.core), cause: why.cause }));
  const unlock = keepLock(tier, call.text, why.ticket);
  const end = (ok: boolean): void => {
    endFlight(call, flight);
    unlock();
    span?.end({}, ok);
    publishRun(call.core, why.cause, ok, clock.monotonicMs() - beganMs);
  };
  const isCounted = (): boolean => why.cause === 'miss' && !flight.isLeaderGone;
  const fail = (error: unknown): unknown => {
    const taken = takeGrace(flight);
    const grace = taken?.grace;
    flight.failed = grace !== undefined;
    flight.master = grace?.content;
    end(false);
    releaseLock(tier, call.text, why.ticket);
    if (taken === undefined) {
      if (isCounted()) countCall(call, 'miss', 'origin', why.reason, false);
      throw error; // the function's own, unchanged; never stored
    }
    if (isCounted()) countCall(call, 'stale', taken.grace.tier, 'error');
    return taken.value;
  };
  let result: unknown;
  try {
    result = within(span, () => runInside(flight, () => call.body(...call.args)));
  } catch (error) {
    return Promise.resolve(fail(error));
  }
  return Promise.resolve(result).then((value) => {
    const answer = complete(call, flight, tier, { value, started, ticket: why.ticket });
    end(true);
    if (isCounted()) countCall(call, 'miss', 'origin', why.reason);
    return answer;
  }, fail);
}

/** The result of a run. */
export interface Result {
  readonly value: unknown;
  /** When the function began. `atMs`: monotonic; `tags`: `tagSequence()`; no `stamp` if the log was not reached yet. */
  readonly started: { readonly atMs: number; readonly tags: number; readonly stamp: Stamp | undefined };
  readonly ticket: AnyTicket;
}

/** Copies and stores a result, before the caller gets it and may modify it. Returns what the first caller gets. */
export function complete(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier | undefined,
  result: Result,
): unknown {
  const { core, settings, text } = call;
  const { value, started, ticket } = result;
  const content = keepResult(core, settings, value);
  flight.master = content;
  const decision = content === undefined ? undefined : decideStore(call, value);
  flight.tagged = decision && { ids: idsOf(tier, decision.tags), since: started.tags };
  if (content === undefined || decision === undefined || isOld(call, flight, tier, result, decision.tags)) {
    releaseLock(tier, text, ticket);
  } else {
    const ageMs = currentClock().monotonicMs() - started.atMs;
    const write = storeValue(call, tier, content, { ...decision, ageMs, ticket });
    if (write === undefined) releaseLock(tier, text, ticket);
  }
  return settings.share && content !== undefined ? content.value : value;
}

/** Whether the call was invalidated while its function ran, here or elsewhere: the result may be outdated. */
function isOld(
  { text }: SiteCall,
  flight: Flight,
  tier: SecondTier | undefined,
  { started, ticket }: Result,
  names: readonly string[],
): boolean {
  const tags = idsOf(tier, names);
  if (flight.detached || isMarkedSince(tags, started.tags)) return true;
  const stamp = typeof ticket === 'object' ? ticket.stamp : started.stamp;
  return tier !== undefined && stamp !== undefined && !tier.isValid(text, { stamp, tags });
}

function idsOf(tier: SecondTier | undefined, tags: readonly string[] = []): readonly string[] {
  return tier?.tagIds(tags) ?? tags.map((tag) => groupId('tag', tag));
}

/** Ends the single-flight: later callers no longer join it. */
export function endFlight({ core, text }: SiteCall, flight: Flight): void {
  if (core.flights.get(text) === flight) core.flights.delete(text);
  forgetFlight(flight);
}
