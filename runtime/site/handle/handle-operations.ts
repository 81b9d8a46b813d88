// The methods `peek`, `set` and `refresh` of a handle.
import { phaseOf } from '../../entry/freshness.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { copyOf, startFlight } from '../../flow/flight.ts';
import { within } from '../../flow/within.ts';
import { acquireTicket, type AnyTicket } from '../call/acquire-ticket.ts';
import { reject } from '../call/fail-closed.ts';
import { noteRead } from '../call/keep-read.ts';
import { keepValue } from '../call/keep-value.ts';
import { ticketNow } from '../call/late-ticket.ts';
import { contentOf, findEntry, lifeInMemory } from '../call/read-memory.ts';
import { runFunction } from '../call/run-function.ts';
import { runFunctionSync } from '../call/run-sync.ts';
import type { SiteCall } from '../call/site-call.ts';
import { decideSet } from '../call/store-decision.ts';
import { storeValue } from '../call/store-result.ts';
import type { SiteCore } from '../site-core.ts';
import { needsTier, openTier } from '../tier/load-second-tier.ts';
import type { SecondTier } from '../tier/second-tier.ts';
import type { CacheEntry } from './cache-handle.ts';

/** Longest wait of `set()` for its write, which continues in the background. */
const SET_WAITS_MS = 1000;

async function tierOf(call: SiteCall): Promise<SecondTier | undefined> {
  const { core, settings, cipher } = call;
  if (!needsTier(settings)) return undefined;
  return core.tier ?? openTier(core, settings, cipher);
}

/** `call` undefined: these arguments do not use the cache, so there is no entry. */
export async function peek(call: SiteCall | undefined): Promise<CacheEntry<never> | undefined> {
  if (call === undefined) return undefined;
  const tier = await tierOf(call);
  const inMemory = peekMemory(call);
  if (inMemory !== undefined) return inMemory;
  const read = await tier?.read(call.text);
  if (read !== undefined) reject(call, read);
  if (read?.hit !== true) return undefined;
  noteRead(call, read);
  const phase = phaseOf(read.life, call.settings);
  return phase === 'gone' ? undefined : entry('backend', read.value, phase, read.life);
}

function peekMemory(call: SiteCall): CacheEntry<never> | undefined {
  const found = findEntry(call);
  if (found === undefined || found === 'expired') return undefined;
  const content = contentOf(call, found.entry);
  return content === undefined
    ? undefined
    : entry('memory', copyOf(content), found.phase, lifeInMemory(found.entry));
}

function entry(
  tier: 'memory' | 'backend',
  value: unknown,
  phase: 'fresh' | 'swr' | 'grace',
  life: { readonly ageMs: number; readonly softLeftMs: number },
): CacheEntry<never> {
  const status = phase === 'fresh' ? 'fresh' : 'stale';
  // The type of the handle declares the result.
  return { value: value as never, status, tier, ageMs: life.ageMs, expiresInMs: life.softLeftMs };
}

/** `call` undefined: these arguments do not use the cache, so nothing is stored. @throws ERR_CACHEKIT_UNSTORABLE */
export async function setValue(
  core: SiteCore,
  call: SiteCall | undefined,
  value: unknown,
  ttlMs: number | undefined,
): Promise<void> {
  const settings = call?.settings ?? core.settings;
  const content = settings === undefined ? undefined : keepValue(core, settings, value);
  if (content === undefined) {
    throw new CacheKitError(
      'ERR_CACHEKIT_UNSTORABLE',
      `The value given to set() of \`${core.descriptor.id}\` is not of the declared result type, or holds what cannot be stored.`,
    );
  }
  if (call === undefined) return;
  // A run that began earlier must not replace the value.
  core.dropCall(call);
  const opening = tierOf(call);
  // A sealed value needs the tier to be encrypted, so it waits for one that is still opening.
  const tier = call.cipher === undefined ? core.tier : await opening;
  const ticket = await ticketForSet(call, tier ?? (core.isSync ? undefined : await opening));
  const decision = decideSet(call, value, ttlMs);
  // The callback of its tags failed: without tags, no invalidation would find the value.
  if (decision === undefined) return;
  const write = storeValue(call, tier, content, { ...decision, ageMs: 0, ticket });
  if (write !== undefined) await within(write.done, SET_WAITS_MS, undefined);
}

/** Invalidates the call in the backend, so that no process keeps an older value, and takes the ticket of a `set()`. */
async function ticketForSet(call: SiteCall, tier: SecondTier | undefined): Promise<AnyTicket> {
  if (tier?.coherence === undefined) return ticketNow(tier, 'late-anew');
  await tier.remove(call.text);
  const { text } = call;
  const settings = { ...call.settings, lock: false };
  const never = (): boolean => false;
  const acquired = await acquireTicket(tier, {
    text,
    settings,
    rejected: undefined,
    isWaiting: never,
  });
  const ticket = acquired.kind === 'run' ? acquired.ticket : undefined;
  if (typeof ticket !== 'object') return ticket;
  // The value must not count as older than that invalidation, whose record may not have arrived yet.
  const stamp = tier.coherence.stampOfKey(tier.codec.storedKey(text)) ?? ticket.stamp;
  return { ...ticket, stamp };
}

/** Runs the function now. Callers of a cold key join the run; those of a warm one get the old value until it has ended. */
export async function refresh(call: SiteCall): Promise<unknown> {
  const { core, settings, text } = call;
  if (core.isSync) return runFunctionSync(call, startFlight(call.startedMs), 'absent', 'refresh');
  const tier = await tierOf(call);
  const older = core.flights.get(text);
  if (older !== undefined) older.detached = true;
  const flight = startFlight(call.startedMs);
  core.flights.set(text, flight);
  const promise = refreshNow();
  flight.promise = promise;
  return promise;

  async function refreshNow(): Promise<unknown> {
    const why = { cause: 'refresh', reason: 'absent' } as const;
    if (tier?.guard === undefined)
      return runFunction(call, flight, tier, { ...why, ticket: ticketNow(tier, 'late-anew') });
    const seen = (await tier.read(text)).bytes;
    const unlocked = { ...settings, lock: false };
    const never = (): boolean => false;
    const wanted = { text, settings: unlocked, rejected: seen, isWaiting: never };
    const acquired = await acquireTicket(tier, wanted);
    const ticket = acquired.kind === 'run' ? acquired.ticket : undefined;
    return runFunction(call, flight, tier, { ...why, ticket });
  }
}
