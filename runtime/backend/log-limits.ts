// How much of the log one answer holds: the same limits for every store.

/** How far back the tail of a sync reaches: 60 s, in µs. After a failover, processes compare it with what they saw. */
export const TAIL_US = 60_000_000;
/** Most groups in the answer of one `sync`. */
export const MOST_SYNCED_GROUPS = 10_000;
/** Most records in the answer of one `follow`. */
export const MOST_FOLLOWED = 512;
