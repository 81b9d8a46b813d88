// How much of the log is looked at or kept: the same numbers for every store.

/** A process that lost touch, or a failover, is told of the last 60 s: µs. */
export const TAIL_US = 60_000_000;
/** Groups that a sync answers at most. */
export const MOST_SYNCED_GROUPS = 10_000;
/** Records that one `follow` answers at most. */
export const MOST_FOLLOWED = 512;
