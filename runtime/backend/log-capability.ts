// Optional part of a backend: the registry and log of invalidations, by which processes agree.
//
// Order is a number, the *position*: microseconds of the registry's own clock, always rising, never taken from a client.
// The registry keeps, per group (namespace, function, tag), the position of its last invalidation; the log is a short
// list of all of them. A registry that was lost comes back with another *incarnation* (`inc`), larger than any known:
// entries of another incarnation are misses. Positions and incarnations are whole numbers below 2^53.

export type RecordKind =
  /** One stored key. */
  | 'key'
  /** A namespace, function or tag. */
  | 'group'
  /** The registry caught up with a process that knew a larger position. */
  | 'raise';

export interface LogRecord {
  readonly inc: number;
  /** Position of the record before it: a reader that has another one has missed something. */
  readonly previous: number;
  readonly position: number;
  /** 16 hex digits, made by who invalidated. */
  readonly id: string;
  readonly kind: RecordKind;
  /** Stored key or group id; '' for raise. */
  readonly subject: string;
  /** Sent again by a process that saw it before a failover lost it. */
  readonly redone: boolean;
}

/** Where a process stands. */
export interface LogPlace {
  /** First part of all keys: the registry is `<prefix>:{r}:g`, the log `<prefix>:{r}:log`. */
  readonly prefix: string;
  /** 0: none yet. */
  readonly inc: number;
  /** Last position applied; 0: none yet. */
  readonly head: number;
}

export interface SyncRequest extends LogPlace {
  /** The incarnation to use if there is no registry, or an older one. Larger than `inc`. */
  readonly spareInc: number;
  readonly recordId: string;
}

export interface SyncAnswer {
  readonly inc: number;
  /** Before it is raised to the caller's: one that is smaller tells the caller that the registry has lost something. */
  readonly head: number;
  /** Entries born before it are invalid: what the registry forgot, and what was before a registry that was lost. */
  readonly floor: number;
  /** The registry's clock, µs since the epoch. */
  readonly nowUs: number;
  /** Newest first; all of them if `inc` is not the caller's, else those after its head. At most 10,000. */
  readonly groups: readonly (readonly [id: string, position: number])[];
  /** The log of the last 60 s before the caller's head (or before now), and everything since. */
  readonly tail: readonly LogRecord[];
}

export interface AppendRequest extends SyncRequest {
  readonly subject: string;
  readonly redone: boolean;
  /** More groups than this: the oldest are forgotten and the floor rises. */
  readonly registryMax: number;
}

export interface AppendAnswer {
  readonly inc: number;
  readonly previous: number;
  readonly position: number;
}

export interface FollowAnswer {
  readonly records: readonly LogRecord[];
  /** The registry as it is now; only when no record came. undefined: there is none. */
  readonly registry: { readonly inc: number; readonly head: number } | undefined;
}

/** Throws BackendError; any other error counts as transient. */
export interface LogCapability {
  /** The registry is in this process: it is never out of reach, and `follow` may be told to wait without end. */
  readonly isLocal?: boolean;
  /**
   * The answer of `sync` where nothing has to be created or raised for it, without a wait: stores that synchronous
   * functions use have it. undefined: ask `sync`.
   */
  syncNow?(request: SyncRequest): SyncAnswer | undefined;
  /** Creates the registry where there is none, and raises its head to the caller's. */
  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer>;
  appendGroup(request: AppendRequest, signal: AbortSignal): Promise<AppendAnswer>;
  /** Deletes the lease, then the entry, then appends: in this order. */
  appendKey(request: AppendRequest, signal: AbortSignal): Promise<AppendAnswer>;
  /** Waits up to `waitMs` for records after `place.head`, on a connection of its own. Rejects when that is lost. */
  follow(place: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer>;
  /** Positions of groups the caller does not hold, and the floor at the same moment. Absent groups: 0. */
  positions(
    place: LogPlace,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly floor: number; readonly positions: readonly number[] }>;
  /** Called when the server of some keys may have become another one (failover, reconnection). Returns the way out. */
  onTopology?(listener: () => void): () => void;
}
