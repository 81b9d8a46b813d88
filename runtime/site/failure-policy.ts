// The only place that turns a cache fault into behaviour: which step failed, and what the caller then gets.
import type { CallReason } from '../observe/events.ts';
import type { GuardFailure } from '../reliability/guarded-backend.ts';

/**
 * `bypass`: the function runs, nothing is read or stored. `miss`: it runs, the result is stored where possible.
 * `memory-only`: the site goes on without its second tier. `not-stored`: the caller has its result already.
 * `reject`: the call fails with our error.
 */
export type Behaviour = 'bypass' | 'miss' | 'memory-only' | 'not-stored' | 'reject';

/** Steps of the call path that can fail, in the order in which a call meets them. */
export type Step = 'master-key' | 'key' | 'open' | 'read' | 'decode' | 'store' | 'write';

/**
 * The caller gets the function's own outcome in all rows but one: a secure function whose master key is missing or
 * unusable must not run as if it were protected.
 */
export const FAILURE_POLICY = {
  'master-key': 'reject',
  key: 'bypass',
  open: 'memory-only',
  read: 'miss',
  decode: 'miss',
  store: 'not-stored',
  write: 'not-stored',
} as const satisfies Readonly<Record<Step, Behaviour>>;

/** How a read that failed is reported. All of them are misses. */
const READ_REASONS: Readonly<Record<GuardFailure, CallReason>> = {
  timeout: 'timeout',
  transient: 'backend',
  permanent: 'backend',
  auth: 'backend',
  open: 'open',
  rejected: 'rejected',
};

export function missReason(failure: GuardFailure): CallReason {
  return READ_REASONS[failure];
}
