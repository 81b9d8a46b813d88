// Stands between the call path and a backend: breaker, bulkhead, one deadline. Outcomes are values; nothing throws.
import { Abandonment } from '../backend/abandonment.ts';
import type { Backend } from '../backend/backend.ts';
import type { BackendError } from '../backend/backend-error.ts';
import { quickGetOf, type QuickGet } from '../backend/quick-reads.ts';
import { keepContext } from '../observe/correlation.ts';
import type { CacheEvents } from '../observe/events.ts';
import { isObserved, publish } from '../observe/publish.ts';
import { startSpan, within, type Span } from '../observe/span.ts';
import { AdaptiveTimeout } from './adaptive-timeout.ts';
import { takePlace } from './bulkhead-place.ts';
import { BackendHealth, type OperationName } from './backend-health.ts';
import { asBackendError, bounded, lateError } from './bounded.ts';
import { Bulkhead } from './bulkhead.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { GUARD_DEFAULTS, type GuardOptions } from './guard-options.ts';
import type { Begun, Live, Operation } from './guard-operation.ts';
import type { GuardedBackend, GuardFailure, GuardResult, GuardState } from './guarded-backend.ts';

/** Writes come in an orderly line (flow/write-behind.ts); these limits are for invalidations that do not. */
const WRITES_AT_ONCE = 64;
const WRITES_WAITING = 1000;
/** Probes wait for a connection to come back; nobody waits for probes. */
const PROBE_DEADLINE_MS = 1000;
const CLOSE_DEADLINE_MS = 900;
/** For backends without `ping`. */
const PING_KEY = 'cachekit:ping';

const failed = (failure: GuardFailure): GuardResult<never> => ({ ok: false, failure });

/** A backend that throws instead of rejecting fails like any other. */
function begin<T>(span: Span | undefined, operation: Operation<T>, abandonment: Abandonment): Promise<T> {
  try {
    return Promise.resolve(within(span, () => operation.run(abandonment)));
  } catch (error) {
    return Promise.reject(error);
  }
}

class Guard implements GuardedBackend {
  readonly backend: Backend;
  readonly sync: GuardedBackend['sync'];
  readonly #options: GuardOptions;
  readonly #timeout: AdaptiveTimeout;
  readonly #reads: Bulkhead;
  readonly #writes: Bulkhead;
  readonly #health: BackendHealth;
  readonly #live: DeadlineQueue<Live>;
  readonly #quickGet: QuickGet | undefined;
  #isClosed = false;

  constructor(backend: Backend, options: GuardOptions) {
    this.backend = backend;
    this.#options = options;
    this.#live = new DeadlineQueue(options.clock);
    this.#quickGet = quickGetOf(backend);
    this.#timeout = new AdaptiveTimeout(options.timeout);
    this.#reads = new Bulkhead(options.backpressure);
    const { maxConcurrent, maxQueued } = options.backpressure;
    this.#writes = new Bulkhead({
      maxConcurrent: Math.min(WRITES_AT_ONCE, maxConcurrent),
      maxQueued: Math.max(WRITES_WAITING, maxQueued),
    });
    this.#health = new BackendHealth({
      name: backend.name,
      guard: options,
      probe: (key) => this.#probe(key),
      onOpened: (breaker) => this.#endWaiting(breaker),
    });
    const sync = backend.sync;
    this.sync = sync && {
      get: (key) => this.#performSync('get', key, () => sync.get(key)),
      set: (key, value, ttlMs) => this.#performSync('set', key, () => sync.set(key, value, ttlMs)),
    };
  }

  get(key: string): Promise<GuardResult<Uint8Array | undefined>> {
    const quick = this.#quickGet;
    const operation: Operation<Uint8Array | null | undefined> = {
      name: 'get',
      key,
      run:
        quick === undefined
          ? (abandonment) => this.backend.get(key, abandonment.signal)
          : (abandonment) => quick(key, abandonment),
      leavesAtOnce: quick !== undefined,
      bytesOf: (value) => value?.byteLength,
    };
    return this.#perform(operation, this.#timeout.readMs());
  }

  set(key: string, value: Uint8Array, ttlMs: number, deadlineMs?: number): Promise<GuardResult<void>> {
    const run = ({ signal }: Abandonment): Promise<void> => this.backend.set(key, value, ttlMs, signal);
    const isTimed = deadlineMs === undefined;
    return this.#perform(
      { name: 'set', key, run, bytesOf: () => value.byteLength, isTimed },
      deadlineMs ?? this.#timeout.writeMs(),
    );
  }

  delete(key: string): Promise<GuardResult<void>> {
    const run = ({ signal }: Abandonment): Promise<void> => this.backend.delete(key, signal);
    return this.#perform({ name: 'delete', key, run }, this.#timeout.budgetMs());
  }

  async ping(deadlineMs: number): Promise<number | null> {
    if (this.#isClosed) return null;
    const beganMs = this.#nowMs();
    // Somebody waits for this answer; a backend that is away leaves nothing else that keeps the process alive.
    const keepAlive = setTimeout(() => undefined, deadlineMs);
    const error = await this.#bounded(deadlineMs, (signal) => this.#roundTrip(signal));
    clearTimeout(keepAlive);
    this.#tell('ping', error?.kind ?? 'ok', beganMs);
    return error === undefined ? this.#nowMs() - beganMs : null;
  }

  state(): GuardState {
    const { reads, writes } = this.#health;
    return {
      breaker: !reads.isOpen ? 'CLOSED' : reads.successCount > 0 ? 'HALF_OPEN' : 'OPEN',
      failureCount: reads.failureCount,
      successCount: reads.successCount,
      lastFailureAtMs: reads.lastFailureAtMs ?? writes.lastFailureAtMs,
      nextAttemptAtMs: reads.isOpen ? this.#health.nextProbeAtMs : null,
      maxConcurrent: this.#options.backpressure.maxConcurrent,
      running: this.#reads.running + this.#writes.running,
      rejected: this.#reads.rejected + this.#writes.rejected,
      timeoutMs: this.#timeout.readMs(),
      baseTimeoutMs: this.#timeout.baseMs,
      averageMs: this.#timeout.averageMs(),
      status: this.#health.status,
    };
  }

  release(): void {
    this.#isClosed = true;
    this.#health.stop();
    for (const live of this.#live) live.end('open');
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.release();
    await this.#bounded(CLOSE_DEADLINE_MS, async () => this.backend.close?.());
  }

  #perform<T>(operation: Operation<T>, deadlineMs: number): Promise<GuardResult<NonNullable<T> | undefined>> {
    type Result = GuardResult<NonNullable<T> | undefined>;
    const begun = this.#begin(operation.name, operation.key, operation.isTimed);
    if (begun === undefined) return Promise.resolve(failed('open'));
    const bulkhead = operation.name === 'get' ? this.#reads : this.#writes;
    return new Promise((resolve) => {
      const abandonment = new Abandonment();
      let isDone = false;
      const finish = (result: Result, error: BackendError | undefined, bytes?: number): void => {
        if (isDone) return;
        isDone = true;
        this.#live.delete(live);
        this.#end(begun, result, error, bytes);
        resolve(result);
      };
      const enter = keepContext((): void => {
        live.isWaiting = false;
        const leave = takePlace(bulkhead, abandonment, this.#options.clock, operation.leavesAtOnce);
        const succeeded = (value: T): void => {
          finish({ ok: true, value: value ?? undefined }, undefined, operation.bytesOf?.(value));
          leave();
        };
        const rejected = (thrown: unknown): void => {
          const error = asBackendError(thrown);
          // Learnt from before the next one may enter: the failure may have opened the breaker.
          finish(failed(error.kind), error);
          leave();
        };
        begin(begun.span, operation, abandonment).then(succeeded, rejected);
      });
      const live: Live = {
        breaker: this.#health.breakerOf(operation.name),
        isWaiting: true,
        dueMs: begun.atMs + deadlineMs,
        // While it waited for a place nothing was asked, so nothing is learnt about the backend.
        onDue: () => (live.isWaiting ? live.end('rejected') : live.end('timeout', lateError())),
        end: (failure, error) => {
          if (live.isWaiting) bulkhead.cancel(enter);
          finish(failed(failure), error);
          abandonment.giveUp();
        },
      };
      this.#live.add(live);
      if (!bulkhead.request(enter)) finish(failed('rejected'), undefined);
    });
  }

  #performSync<T>(name: 'get' | 'set', key: string, run: () => T): GuardResult<T> {
    const begun = this.#begin(name, key);
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

  /** undefined: the breaker lets nothing through. */
  #begin(name: OperationName, key: string, isTimed = true): Begun | undefined {
    const breaker = this.#health.breakerOf(name);
    const atMs = this.#nowMs();
    const admission = this.#isClosed ? 'open' : breaker.admit();
    const span = startSpan('backend', () => ({ backend: this.backend.name, operation: name }));
    if (admission !== 'open') return { name, key, admission, epoch: breaker.epoch, atMs, isTimed, span };
    span?.end({ outcome: 'open' }, false);
    this.#tell(name, 'open', atMs);
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
    this.#tell(begun.name, outcome, begun.atMs, bytes);
    if (begun.isTimed && (result.ok || result.failure === 'timeout'))
      this.#timeout.record(this.#nowMs() - begun.atMs);
    this.#health.learn({ ...begun, isOk: result.ok, error });
  }

  #endWaiting(breaker: CircuitBreaker): void {
    for (const live of this.#live) if (live.isWaiting && live.breaker === breaker) live.end('open');
  }

  /** Connected, and a read as callers make it is answered as fast as callers need it. */
  async #probe(key: string | undefined): Promise<BackendError | undefined> {
    const beganMs = this.#nowMs();
    const error =
      (await this.#bounded(PROBE_DEADLINE_MS, (signal) => this.#roundTrip(signal))) ??
      (key === undefined
        ? undefined
        : await this.#bounded(this.#timeout.budgetMs(), (signal) => this.backend.get(key, signal)));
    this.#tell('ping', error?.kind ?? 'ok', beganMs);
    return error;
  }

  async #roundTrip(signal: AbortSignal): Promise<void> {
    if (this.backend.ping === undefined) await this.backend.get(PING_KEY, signal);
    else await this.backend.ping(signal);
  }

  #bounded(deadlineMs: number, run: (signal: AbortSignal) => Promise<unknown>): ReturnType<typeof bounded> {
    return bounded(this.#options.clock, deadlineMs, run);
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #tell(
    operation: CacheEvents['cachekit:backend']['operation'],
    outcome: CacheEvents['cachekit:backend']['outcome'],
    beganMs: number,
    bytes?: number,
  ): void {
    if (!isObserved('cachekit:backend')) return;
    const event = { backend: this.backend.name, operation, outcome, durationMs: this.#nowMs() - beganMs };
    publish('cachekit:backend', bytes === undefined ? event : { ...event, bytes });
  }
}

/** A group of options that is given replaces the whole group of defaults. */
export function guardBackend(backend: Backend, options: Partial<GuardOptions> = {}): GuardedBackend {
  return new Guard(backend, { ...GUARD_DEFAULTS, ...options });
}
