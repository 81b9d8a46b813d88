// Stands between the call path and a backend: breaker, bulkhead, one deadline. Outcomes are values; nothing throws.
import type { Backend } from '../backend/backend.ts';
import type { BackendError } from '../backend/backend-error.ts';
import type { CacheEvents } from '../observe/events.ts';
import { isObserved, publish } from '../observe/publish.ts';
import { AdaptiveTimeout } from './adaptive-timeout.ts';
import { BackendHealth, type OperationName } from './backend-health.ts';
import { asBackendError, bounded, lateError, started } from './bounded.ts';
import { Bulkhead } from './bulkhead.ts';
import type { Admission, CircuitBreaker } from './circuit-breaker.ts';
import { GUARD_DEFAULTS, type GuardOptions } from './guard-options.ts';
import type { GuardedBackend, GuardFailure, GuardResult, GuardState } from './guarded-backend.ts';

interface Operation<T> {
  readonly name: OperationName;
  readonly key: string;
  readonly run: (signal: AbortSignal) => Promise<T>;
  readonly bytesOf?: (value: T) => number | undefined;
}

/** What is remembered of an operation between its beginning and its end. */
interface Begun {
  readonly name: OperationName;
  readonly key: string;
  readonly admission: Admission;
  readonly epoch: number;
  readonly atMs: number;
}

/** An operation that has not ended for its caller yet. */
interface Live {
  readonly breaker: CircuitBreaker;
  /** For a place in the bulkhead. */
  isWaiting: boolean;
  readonly end: (failure: GuardFailure) => void;
}

/** A backend that ignores its signal keeps its place in the bulkhead no longer than this after the deadline. */
const LONGEST_HOLD_MS = 5000;
/** Probes wait for a connection to come back; nobody waits for probes. */
const PROBE_DEADLINE_MS = 1000;
const CLOSE_DEADLINE_MS = 900;
/** For backends without `ping`. */
const PING_KEY = 'cachekit:ping';

const failed = (failure: GuardFailure): GuardResult<never> => ({ ok: false, failure });

class Guard implements GuardedBackend {
  readonly backend: Backend;
  readonly sync: GuardedBackend['sync'];
  readonly #options: GuardOptions;
  readonly #timeout: AdaptiveTimeout;
  readonly #bulkhead: Bulkhead;
  readonly #health: BackendHealth;
  readonly #live = new Set<Live>();
  #isClosed = false;

  constructor(backend: Backend, options: GuardOptions) {
    this.backend = backend;
    this.#options = options;
    this.#timeout = new AdaptiveTimeout(options.timeout);
    this.#bulkhead = new Bulkhead(options.backpressure);
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
    const run = (signal: AbortSignal): Promise<Uint8Array | undefined> => this.backend.get(key, signal);
    return this.#perform(
      { name: 'get', key, run, bytesOf: (value) => value?.byteLength },
      this.#timeout.readMs(),
    );
  }

  set(key: string, value: Uint8Array, ttlMs: number): Promise<GuardResult<void>> {
    const run = (signal: AbortSignal): Promise<void> => this.backend.set(key, value, ttlMs, signal);
    return this.#perform({ name: 'set', key, run, bytesOf: () => value.byteLength }, this.#timeout.writeMs());
  }

  delete(key: string): Promise<GuardResult<void>> {
    const run = (signal: AbortSignal): Promise<void> => this.backend.delete(key, signal);
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
      running: this.#bulkhead.running,
      rejected: this.#bulkhead.rejected,
      timeoutMs: this.#timeout.readMs(),
      baseTimeoutMs: this.#timeout.baseMs,
      averageMs: this.#timeout.averageMs(),
      status: this.#health.status,
    };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#health.stop();
    for (const live of this.#live) live.end('open');
    await this.#bounded(CLOSE_DEADLINE_MS, async () => this.backend.close?.());
  }

  #perform<T>(operation: Operation<T>, deadlineMs: number): Promise<GuardResult<T>> {
    const begun = this.#begin(operation.name, operation.key);
    if (begun === undefined) return Promise.resolve(failed('open'));
    return new Promise((resolve) => {
      const controller = new AbortController();
      let cancelDeadline = (): void => undefined;
      let isDone = false;
      const finish = (result: GuardResult<T>, error?: BackendError): void => {
        if (isDone) return;
        isDone = true;
        cancelDeadline();
        this.#live.delete(live);
        this.#end(begun, result, error, result.ok ? operation.bytesOf?.(result.value) : undefined);
        resolve(result);
      };
      const giveUp = (failure: GuardFailure, error?: BackendError): void => {
        if (live.isWaiting) this.#bulkhead.cancel(enter);
        finish(failed(failure), error);
        controller.abort();
      };
      const enter = (): void => {
        live.isWaiting = false;
        const leave = this.#place(controller.signal);
        started(() => operation.run(controller.signal)).then(
          (value) => {
            finish({ ok: true, value });
            leave();
          },
          (thrown: unknown) => {
            const error = asBackendError(thrown);
            // Learnt from before the next one may enter: the failure may have opened the breaker.
            finish(failed(error.kind), error);
            leave();
          },
        );
      };
      const breaker = this.#health.breakerOf(operation.name);
      const live: Live = { breaker, isWaiting: true, end: (failure) => giveUp(failure) };
      // While it waited for a place nothing was asked, so nothing is learnt about the backend.
      cancelDeadline = this.#options.clock.setTimer(
        () => (live.isWaiting ? giveUp('rejected') : giveUp('timeout', lateError())),
        deadlineMs,
      );
      this.#live.add(live);
      if (!this.#bulkhead.request(enter)) finish(failed('rejected'));
    });
  }

  #performSync<T>(name: 'get' | 'set', key: string, run: () => T): GuardResult<T> {
    const begun = this.#begin(name, key);
    if (begun === undefined) return failed('open');
    try {
      const value = run();
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
  #begin(name: OperationName, key: string): Begun | undefined {
    const breaker = this.#health.breakerOf(name);
    const atMs = this.#nowMs();
    const admission = this.#isClosed ? 'open' : breaker.admit();
    if (admission !== 'open') return { name, key, admission, epoch: breaker.epoch, atMs };
    this.#tell(name, 'open', atMs);
    return undefined;
  }

  #end(
    begun: Begun,
    result: GuardResult<unknown>,
    error: BackendError | undefined,
    bytes: number | undefined,
  ): void {
    this.#tell(begun.name, result.ok ? 'ok' : result.failure, begun.atMs, bytes);
    if (result.ok || result.failure === 'timeout') this.#timeout.record(this.#nowMs() - begun.atMs);
    this.#health.learn({ ...begun, isOk: result.ok, error });
  }

  /** A place in the bulkhead. The returned function gives it back, once; so does a long silence after the deadline. */
  #place(signal: AbortSignal): () => void {
    let isHeld = true;
    let cancelHold = (): void => undefined;
    const leave = (): void => {
      if (!isHeld) return;
      isHeld = false;
      cancelHold();
      this.#bulkhead.leave();
    };
    const hold = (): void => {
      if (isHeld) cancelHold = this.#options.clock.setTimer(leave, LONGEST_HOLD_MS);
    };
    signal.addEventListener('abort', hold, { once: true });
    return leave;
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
