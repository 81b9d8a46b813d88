// Before the function of a cold key runs: a lease that allows its result to be stored, and the lock under which one
// process runs it. Whatever happens here, the function runs in the end.
import { LEASE_MS, LOCK_MS, LOCK_RENEW_MS, LOCK_WAIT_MS } from '../../coherence/constants.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import { pause } from '../../flow/pause.ts';
import { randomHex } from '../../flow/random-hex.ts';
import type { Turns } from '../../flow/turns.ts';
import { within } from '../../flow/within.ts';
import type { GuardedFence, GuardFailure } from '../../reliability/guarded-backend.ts';
import { currentClock } from '../tick-clock.ts';
import type { ReadHit, ReadResult, SecondTier, Ticket } from '../tier/second-tier.ts';
import { MOST_REJECTED, ticketNow, type LateTicket } from './late-ticket.ts';

export type Acquired =
  /** Another process has stored a usable value meanwhile. */
  | { readonly kind: 'filled'; readonly read: ReadHit }
  /** Another process runs the function, and the caller does not wait for it. */
  | { readonly kind: 'busy' }
  /** `ticket` undefined: the result cannot be stored in the backend. */
  | { readonly kind: 'run'; readonly ticket: Tickets };

export interface Wanted {
  readonly text: string;
  readonly settings: SiteSettings;
  /** The stored entry that was read and is not to be used. */
  readonly rejected: Uint8Array | undefined;
  /** What the caller has waited for the backend already, ms: of one budget for all. Absent: nobody waits. */
  readonly spentMs?: number;
  /** Whether a value that another process stored meanwhile will do. Absent: none will. */
  readonly isUsable?: (read: ReadHit) => boolean;
  /** Of a call of `many()`. */
  readonly turns?: Turns | undefined;
  /** Asked while another process holds the lock. */
  readonly isWaiting: () => boolean;
  /** An entry has appeared that cannot be used. What it throws ends this. */
  readonly onRefused?: (read: ReadResult) => void;
}

/** Between looks at a lock that another process holds: a share of the time waited so far. */
const LOCK_POLL = { firstMs: 5, share: 0.2, mostMs: 250 } as const;

/** undefined: it cannot be stored. */
export type Tickets = Ticket | LateTicket | undefined;

export async function acquireTicket(tier: SecondTier, wanted: Wanted): Promise<Acquired> {
  const { fence } = tier;
  const begunMs = currentClock().monotonicMs();
  const late = wanted.isUsable === undefined ? 'late-anew' : 'late';
  if (fence === undefined) return { kind: 'run', ticket: ticketNow(tier, late) };
  const { text, settings } = wanted;
  let leftMs = await afterFirstWord(tier, wanted);
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
      if (ANSWER_LOST.has(result.failure)) freeLater(fence, key, token);
      return { kind: 'run', ticket: undefined };
    }
    const answer = result.value;
    if (answer.kind === 'run')
      return { kind: 'run', ticket: { stamp, lease: answer.lease, token, takenMs: ticketMs } };
    if (answer.kind === 'filled') {
      const read = await tier.acceptFilled(text, answer.value, stamp);
      if (read.hit && wanted.isUsable?.(read) === true) return { kind: 'filled', read };
      wanted.onRefused?.(read);
      if (++refused > MOST_REJECTED) return { kind: 'run', ticket: undefined };
      rejected = tier.headOf(answer.value);
      continue;
    }
    const waitedMs = ticketMs - begunMs;
    // Longer than that and the function of the other process is too slow to wait for: run it here too.
    if (waitedMs >= LOCK_WAIT_MS)
      return { kind: 'run', ticket: { stamp, lease: answer.lease, token: '', takenMs: ticketMs } };
    if (!wanted.isWaiting()) return { kind: 'busy' };
    // From here on it waits for another process, not for the backend.
    leftMs = tier.guard?.budgetMs ?? 0;
    await pause(currentClock(), nextLookMs(waitedMs));
  }
}

/** What answered a read is asked for a lock, also where this process was too late to leave time for it. */
const LEAST_MS = 50;

/**
 * What is left for the lock of the one budget that it shares with reading. At the first calls of a process the registry is
 * still being asked, and with its answer their results can be stored: that is waited for out of the same budget.
 */
async function afterFirstWord({ coherence, guard }: SecondTier, { spentMs = 0 }: Wanted): Promise<number> {
  const leftMs = (guard?.budgetMs ?? 0) - spentMs;
  if (coherence === undefined || coherence.ready()) return Math.max(LEAST_MS, leftMs);
  const clock = currentClock();
  const beganMs = clock.monotonicMs();
  if (leftMs > 0) await within(coherence.whenAsked(), leftMs, false);
  return Math.max(LEAST_MS, leftMs - (clock.monotonicMs() - beganMs));
}

/** The lock may have been taken all the same. */
const ANSWER_LOST: ReadonlySet<GuardFailure> = new Set(['timeout', 'transient']);
/** By then a broken connection is there again, mostly. */
const FREE_AFTER_MS = [0, 300, 1000] as const;

/** Nobody would free it before it ends by itself, and others wait for it. Keeps no process alive, nor `flush()` waiting. */
function freeLater(fence: GuardedFence, key: string, token: string, attempt = 0): void {
  const delayMs = FREE_AFTER_MS[attempt];
  if (delayMs === undefined || token === '') return;
  currentClock().setTimer(() => {
    void fence.release(key, token).then(({ ok }) => {
      if (!ok) freeLater(fence, key, token, attempt + 1);
    });
  }, delayMs);
}

/** A share of the time waited so far, with jitter: quick functions are seen at once, slow ones cost few looks. */
function nextLookMs(waitedMs: number): number {
  const { firstMs, share, mostMs } = LOCK_POLL;
  return Math.min(Math.max(firstMs, waitedMs * share), mostMs) * (0.75 + Math.random() / 2);
}

/** While the function runs, and its lease lives: the lock stays ours. Returns the end of that. */
export function keepLock(tier: SecondTier | undefined, text: string, ticket: Tickets): () => void {
  const fence = tier?.fence;
  if (tier === undefined || fence === undefined || typeof ticket !== 'object' || ticket.token === '')
    return () => undefined;
  const key = tier.codec.storedKey(text);
  const clock = currentClock();
  const uselessMs = ticket.takenMs + LEASE_MS;
  let cancel: () => void;
  const renew = (): void => {
    if (clock.monotonicMs() >= uselessMs) return;
    cancel = clock.setTimer(renew, LOCK_RENEW_MS);
    void fence.renew(key, ticket.token, LOCK_MS);
  };
  cancel = clock.setTimer(renew, LOCK_RENEW_MS);
  return () => cancel();
}

/** Nothing will be stored: those who wait need not wait until the lock ends by itself. */
export function releaseLock(tier: SecondTier | undefined, text: string, ticket: Tickets): void {
  if (tier === undefined || typeof ticket !== 'object' || ticket.token === '') return;
  void tier.fence?.release(tier.codec.storedKey(text), ticket.token);
}
