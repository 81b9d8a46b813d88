// Optional part of a backend: leases, so that a late fill never overwrites an invalidation, and locks, so that one
// process fills a key.
//
// A fill needs the lease of its key. The lease is made when the key is found absent, and every invalidation of the key
// deletes it. Without the lease nothing is stored, so a store that loses data can only lose a fill. A lock only saves
// work; correctness never depends on it.

/** Result of `begin`. */
export type BeginAnswer =
  /** Another process has stored an entry in the meantime, and it is not the rejected one. */
  | { readonly kind: 'filled'; readonly value: Uint8Array }
  /** The caller runs the function and fills with this lease. */
  | { readonly kind: 'run'; readonly lease: string }
  /** Another process holds the lock. The caller may fill with the lease all the same. */
  | { readonly kind: 'locked'; readonly lease: string };

/** What `begin` needs. */
export interface BeginRequest {
  readonly key: string;
  /** The name of the lease if a new one is made, 16 hex digits. A lease that exists already is shared instead. */
  readonly nonce: string;
  /** Lifetime of the lease from now on. */
  readonly leaseMs: number;
  /** The name of the lock: 32 unique hex digits. '' takes no lock. */
  readonly token: string;
  /** Lifetime of the lock from now on. */
  readonly lockMs: number;
  /** First bytes of a stored entry that the caller has read and cannot use: that entry does not count as filled. */
  readonly rejected: Uint8Array | undefined;
}

/** What `fill` needs. */
export interface FillRequest {
  readonly key: string;
  /** From `begin`. */
  readonly lease: string;
  readonly value: Uint8Array;
  readonly ttlMs: number;
  /** The token given to `begin`: its lock is released in the same step. '' if there is none. */
  readonly token: string;
  /** Log position the process had applied when it called `begin`. For stores that fence by position, not by lease. */
  readonly born: number;
  /** Time since `begin`, by a monotonic clock. */
  readonly ageMs: number;
  /** A second record, stored with the entry and the same ttl, or not at all. Its key has the entry's key as hash tag. */
  readonly beside?: { readonly key: string; readonly value: Uint8Array } | undefined;
}

/** Leases and locks of a store. All operations reject with BackendError; any other error counts as `transient`. */
export interface FenceCapability {
  /** Reads the entry, makes or shares the lease and tries to take the lock, all in one atomic step. */
  begin(request: BeginRequest, signal: AbortSignal): Promise<BeginAnswer>;
  /** Stores the entry if its lease still exists, and deletes the lease, in one atomic step. false: not stored. */
  fill(request: FillRequest, signal: AbortSignal): Promise<boolean>;
  /** Extends the lock to `lockMs` from now. false: the lock is lost. */
  renew(key: string, token: string, lockMs: number, signal: AbortSignal): Promise<boolean>;
  /** Releases the lock if it still belongs to the token. */
  release(key: string, token: string, signal: AbortSignal): Promise<void>;
  /** Compare-and-set: replaces the entry if it still begins with `expected`. Neither makes nor needs a lease. */
  replace(
    request: {
      readonly key: string;
      readonly expected: Uint8Array;
      readonly value: Uint8Array;
      readonly ttlMs: number;
    },
    signal: AbortSignal,
  ): Promise<boolean>;
}
