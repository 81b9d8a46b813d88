// Port: a backend as the call path sees it. It never throws and never waits past its deadline; outcomes are values.
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

/** Why an operation failed. `open`: the breaker was open; `rejected`: the bulkhead was full. */
export type GuardFailure = BackendErrorKind | 'open' | 'rejected';

/** Outcome of an operation. */
export type GuardResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: GuardFailure };

/** The state of the guard, for the health report. */
export interface GuardState {
  /** Of reads. `HALF_OPEN`: probes have begun to succeed. */
  readonly breaker: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
  /** Failed reads in a row. */
  readonly failureCount: number;
  /** Successful probes in a row. */
  readonly successCount: number;
  /** Last failure of a read, or else of a write; epoch ms, or null. */
  readonly lastFailureAtMs: number | null;
  /** Next background probe; epoch ms, or null. */
  readonly nextAttemptAtMs: number | null;
  /** Of reads. */
  readonly maxConcurrent: number;
  /** Operations of all kinds that run now. */
  readonly running: number;
  /** Operations of all kinds that found the bulkhead full, since the start. */
  readonly rejected: number;
  /** Current timeout of reads. */
  readonly timeoutMs: number;
  /** Timeout before anything was learnt. */
  readonly baseTimeoutMs: number;
  /** Average of recent latencies; 0 before the first. */
  readonly averageMs: number;
  readonly status: 'up' | 'down' | 'misconfigured';
}

/** Leases and locks behind the guard. Fills count as writes. */
export interface GuardedFence {
  /** `deadlineMs`: if no caller waits. Default: the read budget. */
  begin(request: BeginRequest, deadlineMs?: number): Promise<GuardResult<BeginAnswer>>;
  /** `deadlineMs`: as in `GuardedBackend.set`. */
  fill(request: FillRequest, deadlineMs?: number): Promise<GuardResult<boolean>>;
  renew(key: string, token: string, lockMs: number): Promise<GuardResult<boolean>>;
  release(key: string, token: string): Promise<GuardResult<void>>;
  replace(request: Parameters<FenceCapability['replace']>[0]): Promise<GuardResult<boolean>>;
}

/** The invalidation log behind the guard. */
export interface GuardedLog {
  readonly isLocal: boolean;
  /** As in `LogCapability`, but never throws. */
  syncNow(request: SyncRequest): SyncAnswer | undefined;
  sync(request: SyncRequest): Promise<GuardResult<SyncAnswer>>;
  appendGroup(request: AppendRequest): Promise<GuardResult<AppendAnswer>>;
  appendKey(request: AppendRequest): Promise<GuardResult<AppendAnswer>>;
  positions(
    place: LogPlace,
    ids: readonly string[],
  ): Promise<GuardResult<{ readonly floor: number; readonly positions: readonly number[] }>>;
  /** Not guarded: no caller waits for it, and it has its own connection. */
  readonly follow: LogCapability['follow'];
  readonly onTopology: NonNullable<LogCapability['onTopology']>;
  /** Registers a listener for when the breakers have closed again. Returns the function that unregisters it. */
  onUsable(listener: () => void): () => void;
}

/** A backend behind the guard. */
export interface GuardedBackend {
  readonly backend: Backend;
  /** Longest time, in ms, that one call waits for all its backend operations together, not counting waits for locks. */
  readonly budgetMs: number;
  get(key: string): Promise<GuardResult<Uint8Array | undefined>>;
  /** `deadlineMs`: if no caller waits; its latency is then not recorded. Default: the adaptive timeout. */
  set(key: string, value: Uint8Array, ttlMs: number, deadlineMs?: number): Promise<GuardResult<void>>;
  delete(key: string): Promise<GuardResult<void>>;
  /** undefined if the backend has none. */
  readonly fence?: GuardedFence | undefined;
  /** undefined if the backend has none. */
  readonly log?: GuardedLog | undefined;
  /** undefined if the backend has none. */
  readonly sync:
    | {
        get(key: string): GuardResult<Uint8Array | undefined>;
        set(key: string, value: Uint8Array, ttlMs: number): GuardResult<void>;
      }
    | undefined;
  /** Makes a round trip to the backend. Resolves to its latency in ms, or to null if there was no answer in time. */
  ping(deadlineMs: number): Promise<number | null>;
  state(): GuardState;
  /** Stops all operations and probes. The backend itself stays open for its owner. */
  release(): void;
  /** Like `release`, and closes the backend; takes at most 1 s. */
  close(): Promise<void>;
}
