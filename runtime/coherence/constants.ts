// Every constant of the coherence protocol, with its reason. docs/spec/coherence.md explains the terms.

/** A process that has not heard from the registry for this long is cut off: three missed checks. */
export const CONTACT_MS = 3000;
/** Default time that a cut-off process continues to serve what it has: the oldest an answer can be in an outage. */
export const OFFLINE_MS = 10_000;
/** Interval at which an idle follower checks the registry: the only way to notice that the registry or log was lost. */
export const CHECK_MS = 1000;
/** Delay of the next check after one that showed a head whose record has not arrived: the record may be on its way. */
export const CHECK_AGAIN_MS = 50;
/** How late the answer to a check may be; later, the connection counts as lost. Less than CONTACT_MS with CHECK_MS. */
export const FOLLOW_SLACK_MS = 1500;

/** First delay between attempts to reach the registry. It doubles, with jitter so that a fleet does not act in step. */
export const RETRY_FIRST_MS = 50;
/** Longest such delay: short enough to find a restored connection within half a second. */
export const RETRY_MAX_MS = 500;
/** Longest such delay after a refused password or command, which a person has to fix. */
export const RETRY_REFUSED_MS = 5000;
/** Shortest time between the starts of two synchronisations. */
export const SYNC_SPACING_MS = 20;

/** How long a late fill waits for a synchronisation. After that it is not stored. */
export const CATCH_UP_MS = 5000;

/** Lifetime of a lease. It outlives most functions; one that runs longer only loses its fill. */
export const LEASE_MS = 120_000;
/** Lifetime of a lock: how long others wait for a holder that died. */
export const LOCK_MS = 3000;
/** Interval at which a lock is renewed: three chances before it expires. */
export const LOCK_RENEW_MS = 1000;
/** How long a call waits for another process that runs the same call. After that it runs the function itself. */
export const LOCK_WAIT_MS = 5000;

/** A failover is assumed to lose no more than this: each process remembers younger records to redo them. */
export const RING_MS = 60_000;
/** The same as a difference of positions. */
export const RING_US = RING_MS * 1000;
/** Records remembered, half a megabyte at most. The log of a registry holds four times as many. */
export const RING_SIZE = 4096;

/** Most groups in the registry, about 9 MB. Beyond it the oldest are forgotten and the floor rises. */
export const REGISTRY_MAX = 100_000;
/** Most groups that a process remembers, about 15 MB. The registry is asked for older ones. */
export const VIEW_GROUPS = 100_000;
/** Most single keys whose invalidation a process remembers. */
export const KEY_MARKS = 10_000;

/** `invalidate()` resolves to "not yet acknowledged" after this long; the invalidation continues in the background. */
export const ACK_WAIT_MS = 2000;
/** How long an acknowledged invalidation waits for its own record, so that the result of a run right after it is kept. */
export const OWN_RECORD_WAIT_MS = 50;
/** Most invalidations that wait for the registry. Beyond it single keys become their function, and then everything. */
export const QUEUE_SIZE = 10_000;
/** Invalidations sent at once: fewer than the guard lets through, so that fills are not held up. */
export const APPENDS_AT_ONCE = 32;

/** Records of others are redone after a random delay between these two: mostly another process has done it by then. */
export const REDO_FIRST_MS = 1000;
export const REDO_LAST_MS = 5000;

/** How long closing waits for invalidations. `close()` has one second, half of it for writes; then the backend closes. */
export const CLOSE_MS = 400;
