// Optional part of a backend: leases and locks, so that a late fill never beats an invalidation and one process fills.
//
// A key's fill needs a lease: made when the key is found absent, deleted by every invalidation of the key. No lease, no
// store: whatever the store loses can only lose a fill. A lock only saves work; correctness never depends on it.

/** Result of `begin`. */
export type BeginAnswer =
  /** Somebody has stored an entry meanwhile that is not the rejected one. */
  | { readonly kind: 'filled'; readonly value: Uint8Array }
  /** The caller runs the function and fills with this lease. */
  | { readonly kind: 'run'; readonly lease: string }
  /** Another process holds the lock. The lease counts all the same. */
  | { readonly kind: 'locked'; readonly lease: string };

export interface BeginRequest {
  readonly key: string;
  /** A new lease takes this name, 16 hex digits; a lease that is there already is shared. */
  readonly nonce: string;
  readonly leaseMs: number;
  /** '' takes no lock; else 32 hex digits that nobody else has. */
  readonly token: string;
  readonly lockMs: number;
  /** First bytes of the stored entry that the caller has and cannot use: that one does not count as filled. */
  readonly rejected: Uint8Array | undefined;
}

export interface FillRequest {
  readonly key: string;
  /** From `begin`. */
  readonly lease: string;
  readonly value: Uint8Array;
  readonly ttlMs: number;
  /** The token of `begin`; its lock is freed in the same step. '' for none. */
  readonly token: string;
  /** Position of the log that the process had seen when `begin` was called. For stores that fence by it. */
  readonly born: number;
  /** Since `begin`, by a monotonic clock. */
  readonly ageMs: number;
  /** Stored with the entry, for as long, or not at all. Its key has the entry's key as hash tag. */
  readonly beside?: { readonly key: string; readonly value: Uint8Array } | undefined;
}

/** Throws BackendError; any other error counts as transient. */
export interface FenceCapability {
  /** In one step: looks at the entry, makes or finds the lease, tries the lock. */
  begin(request: BeginRequest, signal: AbortSignal): Promise<BeginAnswer>;
  /** In one step: stores if the lease is still there, and deletes it. false: not stored. */
  fill(request: FillRequest, signal: AbortSignal): Promise<boolean>;
  /** The lock lives for `lockMs` from now. false: it is somebody else's by now. */
  renew(key: string, token: string, lockMs: number, signal: AbortSignal): Promise<boolean>;
  /** Frees the lock if it is still that token's. */
  release(key: string, token: string, signal: AbortSignal): Promise<void>;
  /** Compare and set: replaces the entry if it still begins with `expected`. Neither makes nor needs a lease. */
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
