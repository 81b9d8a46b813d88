// Before the function of a cold key runs: takes the lease that allows its result to be stored, and the lock that lets one
// process run it. If either cannot be had, the function runs all the same.
import { LEASE_MS, LOCK_MS, LOCK_RENEW_MS, LOCK_WAIT_MS } from '../../coherence/constants.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import { pause } from '../../flow/pause.ts';
import { randomHex } from '../../flow/random-hex.ts';
import type { Turns } from '../../flow/turns.ts';
import { within } from '../../flow/within.ts';
import type { GuardedFence, GuardFailure } from '../../reliability/guarded-backend.ts';
import { currentClock } from '../tick-clock.ts';
import type { ReadHit, ReadResult, SecondTier, Ticket } from '../tier/second-tier.ts';
import { MAX_REJECTED, ticketNow, type LateTicket } from './late-ticket.ts';

/** What `acquireTicket` has achieved. */
export type Acquired =
  /** Another process has stored a usable value in the meantime. */
  | { readonly kind: 'filled'; readonly read: ReadHit }
  /** Another process runs the function, and the caller does not wait for it. */
  | { readonly kind: 'busy' }
  /** The caller runs the function. */
  | { readonly kind: 'run'; readonly ticket: AnyTicket };

/** What `acquireTicket` needs. */
export interface Wanted {
  /** Canonical key text. */
  readonly text: string;
  readonly settings: SiteSettings;
  /** The stored entry that was read and must not be used. */
  readonly rejected: Uint8Array | undefined;
  /** How long the caller has waited for the backend already: counts against its read budget. Default 0. */
  readonly spentMs?: number;
  /** Whether a value that another process has stored in the meantime can be used. Absent: none can. */
  readonly isUsable?: (read: ReadHit) => boolean;
  /** Limits concurrent calls of `many()`. */
  readonly turns?: Turns | undefined;
  /** Asked while another process holds the lock: whether to continue to wait for it. */
  readonly isWaiting: () => boolean;
  /** Told of an entry that has appeared and cannot be used. If it throws, so does `acquireTicket`. */
  readonly onRefused?: (read: ReadResult) => void;
}

/** Delay between polls of a lock that another process holds: a share of the time waited so far, within limits. */
const LOCK_POLL = { firstMs: 5, share: 0.2, maxMs: 250 } as const;

/** What allows a result to be stored in the second tier. undefined: nothing does. */
export type AnyTicket = Ticket | LateTicket | undefined;

/** Takes lease and lock for one call. Waits for another process that holds the lock, but at most LOCK_WAIT_MS. */
export async function acquireTicket(tier: SecondTier, wanted: Wanted): Promise<Acquired> {
  const { fence } = tier;
  const begunMs = currentClock().monotonicMs();
  const late = wanted.isUsable === undefined ? 'late-anew' : 'late';
  if (fence === undefined) return { kind: 'run', ticket: ticketNow(tier, late) };
  const { text, settings } = wanted;
  let leftMs = await lockBudgetMs(tier, wanted);
  const key = tier.codec.storedKey(text);
  const token = settings.lock ? randomHex(16) : '';
  let rejected = tier.headOf(wanted.rejected);
  for (let refused = 0; ;) {
    const ticketMs = currentClock().monotonicMs();
    const stamp = tier.stamp();
    const request = { key, nonce: randomHex(8), leaseMs: LEASE_MS, token, lockMs: LOCK_MS, rejected };
    if (stamp === undefined) return { kind: 'run', ticket: late };
    const begin = (): ReturnType<GuardedFence['begin']> => fence.begin(request, leftMs);
    const result = await (wanted.turns === undefined ? begin() : wanted.turns.take(begin));
    if (!result.ok) {
      if (ANSWER_LOST.has(result.failure)) releaseLater(fence, key, token);
      return { kind: 'run', ticket: undefined };
    }
    const answer = result.value;
    if (answer.kind === 'filled') {
      const read = await tier.acceptFilled(text, answer.value, stamp);
      if (read.hit && wanted.isUsable?.(read) === true) return { kind: 'filled', read };
      wanted.onRefused?.(read);
      if (++refused > MAX_REJECTED) return { kind: 'run', ticket: undefined };
      rejected = tier.headOf(answer.value);
      continue;
    }
    const ticket = { stamp, lease: answer.lease, token, takenMs: ticketMs };
    if (answer.kind === 'run') return { kind: 'run', ticket };
    const waitedMs = ticketMs - begunMs;
    // The function of the other process is too slow to wait for: run it here too, without the lock.
    if (waitedMs >= LOCK_WAIT_MS) return { kind: 'run', ticket: { ...ticket, token: '' } };
    if (!wanted.isWaiting()) return { kind: 'busy' };
    // From here on the call waits for another process, so each request to the backend has the whole budget.
    leftMs = tier.guard?.budgetMs ?? 0;
    await pause(currentClock(), nextPollMs(waitedMs));
  }
}

/** Least time for the lock request: if this process was busy, the read may have used up the budget of a fast backend. */
const MIN_LOCK_MS = 50;

/**
 * How long the lock request may take: the rest of the budget it shares with the read. In the first calls of a process,
 * this also waits, within the budget, for the first answer of the registry: without it no result can be stored.
 */
async function lockBudgetMs({ coherence, guard }: SecondTier, { spentMs = 0 }: Wanted): Promise<number> {
  const leftMs = (guard?.budgetMs ?? 0) - spentMs;
  if (coherence === undefined || coherence.ready()) return Math.max(MIN_LOCK_MS, leftMs);
  const clock = currentClock();
  const beganMs = clock.monotonicMs();
  if (leftMs > 0) await within(coherence.whenAsked(), leftMs, false);
  return Math.max(MIN_LOCK_MS, leftMs - (clock.monotonicMs() - beganMs));
}

/** After these failures the lock may have been taken, although its answer did not arrive. */
const ANSWER_LOST: ReadonlySet<GuardFailure> = new Set(['timeout', 'transient']);
/** Delays of the attempts to release it: by the last one, a broken connection is usually restored. */
const RELEASE_AFTER_MS = [0, 300, 1000] as const;

/**
 * Releases a lock that may have been taken unknowingly: others would wait for it until it expires. Neither the process
 * nor `flush()` waits for the attempts.
 */
function releaseLater(fence: GuardedFence, key: string, token: string, attempt = 0): void {
  const delayMs = RELEASE_AFTER_MS[attempt];
  if (delayMs === undefined || token === '') return;
  currentClock().setTimer(() => {
    void fence.release(key, token).then(({ ok }) => {
      if (!ok) releaseLater(fence, key, token, attempt + 1);
    });
  }, delayMs);
}

/** A share of the time waited so far, with jitter: a quick function is noticed at once, a slow one costs few polls. */
function nextPollMs(waitedMs: number): number {
  const { firstMs, share, maxMs } = LOCK_POLL;
  return Math.min(Math.max(firstMs, waitedMs * share), maxMs) * (0.75 + Math.random() / 2);
}

/** Renews the lock until the returned function is called, but not longer than the lease lives. */
export function keepLock(tier: SecondTier | undefined, text: string, ticket: AnyTicket): () => void {
  const fence = tier?.fence;
  if (tier === undefined || fence === undefined || typeof ticket !== 'object' || ticket.token === '')
    return () => undefined;
  const key = tier.codec.storedKey(text);
  const clock = currentClock();
  const leaseEndsMs = ticket.takenMs + LEASE_MS;
  let cancel: () => void;
  const renew = (): void => {
    if (clock.monotonicMs() >= leaseEndsMs) return;
    cancel = clock.setTimer(renew, LOCK_RENEW_MS);
    void fence.renew(key, ticket.token, LOCK_MS);
  };
  cancel = clock.setTimer(renew, LOCK_RENEW_MS);
  return () => cancel();
}

/** Releases the lock because nothing will be stored: others need not wait until it expires. */
export function releaseLock(tier: SecondTier | undefined, text: string, ticket: AnyTicket): void {
  if (tier === undefined || typeof ticket !== 'object' || ticket.token === '') return;
  void tier.fence?.release(tier.codec.storedKey(text), ticket.token);
}
