// Optional part of a backend: the registry and the log of invalidations, which keep processes in agreement.
//
// Invalidations are ordered by their *position*: microseconds of the registry's own clock, always rising, never taken
// from a client. The registry keeps the position of the last invalidation of each group (namespace, function, tag). The
// log is a short list of the latest invalidations of groups and keys. A registry that was lost comes back with another
// *incarnation* (`inc`), larger than any known before: entries of another incarnation are misses. Positions and
// incarnations are whole numbers below 2^53.

/** What a log record is about. */
export type RecordKind =
  /** One stored key. */
  | 'key'
  /** A namespace, function or tag. */
  | 'group'
  /** Nothing was invalidated: the registry raised its head to that of a process which knew a larger position. */
  | 'raise';

/** One invalidation in the log. */
export interface LogRecord {
  readonly inc: number;
  /** Position of the record before this one. A reader whose head is another position has missed a record. */
  readonly previous: number;
  readonly position: number;
  /** 16 hex digits, chosen by the process that invalidated. */
  readonly id: string;
  readonly kind: RecordKind;
  /** Stored key or group id; '' for raise. */
  readonly subject: string;
  /** True if a failover lost the record and a process that had seen it appended it again. */
  readonly redone: boolean;
}

/** How much of the log a process has applied. */
export interface LogPlace {
  /** First part of all backend keys: the registry is `<prefix>:{r}:g`, the log `<prefix>:{r}:log`. */
  readonly prefix: string;
  /** Incarnation of the registry that the process follows; 0 if it follows none yet. */
  readonly inc: number;
  /** Last position that the process has applied; 0 if there is none yet. */
  readonly head: number;
}

/** What `sync` needs. */
export interface SyncRequest extends LogPlace {
  /** The incarnation of a new registry, used if there is none or one older than `inc`. Larger than `inc`. */
  readonly spareInc: number;
  /** Id of the record that the call may append. */
  readonly recordId: string;
}

/** What a process learns when it synchronises. */
export interface SyncAnswer {
  readonly inc: number;
  /** The registry's head before it is raised to the caller's. If it is smaller, the registry has lost invalidations. */
  readonly head: number;
  /** Entries born before this position are invalid, because the registry no longer knows all invalidations before it. */
  readonly floor: number;
  /** The registry's clock, µs since the epoch. */
  readonly nowUs: number;
  /**
   * The groups invalidated after the caller's head, newest first; all groups if `inc` is not the caller's. At most
   * 10,000.
   */
  readonly groups: readonly (readonly [id: string, position: number])[];
  /** The records of the last 60 s before the caller's head (before now if `inc` is not the caller's), and all since. */
  readonly tail: readonly LogRecord[];
}

/** What an append needs. */
export interface AppendRequest extends SyncRequest {
  /** Stored key or group id that is invalidated. */
  readonly subject: string;
  /** As in `LogRecord`. */
  readonly redone: boolean;
  /** Most groups that the registry keeps. Beyond it, the oldest are forgotten and the floor rises to their positions. */
  readonly registryMax: number;
}

/** Where the appended record stands in the log. */
export interface AppendAnswer {
  readonly inc: number;
  readonly previous: number;
  readonly position: number;
}

/** What a follower hears. */
export interface FollowAnswer {
  readonly records: readonly LogRecord[];
  /** The state of the registry; only given if there are no records. undefined: there is no registry. */
  readonly registry: { readonly inc: number; readonly head: number } | undefined;
}

/** The invalidation log of a store. All operations reject with BackendError; any other error counts as `transient`. */
export interface LogCapability {
  /** True if the registry is in this process: it is always reachable, and `follow` accepts an infinite `waitMs`. */
  readonly isLocal?: boolean;
  /**
   * Answers like `sync`, but synchronously, if the registry need not be created or raised for it. undefined: call `sync`.
   * Stores that serve synchronous functions implement it.
   */
  syncNow?(request: SyncRequest): SyncAnswer | undefined;
  /** Creates the registry if there is none, and raises its head to the caller's. */
  sync(request: SyncRequest, signal: AbortSignal): Promise<SyncAnswer>;
  /** Sets the position of the group and appends the record. */
  appendGroup(request: AppendRequest, signal: AbortSignal): Promise<AppendAnswer>;
  /** Deletes the lease, then the entry, then appends the record, in this order. */
  appendKey(request: AppendRequest, signal: AbortSignal): Promise<AppendAnswer>;
  /**
   * Waits up to `waitMs` for records after `place.head`, on a connection of its own. Rejects if that connection is lost.
   */
  follow(place: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer>;
  /** The positions of these groups, 0 for groups the registry does not know, and the floor at the same moment. */
  positions(
    place: LogPlace,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly floor: number; readonly positions: readonly number[] }>;
  /**
   * Registers a listener for a possible change of the server of some keys (failover, reconnection). Returns the function
   * that unregisters it.
   */
  onTopology?(listener: () => void): () => void;
}
