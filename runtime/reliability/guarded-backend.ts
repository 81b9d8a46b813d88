// Port: what the call path sees of a backend. It never throws and never waits past its bound; outcomes are values.
import type { Backend } from '../backend/backend.ts';
import type { BackendErrorKind } from '../backend/backend-error.ts';

/** `open`: the breaker let nothing through; `rejected`: the bulkhead was full. */
export type GuardFailure = BackendErrorKind | 'open' | 'rejected';

export type GuardResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: GuardFailure };

export interface GuardState {
  readonly breaker: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  readonly failureCount: number;
  readonly successCount: number;
  /** Epoch ms, or null. */
  readonly lastFailureAtMs: number | null;
  readonly nextAttemptAtMs: number | null;
  readonly maxConcurrent: number;
  /** Reads, writes and deletes together. */
  readonly running: number;
  readonly rejected: number;
  readonly timeoutMs: number;
  readonly baseTimeoutMs: number;
  readonly averageMs: number;
  readonly status: 'up' | 'down' | 'misconfigured';
}

export interface GuardedBackend {
  readonly backend: Backend;
  get(key: string): Promise<GuardResult<Uint8Array | undefined>>;
  /** `deadlineMs`: for a write that nobody waits for. Default: what the backend needed lately. */
  set(key: string, value: Uint8Array, ttlMs: number, deadlineMs?: number): Promise<GuardResult<void>>;
  delete(key: string): Promise<GuardResult<void>>;
  /** Absent when the backend has no `sync`. */
  readonly sync:
    | {
        get(key: string): GuardResult<Uint8Array | undefined>;
        set(key: string, value: Uint8Array, ttlMs: number): GuardResult<void>;
      }
    | undefined;
  /** With a real round trip, at most `deadlineMs`. Resolves to the latency, or null when it did not answer. */
  ping(deadlineMs: number): Promise<number | null>;
  state(): GuardState;
  /** Nothing goes through any more, nothing is asked; the backend itself stays open for its owner. */
  release(): void;
  /** The same, and closes the backend; at most 1 s. */
  close(): Promise<void>;
}
