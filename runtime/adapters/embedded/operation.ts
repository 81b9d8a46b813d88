// What the writer can be asked to do: plain data, because it crosses a thread. All operations of a batch are one commit.
import type { BeginAnswer } from '../../backend/fence-capability.ts';
import type { AppendAnswer, AppendRequest, SyncRequest } from '../../backend/log-capability.ts';

export interface Put {
  readonly kind: 'put';
  readonly key: string;
  /** undefined: delete. */
  readonly value: Uint8Array | undefined;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

/** Stores unless the key was invalidated after `born`; frees the lock of `token`. */
export interface Fill {
  readonly kind: 'fill';
  readonly key: string;
  readonly value: Uint8Array;
  readonly expiresAtMs: number;
  readonly token: string;
  readonly born: number;
  readonly beside?: { readonly key: string; readonly value: Uint8Array } | undefined;
}

/** Stores if what is stored begins with `expected`. */
export interface Replace {
  readonly kind: 'replace';
  readonly key: string;
  readonly expected: Uint8Array;
  readonly value: Uint8Array;
  readonly expiresAtMs: number;
}

/** Looks at the entry, then tries the lock. */
export interface Lock {
  readonly kind: 'lock';
  readonly key: string;
  readonly rejected: Uint8Array | undefined;
  readonly token: string;
  readonly lockMs: number;
}

export interface Renew {
  readonly kind: 'renew';
  readonly key: string;
  readonly token: string;
  readonly lockMs: number;
}

export interface Release {
  readonly kind: 'release';
  readonly key: string;
  readonly token: string;
}

/** `key`: of a stored key, whose entry goes as well. */
export interface Append {
  readonly kind: 'append';
  readonly subjectKind: 'key' | 'group';
  readonly request: AppendRequest;
}

/** Makes the registry where it is missing, and raises its head to the caller's. Answers the head before, if it was raised. */
export interface Raise {
  readonly kind: 'raise';
  readonly request: SyncRequest;
}

export type Operation = Put | Fill | Replace | Lock | Renew | Release | Append | Raise;

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

export type Result = Results[keyof Results];

/** Somebody waits for it, here or in another process: it is written before values are, and at once. */
export function isUrgent({ kind }: Operation): boolean {
  return kind !== 'put' && kind !== 'fill' && kind !== 'replace';
}
