// The operations of the writer, as plain data because they cross a thread. All operations of a batch are one commit.
import type { BeginAnswer } from '../../backend/fence-capability.ts';
import type { AppendAnswer, AppendRequest, SyncRequest } from '../../backend/log-capability.ts';

/** Stores or deletes an entry. */
export interface Put {
  readonly kind: 'put';
  readonly key: string;
  /** undefined: delete. */
  readonly value: Uint8Array | undefined;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** Stores an entry unless its key was invalidated after position `born`. Frees the lock of `token` in either case. */
export interface Fill {
  readonly kind: 'fill';
  readonly key: string;
  readonly value: Uint8Array;
  readonly expiresAtMs: number;
  readonly token: string;
  readonly born: number;
  /** A second entry, stored with the first or not at all. */
  readonly beside?: { readonly key: string; readonly value: Uint8Array } | undefined;
}

/** Stores an entry if the present one begins with the bytes `expected`. */
export interface Replace {
  readonly kind: 'replace';
  readonly key: string;
  readonly expected: Uint8Array;
  readonly value: Uint8Array;
  readonly expiresAtMs: number;
}

/** Answers with the entry if there is one other than `rejected`; else tries to take the lock of the key. */
export interface Lock {
  readonly kind: 'lock';
  readonly key: string;
  readonly rejected: Uint8Array | undefined;
  readonly token: string;
  readonly lockMs: number;
}

/** Extends a lock that is still held with `token`. */
export interface Renew {
  readonly kind: 'renew';
  readonly key: string;
  readonly token: string;
  readonly lockMs: number;
}

/** Frees the lock if it is held with `token`. */
export interface Release {
  readonly kind: 'release';
  readonly key: string;
  readonly token: string;
}

/** Adds an invalidation to the log: of a group, or of a key, whose entry is deleted too. */
export interface Append {
  readonly kind: 'append';
  readonly subjectKind: 'key' | 'group';
  readonly request: AppendRequest;
}

/** Creates the registry if it is missing, and raises its head to the caller's. Answers the head before, if raised. */
export interface Raise {
  readonly kind: 'raise';
  readonly request: SyncRequest;
}

/** Any operation. */
export type Operation = Put | Fill | Replace | Lock | Renew | Release | Append | Raise;

/** Result of each kind of operation. */
export interface Results {
  readonly put: undefined;
  readonly fill: boolean;
  readonly replace: boolean;
  readonly lock: BeginAnswer;
  readonly renew: boolean;
  readonly release: undefined;
  readonly append: AppendAnswer;
  readonly raise: number | undefined;
}

/** Any result. */
export type Result = Results[keyof Results];

/** Whether a caller, here or in another process, waits for it: then it is written at once, ahead of values. */
export function isUrgent({ kind }: Operation): boolean {
  return kind !== 'put' && kind !== 'fill' && kind !== 'replace';
}
