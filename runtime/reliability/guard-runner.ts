// Runs the operations of one backend behind circuit breaker, bulkhead and a deadline each. Outcomes are values; nothing
// throws.
import type { BackendError } from '../backend/backend-error.ts';
import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../config/clock.ts';
import type { CacheEvents } from '../observe/events.ts';
import { isObserved, publish } from '../observe/publish.ts';
import { startSpan, within } from '../observe/span.ts';
import type { AdaptiveTimeout } from './adaptive-timeout.ts';
import { Attempt, failed, type AttemptHost, type Live } from './attempt.ts';
import type { BackendHealth, OperationRole } from './backend-health.ts';
import { asBackendError } from './bounded.ts';
import { Bulkhead } from './bulkhead.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import type { Begun, Operation } from './guard-operation.ts';
import type { GuardOptions } from './guard-options.ts';
import type { GuardResult } from './guarded-backend.ts';

type BackendEvent = CacheEvents['cachekit:backend'];

/** Limits for writes and for locks. Results are queued before (flow/write-behind.ts), invalidations are not. */
const WRITES_AT_ONCE = 64;
const WRITES_WAITING = 1000;

/** The part of the guard that handles single operations; guard-backend.ts handles the backend as a whole. */
export class GuardRunner implements AttemptHost {
  readonly timeout: AdaptiveTimeout;
  readonly #backend: Backend;
  readonly #options: GuardOptions;
  readonly #health: BackendHealth;
  readonly #reads: Bulkhead;
  readonly #writes: Bulkhead;
  /** Apart from writes: a caller waits for a lock, and must not wait behind a burst of results. */
  readonly #locks: Bulkhead;
  readonly #live: DeadlineQueue<Live>;
  #isClosed = false;

  constructor(backend: Backend, options: GuardOptions, timeout: AdaptiveTimeout, health: BackendHealth) {
    this.#backend = backend;
    this.#options = options;
    this.timeout = timeout;
    this.#health = health;
    this.#live = new DeadlineQueue(options.clock);
    this.#reads = new Bulkhead(options.backpressure);
    const { maxConcurrent, maxQueued } = options.backpressure;
    const writing = {
      maxConcurrent: Math.min(WRITES_AT_ONCE, maxConcurrent),
      maxQueued: Math.max(WRITES_WAITING, maxQueued),
    };
    this.#writes = new Bulkhead(writing);
    this.#locks = new Bulkhead(writing);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Number of operations of all kinds that run now. */
  get running(): number {
    return this.#reads.running + this.#writes.running + this.#locks.running;
  }

  /** Number of operations of all kinds rejected since the start. */
  get rejected(): number {
    return this.#reads.rejected + this.#writes.rejected + this.#locks.rejected;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** By the monotonic clock. */
  get nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Lets no further operation through, and ends those that run or wait. */
  stop(): void {
    this.#isClosed = true;
    for (const live of this.#live) live.end('open');
  }

  /** Ends the operations that wait for a place behind a breaker that has opened. */
  endWaiting(breaker: CircuitBreaker): void {
    for (const live of this.#live)
      if (live.isWaiting && this.#health.breakerOf(live.begun.role) === breaker) live.end('open');
  }

  /** Runs the operation. The deadline includes the wait for a place. Never rejects. */
  perform<T>(operation: Operation<T>, deadlineMs: number): Promise<GuardResult<Exclude<T, null>>> {
    const begun = this.#begin(operation);
    if (begun === undefined) return Promise.resolve(failed('open'));
    const attempt = new Attempt(this, operation, begun, begun.atMs + deadlineMs);
    this.#live.add(attempt);
    return attempt.start();
  }

  ended(
    attempt: Live,
    result: GuardResult<unknown>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void {
    this.#live.delete(attempt);
    this.#end(attempt.begun, result, error, bytes);
  }

  /** Runs a synchronous operation. It has no deadline: the backend has promised not to block. Never throws. */
  performSync<T>(name: 'get' | 'set', key: string, run: () => T): GuardResult<T> {
    const begun = this.#begin({ name, role: name === 'get' ? 'read' : 'write', key });
    if (begun === undefined) return failed('open');
    try {
      const value = within(begun.span, run);
      const result = { ok: true as const, value };
      this.#end(begun, result, undefined, value instanceof Uint8Array ? value.byteLength : undefined);
      return result;
    } catch (thrown) {
      const error = asBackendError(thrown);
      const result = failed(error.kind);
      this.#end(begun, result, error, undefined);
      return result;
    }
  }

  /** The bulkhead for this role. */
  bulkheadOf(role: OperationRole): Bulkhead {
    if (role === 'read') return this.#reads;
    return role === 'lock' ? this.#locks : this.#writes;
  }

  /** Asks the breaker and starts the span. undefined: the breaker is open, or the guard is closed. */
  #begin(operation: Omit<Operation<never>, 'run'>): Begun | undefined {
    const { name, role, key, isTimed = true } = operation;
    const breaker = this.#health.breakerOf(role);
    const atMs = this.nowMs;
    const admission = this.#isClosed ? 'open' : this.#health.admit(role);
    const span = startSpan('backend', () => ({ backend: this.#backend.name, operation: name }));
    if (admission !== 'open')
      return { name, role, key, admission, epoch: breaker.epoch, atMs, isTimed, span };
    span?.end({ outcome: 'open' }, false);
    this.tell(name, 'open', atMs);
    return undefined;
  }

  #end(
    begun: Begun,
    result: GuardResult<unknown>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void {
    const outcome = result.ok ? 'ok' : result.failure;
    begun.span?.end({ outcome, bytes }, result.ok);
    this.tell(begun.name, outcome, begun.atMs, bytes);
    if (begun.isTimed && (result.ok || result.failure === 'timeout'))
      this.timeout.record(this.nowMs - begun.atMs);
    this.#health.learn(begun, result.ok, error);
  }

  /** Publishes the event of one operation, if somebody listens. */
  tell(
    operation: BackendEvent['operation'],
    outcome: BackendEvent['outcome'],
    beganMs: number,
    bytes?: number,
  ): void {
    if (!isObserved('cachekit:backend')) return;
    const event = { backend: this.#backend.name, operation, outcome, durationMs: this.nowMs - beganMs };
    publish('cachekit:backend', bytes === undefined ? event : { ...event, bytes });
  }
}
