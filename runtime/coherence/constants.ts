// Every number of the coherence protocol, with its reason. docs/spec/coherence.md explains the words.

/** A process that has not heard from the registry for so long is cut off: three missed checks. */
export const CONTACT_MS = 3000;
/** Default of how long a cut-off process goes on serving what it has. Bounds how old an answer can be in an outage. */
export const OFFLINE_MS = 10_000;
/** An idle follower looks at the registry itself this often: only so does it notice that the registry or the log is lost. */
export const CHECK_MS = 1000;
/** After a look that showed a record nobody delivered: it may be on its way, so one more look, soon. */
export const CHECK_AGAIN_MS = 50;
/** Answers that come later than the wait and this are none. With CHECK_MS less than CONTACT_MS. */
export const FOLLOW_SLACK_MS = 1500;

/** Between attempts to reach the registry, doubling, each with jitter: a fleet does not come back in step. */
export const RETRY_FIRST_MS = 50;
/** Short enough that a healed link is found within half a second. */
export const RETRY_MOST_MS = 500;
/** A refused password or command is mended by people. */
export const RETRY_REFUSED_MS = 5000;
/** Two synchronisations are at least this far apart, whatever the reasons. */
export const SYNC_SPACING_MS = 20;

/** How long a late fill waits to know everything the registry has. Then it is not stored. */
export const CATCH_UP_MS = 5000;

/** A lease outlives most functions; one that runs longer only loses its fill. */
export const LEASE_MS = 120_000;
/** A dead holder of a lock frees it after so long. */
export const LOCK_MS = 3000;
/** Three chances to renew a lock before it is gone. */
export const LOCK_RENEW_MS = 1000;
/** How long a call waits for another process that runs the same call. Then it runs too. */
export const LOCK_WAIT_MS = 5000;

/** A failover is assumed to lose no more than this: records younger than it are kept to be sent again. */
export const RING_MS = 60_000;
/** The same in positions. */
export const RING_US = RING_MS * 1000;
/** Half a megabyte at most. The log of a registry holds four times as many. */
export const RING_SIZE = 4096;

/** Groups in the registry, about 9 MB there. Beyond it the oldest are forgotten and the floor rises. */
export const REGISTRY_MAX = 100_000;
/** Most groups that one answer of the registry holds: bounds how long a process takes to start. */
export const SYNC_GROUPS = 10_000;
/** Most groups a process remembers, about 15 MB. Older ones are asked for. */
export const VIEW_GROUPS = 100_000;
/** Most single keys that a process remembers. */
export const KEY_MARKS = 10_000;

/** `invalidate()` says "not yet" after so long, and the invalidation goes on by itself. */
export const ACK_WAIT_MS = 2000;
/** How long an acknowledged invalidation waits for its own record, so that a load right after it is not wasted. */
export const OWN_RECORD_WAIT_MS = 50;
/** Invalidations that wait for the registry. Beyond it single keys become their function, and then everything. */
export const QUEUE_SIZE = 10_000;
/** Invalidations on the way at once: fewer than the guard lets through, so that fills are not held up. */
export const APPENDS_AT_ONCE = 32;

/** Records of others are sent again at a random moment between these: mostly somebody else has been first. */
export const REDO_FIRST_MS = 1000;
export const REDO_LAST_MS = 5000;

/** `close()` has one second, of which writes have had half; the backend closes after this. */
export const CLOSE_MS = 400;
