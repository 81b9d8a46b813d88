// Puts the guard around a backend: circuit breaker, bulkhead and one deadline per operation. Outcomes are values; nothing
// throws.
import type { Abandonment } from '../backend/abandonment.ts';
import type { BackendError } from '../backend/backend-error.ts';
import type { Backend } from '../backend/backend.ts';
import { quickGetOf, type QuickGet } from '../backend/quick-reads.ts';
import { keepAlive } from '../flow/keep-alive.ts';
import { AdaptiveTimeout } from './adaptive-timeout.ts';
import { BackendHealth } from './backend-health.ts';
import { bounded } from './bounded.ts';
import { guardFence } from './guard-fence.ts';
import { guardLog } from './guard-log.ts';
import type { Operation } from './guard-operation.ts';
import { GUARD_DEFAULTS, type GuardOptions } from './guard-options.ts';
import { GuardRunner } from './guard-runner.ts';
import type { GuardedBackend, GuardedFence, GuardedLog, GuardResult, GuardState } from './guarded-backend.ts';

/** Longer than the deadline of a read: no caller waits for a probe, and the connection may have to be opened first. */
const PROBE_DEADLINE_MS = 1000;
const CLOSE_DEADLINE_MS = 900;
/** Read instead of a ping if the backend has no `ping`. */
const PING_KEY = 'cachekit:ping';

const bytesOfValue = (value: Uint8Array | null | undefined): number | undefined => value?.byteLength;

class Guard implements GuardedBackend {
  readonly backend: Backend;
  readonly sync: GuardedBackend['sync'];
  readonly fence: GuardedFence | undefined;
  readonly log: GuardedLog | undefined;
  readonly #options: GuardOptions;
  readonly #timeout: AdaptiveTimeout;
  readonly #health: BackendHealth;
  readonly #runner: GuardRunner;
  readonly #quickGet: QuickGet | undefined;
  readonly #usableListeners = new Set<() => void>();

  constructor(backend: Backend, options: GuardOptions) {
    this.backend = backend;
    this.#options = options;
    this.#quickGet = quickGetOf(backend);
    this.#timeout = new AdaptiveTimeout(options.timeout);
    this.#health = new BackendHealth({
      name: backend.name,
      guard: options,
      probe: (key) => this.#probe(key),
      onOpened: (breaker) => this.#runner.endWaiting(breaker),
      onUsable: () => {
        for (const listener of this.#usableListeners) listener();
      },
    });
    const runner = new GuardRunner(backend, options, this.#timeout, this.#health);
    this.#runner = runner;
    const { sync, fence, log } = backend;
    this.sync = sync && {
      get: (key) => runner.performSync('get', key, () => sync.get(key)),
      set: (key, value, ttlMs) => runner.performSync('set', key, () => sync.set(key, value, ttlMs)),
    };
    this.fence = fence && guardFence(runner, fence);
    this.log = log && guardLog(runner, log, (listener) => this.#onUsable(listener));
  }

  get budgetMs(): number {
    return this.#timeout.budgetMs();
  }

  get(key: string): Promise<GuardResult<Uint8Array | undefined>> {
    const quick = this.#quickGet;
    const operation: Operation<Uint8Array | null | undefined> = {
      name: 'get',
      role: 'read',
      key,
      run:
        quick === undefined
          ? (abandonment) => this.backend.get(key, abandonment.signal)
          : (abandonment) => quick(key, abandonment),
      leavesAtOnce: quick !== undefined,
      bytesOf: bytesOfValue,
    };
    return this.#runner.perform(operation, this.#timeout.readMs());
  }

  set(key: string, value: Uint8Array, ttlMs: number, deadlineMs?: number): Promise<GuardResult<void>> {
    const run = ({ signal }: Abandonment): Promise<void> => this.backend.set(key, value, ttlMs, signal);
    const isTimed = deadlineMs === undefined;
    return this.#runner.perform(
      { name: 'set', role: 'write', key, run, bytesOf: () => value.byteLength, isTimed },
      deadlineMs ?? this.#timeout.writeMs(),
    );
  }

  delete(key: string): Promise<GuardResult<void>> {
    const run = ({ signal }: Abandonment): Promise<void> => this.backend.delete(key, signal);
    return this.#runner.perform({ name: 'delete', role: 'delete', key, run }, this.#timeout.budgetMs());
  }

  async ping(deadlineMs: number): Promise<number | null> {
    if (this.#runner.isClosed) return null;
    const beganMs = this.#runner.nowMs;
    const error = await keepAlive(this.#bounded(deadlineMs, (signal) => this.#roundTrip(signal)));
    this.#runner.tell('ping', error?.kind ?? 'ok', beganMs);
    return error === undefined ? this.#runner.nowMs - beganMs : null;
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
      running: this.#runner.running,
      rejected: this.#runner.rejected,
      timeoutMs: this.#timeout.readMs(),
      baseTimeoutMs: this.#timeout.baseMs,
      averageMs: this.#timeout.averageMs(),
      status: this.#health.status,
    };
  }

  release(): void {
    this.#health.stop();
    this.#runner.stop();
  }

  async close(): Promise<void> {
    if (this.#runner.isClosed) return;
    this.release();
    await this.#bounded(CLOSE_DEADLINE_MS, async () => this.backend.close?.());
  }

  #onUsable(listener: () => void): () => void {
    this.#usableListeners.add(listener);
    return () => this.#usableListeners.delete(listener);
  }

  /** Succeeds if the backend is connected and answers a read of `key` as fast as a caller would need it. */
  async #probe(key: string | undefined): Promise<BackendError | undefined> {
    const beganMs = this.#runner.nowMs;
    const error =
      (await this.#bounded(PROBE_DEADLINE_MS, (signal) => this.#roundTrip(signal))) ??
      (key === undefined
        ? undefined
        : await this.#bounded(this.#timeout.budgetMs(), (signal) => this.backend.get(key, signal)));
    this.#runner.tell('ping', error?.kind ?? 'ok', beganMs);
    return error;
  }

  async #roundTrip(signal: AbortSignal): Promise<void> {
    if (this.backend.ping === undefined) await this.backend.get(PING_KEY, signal);
    else await this.backend.ping(signal);
  }

  #bounded(deadlineMs: number, run: (signal: AbortSignal) => Promise<unknown>): ReturnType<typeof bounded> {
    return bounded(this.#options.clock, deadlineMs, run);
  }
}

/** The guard around a backend. A group of options that is given replaces the whole group of defaults. */
export function guardBackend(backend: Backend, options: Partial<GuardOptions> = {}): GuardedBackend {
  return new Guard(backend, { ...GUARD_DEFAULTS, ...options });
}
