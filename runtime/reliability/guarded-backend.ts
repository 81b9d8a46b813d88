// Port: what the call path sees of a backend. It never throws and never waits past its bound; outcomes are values.
import type { BackendErrorKind } from '../backend/backend-error.ts';
import type { Backend } from '../backend/backend.ts';
import type { BeginAnswer, BeginRequest, FenceCapability, FillRequest } from '../backend/fence-capability.ts';
import type {
  AppendAnswer,
  AppendRequest,
  LogCapability,
  LogPlace,
  SyncAnswer,
  SyncRequest,
} from '../backend/log-capability.ts';

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

/** Locks have a deadline of their own (they wait for other commands, not for other processes); fills count as writes. */
export interface GuardedFence {
  /** `deadlineMs`: for what nobody waits for. */
  begin(request: BeginRequest, deadlineMs?: number): Promise<GuardResult<BeginAnswer>>;
  /** `deadlineMs`: as in `set`. */
  fill(request: FillRequest, deadlineMs?: number): Promise<GuardResult<boolean>>;
  renew(key: string, token: string, lockMs: number): Promise<GuardResult<boolean>>;
  release(key: string, token: string): Promise<GuardResult<void>>;
  replace(request: Parameters<FenceCapability['replace']>[0]): Promise<GuardResult<boolean>>;
}

export interface GuardedLog {
  readonly isLocal: boolean;
  /** undefined: it cannot be told at once. Never throws. */
  syncNow(request: SyncRequest): SyncAnswer | undefined;
  sync(request: SyncRequest): Promise<GuardResult<SyncAnswer>>;
  appendGroup(request: AppendRequest): Promise<GuardResult<AppendAnswer>>;
  appendKey(request: AppendRequest): Promise<GuardResult<AppendAnswer>>;
  positions(
    place: LogPlace,
    ids: readonly string[],
  ): Promise<GuardResult<{ readonly floor: number; readonly positions: readonly number[] }>>;
  /** Not guarded: nobody waits for it, and it has its own connection. */
  readonly follow: LogCapability['follow'];
  readonly onTopology: NonNullable<LogCapability['onTopology']>;
  /** Called when the backend is used again after it was not. Returns the way out. */
  onUsable(listener: () => void): () => void;
}

export interface GuardedBackend {
  readonly backend: Backend;
  /** The most that one call waits for the backend, all its operations together, ms. Waits for other processes are apart. */
  readonly budgetMs: number;
  get(key: string): Promise<GuardResult<Uint8Array | undefined>>;
  /** `deadlineMs`: for a write that nobody waits for. Default: what the backend needed lately. */
  set(key: string, value: Uint8Array, ttlMs: number, deadlineMs?: number): Promise<GuardResult<void>>;
  delete(key: string): Promise<GuardResult<void>>;
  /** Absent when the backend has none. */
  readonly fence?: GuardedFence | undefined;
  /** Absent when the backend has none. */
  readonly log?: GuardedLog | undefined;
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
