// What a cache fault means for the caller. The rule is one: the caller gets its function's own outcome.
//
// | step                              | what happens                                                          |
// |-----------------------------------|-----------------------------------------------------------------------|
// | arguments have no key             | the function runs, nothing is stored (bypass `unkeyable`)             |
// | second tier cannot be loaded      | memory only until configure(), one notice (load-second-tier.ts)       |
// | second tier is not ready in time  | a miss; the write follows when it is                                  |
// | read fails, is late, is refused   | a miss, with the reason below                                         |
// | bytes are not what was stored     | a miss, and the event `cachekit:discard`                              |
// | result cannot be stored           | returned, not stored, one notice per function                         |
// | write fails                       | counted by the guard; the entry is a miss later                       |
// | asynchronous master key not there | the function runs, nothing is stored (bypass `no-key`)                |
// | master key missing or unusable    | the call rejects: it must not run as if it were protected             |
import type { CallReason } from '../observe/events.ts';
import type { GuardFailure } from '../reliability/guarded-backend.ts';

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
