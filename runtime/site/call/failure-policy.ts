// What each cache fault means for the caller. There is one rule: the caller gets the outcome of its own function.
//
// | step                              | what happens                                                          |
// |-----------------------------------|-----------------------------------------------------------------------|
// | arguments have no key             | the function runs, nothing is stored (bypass `unkeyable`)             |
// | second tier cannot be loaded      | memory only until configure(), one notice (load-second-tier.ts)       |
// | second tier is not ready in time  | a miss; the write follows when it is, if nothing was invalidated      |
// | its log was never reached         | a miss; its entries cannot be trusted                                 |
// | its log is out of reach           | served for 10 s more, then a miss; new results live in memory for 10 s |
// | read fails, is late, is refused   | a miss, with the reason below; no lock is asked for                   |
// | lease or lock cannot be had       | the function runs, its result is not stored in the second tier        |
// | another process holds the lock    | wait for its result, at most 5 s; then run without the lock           |
// | function never ends               | its callers wait as without a cache; after 120 s others no longer do  |
// | invalidated while it ran          | returned, stored nowhere                                              |
// | function fails, a stale value     | the stale value, within stale-if-error, unless it was invalidated     |
// | exists                            |                                                                       |
// | `unless`, `ttl`, `tags` throw     | returned, not stored, one notice per function                         |
// | `when`, `tenant` throw            | the function runs, nothing is stored                                  |
// | bytes are not what was stored     | a miss, and the event `cachekit:discard`                              |
// | result cannot be stored           | returned, not stored, one notice per function                         |
// | write fails                       | counted by the guard; the entry is a miss later                       |
// | asynchronous master key not yet   | the function runs, nothing is stored (bypass `no-key`)                |
// | available                         |                                                                       |
// | master key missing or unusable    | the call rejects: it must not run as if it were protected             |
import type { CallReason } from '../../observe/events.ts';
import type { GuardFailure } from '../../reliability/guarded-backend.ts';

/** The reason reported for a miss whose read failed. */
const READ_REASONS: Readonly<Record<GuardFailure, CallReason>> = {
  timeout: 'timeout',
  transient: 'backend',
  permanent: 'backend',
  auth: 'backend',
  open: 'open',
  rejected: 'rejected',
};

/** The reason of a miss whose read failed in this way. */
export function missReason(failure: GuardFailure): CallReason {
  return READ_REASONS[failure];
}
