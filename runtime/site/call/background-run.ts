// What a hit may start in the background: a refresh that replaces the value, or an extension of its ttl.
import { phaseOf } from '../../entry/freshness.ts';
import { runInBackground } from '../../flow/background.ts';
import { startFlight, type Flight } from '../../flow/flight.ts';
import { nameFlight } from '../../flow/flights-by-name.ts';
import { inNextTurn } from '../../flow/real-timers.ts';
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

/** Longest wait of `flush()` for a background refresh. */
const FLUSH_WAITS_MS = 10_000;

/** Starts what is due after a hit. */
export function afterHit(call: SiteCall, due: Due | undefined): void {
  if (due === 'refresh') refreshInBackground(call, undefined);
  else if (due === 'slide') slideTtl(call);
}

/** Starts a refresh, unless one runs already or has just failed. `seen`: the stored entry that it is to replace. */
export function refreshInBackground(call: SiteCall, seen: Uint8Array | undefined): void {
  const { core, text } = call;
  const nowMs = currentClock().monotonicMs();
  if (runningFlight(core, text, nowMs) !== undefined || core.backoff.isWaiting(text, nowMs)) return;
  const flight = startFlight(nowMs);
  core.flights.set(text, flight);
  // Lets the caller continue first: the function may begin with long synchronous work.
  const running = new Promise<void>(inNextTurn).then(() => refreshNow(call, flight, seen));
  flight.promise = running;
  const tracked = runInBackground(() => endedOrOverdue(noteOutcome(call, running)));
  if (tracked === undefined) {
    endFlight(call, flight);
    running.catch(() => undefined);
  }
}

async function noteOutcome({ core, text }: SiteCall, running: Promise<unknown>): Promise<void> {
  try {
    await running;
    core.backoff.succeeded(text);
  } catch {
    // The function failed. No caller asked for this run; the first call after the stale value has expired will see it.
    core.backoff.failed(text, currentClock().monotonicMs());
  }
}

/** Resolves when the run has ended, or after FLUSH_WAITS_MS: the function may never end, but `flush()` must. */
function endedOrOverdue(ended: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = currentClock().setTimer(resolve, FLUSH_WAITS_MS);
    void ended.then(() => {
      cancel();
      resolve();
    });
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

/** The stored entry, so that only another one than this counts as the work of another process. */
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
  // If another process refreshes the value, wait for it only if a caller has joined that has no value at all.
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
