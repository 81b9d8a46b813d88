// A late ticket: allows a result to be stored although its function ran without asking the second tier first.
import { LEASE_MS, LOCK_MS, LOCK_WAIT_MS } from '../../coherence/constants.ts';
import type { SiteSettings } from '../../config/site-settings.ts';
import { NO_STAMP } from '../../entry/entry.ts';
import { phaseOf } from '../../entry/freshness.ts';
import { randomHex } from '../../flow/random-hex.ts';
import { within } from '../../flow/within.ts';
import { currentClock } from '../tick-clock.ts';
import type { SecondTier, Ticket } from '../tier/second-tier.ts';

/** Stands for a ticket that is taken when the result is stored. `late-anew`: it replaces even a fresh entry. */
export type LateTicket = 'late' | 'late-anew';

/** Give up after this many unusable entries in a row: another deployment probably keeps writing them. */
export const MAX_REJECTED = 3;

/** The ticket for functions that cannot wait for one, and for a tier that is not open yet or has no log. */
export function ticketNow(tier: SecondTier | undefined, late: LateTicket): Ticket | LateTicket {
  return tier === undefined || tier.coherence !== undefined ? late : unfenced(currentClock().monotonicMs());
}

function unfenced(takenMs: number): Ticket {
  return { stamp: NO_STAMP, lease: '', token: '', takenMs };
}

/** The run whose result is stored. */
interface Begun {
  readonly text: string;
  readonly settings: SiteSettings;
  /** Group ids. */
  readonly tags: readonly string[];
  readonly beganMs: number;
}

/**
 * Takes the ticket after the run. undefined: the result must not be stored. The lease is made first, so an invalidation
 * from then on deletes it; earlier ones are in the log, which the process then catches up with and checks.
 */
export async function lateTicket(
  tier: SecondTier,
  ticket: LateTicket,
  { text, settings, tags, beganMs }: Begun,
): Promise<Ticket | undefined> {
  const { coherence } = tier;
  if (coherence === undefined) return unfenced(beganMs);
  if (!(await within(coherence.whenReady(), LOCK_WAIT_MS, false))) return undefined;
  const stamp = coherence.stampAt(beganMs);
  if (stamp === undefined) return undefined;
  const lease = await takeLease(tier, text, ticket === 'late' ? settings : undefined);
  if (lease === undefined || !(await coherence.catchUp())) return undefined;
  return tier.isValid(text, { stamp, tags }) ? { stamp, lease, token: '', takenMs: beganMs } : undefined;
}

/** `keeping`: if given, an entry that is fresh by these settings is not replaced, and there is no lease. */
async function takeLease(
  tier: SecondTier,
  text: string,
  keeping: SiteSettings | undefined,
): Promise<string | undefined> {
  const key = tier.codec.storedKey(text);
  let rejected: Uint8Array | undefined;
  for (let attempt = 0; attempt <= MAX_REJECTED; attempt++) {
    const nonce = randomHex(8);
    const request = { key, nonce, leaseMs: LEASE_MS, token: '', lockMs: LOCK_MS, rejected };
    const begun = await tier.fence?.begin(request, LOCK_WAIT_MS);
    if (begun?.ok !== true || begun.value.kind === 'locked') return undefined;
    if (begun.value.kind === 'run') return begun.value.lease;
    const { value } = begun.value;
    if (keeping !== undefined && (await isFresh(tier, text, value, keeping))) return undefined;
    rejected = tier.headOf(value);
  }
  return undefined;
}

async function isFresh(
  tier: SecondTier,
  text: string,
  bytes: Uint8Array,
  settings: SiteSettings,
): Promise<boolean> {
  const read = await tier.acceptFilled(text, bytes, tier.stamp());
  return read.hit && phaseOf(read.life, settings) === 'fresh';
}
