// What a hit may start without anybody waiting: a run that replaces the value, or a ttl that starts again.
import { phaseOf } from '../../entry/freshness.ts';
import { runInBackground } from '../../flow/background.ts';
import { startFlight, type Flight } from '../../flow/flight.ts';
import { nameFlight } from '../../flow/flights-by-name.ts';
import { currentClock } from '../tick-clock.ts';
import { needsTier, readyTier } from '../tier/load-second-tier.ts';
import type { ReadHit, SecondTier } from '../tier/second-tier.ts';
import { acquireTicket } from './acquire-ticket.ts';
import type { Due } from './entry-ticks.ts';
import { keepRead } from './keep-read.ts';
import { ticketNow } from './late-ticket.ts';
import { endFlight, runFunction } from './run-function.ts';
import { runningFlight } from './running-flight.ts';
import type { SiteCall } from './site-call.ts';
import { slideTtl } from './slide-ttl.ts';

/** For a run that nobody asked for. */
const FLUSH_WAITS_MS = 10_000;

export function afterHit(call: SiteCall, due: Due | undefined): void {
  if (due === 'refresh') refreshInBackground(call, undefined);
  else if (due === 'slide') slideTtl(call);
}

/** One at a time per call, and not soon after one that failed. `seen`: the stored entry that it is to replace. */
export function refreshInBackground(call: SiteCall, seen: Uint8Array | undefined): void {
  const { core, text } = call;
  const nowMs = currentClock().monotonicMs();
  if (runningFlight(core, text, nowMs) !== undefined || core.backoff.isWaiting(text, nowMs)) return;
  const flight = startFlight(nowMs);
  core.flights.set(text, flight);
  const running = nextTurn().then(() => refreshNow(call, flight, seen));
  flight.promise = running;
  const isTaken = runInBackground(() => withPatience(noteOutcome(call, running)));
  if (isTaken === undefined) {
    endFlight(call, flight);
    running.catch(() => undefined);
  }
}

async function noteOutcome({ core, text }: SiteCall, running: Promise<unknown>): Promise<void> {
  try {
    await running;
    core.backoff.succeeded(text);
  } catch {
    // The function's own failure: nobody asked for this run, and the next call past the old value will see it.
    core.backoff.failed(text, currentClock().monotonicMs());
  }
}

/** The same, or earlier if the function takes its time: it may never end, and `flush()` must. */
function withPatience(ended: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = currentClock().setTimer(resolve, FLUSH_WAITS_MS);
    void ended.then(() => {
      cancel();
      resolve();
    });
  });
}

/** The caller goes on first: the function may begin with a long synchronous stretch. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function refreshNow(call: SiteCall, flight: Flight, seen: Uint8Array | undefined): Promise<unknown> {
  const { core, settings, cipher } = call;
  const tier = needsTier(settings) ? (core.tier ?? (await readyTier(core, settings, cipher))) : undefined;
  if (flight.detached) return endFlight(call, flight);
  const why = { cause: 'refresh', reason: 'expired' } as const;
  if (tier?.guard === undefined)
    return runFunction(call, flight, tier, { ...why, ticket: ticketNow(tier, 'late') });
  return refreshShared(call, flight, tier, seen ?? (await storedBytes(tier, call.text)));
}

/** So that only another entry than the one that is to be replaced counts as somebody else's work. */
async function storedBytes(tier: SecondTier, text: string): Promise<Uint8Array | undefined> {
  return (await tier.read(text)).bytes;
}

async function refreshShared(
  call: SiteCall,
  flight: Flight,
  tier: SecondTier,
  seen: Uint8Array | undefined,
): Promise<unknown> {
  const { settings, text } = call;
  nameFlight(tier.codec.storedKey(text), flight);
  const isUsable = (read: ReadHit): boolean => phaseOf(read.life, settings) === 'fresh';
  // Another process refreshes it: no need to wait, unless a caller has come meanwhile who has no value at all.
  const isWaiting = (): boolean => flight.isJoined;
  const acquired = await acquireTicket(tier, { text, settings, rejected: seen, isUsable, isWaiting });
  if (acquired.kind === 'busy') return endFlight(call, flight);
  if (acquired.kind === 'filled' && !flight.detached) {
    flight.fromBackend = true;
    endFlight(call, flight);
    return keepRead(call, flight, tier, acquired.read);
  }
  const ticket = acquired.kind === 'run' ? acquired.ticket : undefined;
  return runFunction(call, flight, tier, { cause: 'refresh', reason: 'expired', ticket });
}
