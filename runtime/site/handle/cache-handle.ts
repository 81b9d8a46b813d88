// The handle of a cached function: the type of `cacheOf(fn)` and of `.cache`.
import type { AnyFunction, ArgsOf, ResultOf } from '../../config/cache-options.ts';
import type { Duration } from '../../config/duration.ts';
import type { HealthStatus, SystemHealth } from '../../observe/health.ts';
import type { CacheStats } from '../../observe/stats.ts';

/** What `peek()` finds. */
export interface CacheEntry<R> {
  readonly value: R;
  /** `stale`: past its ttl; `expiresInMs` is then negative. */
  readonly status: 'fresh' | 'stale';
  readonly tier: 'memory' | 'backend';
  readonly ageMs: number;
  readonly expiresInMs: number;
}

/** What a cached function offers besides being called. */
export interface CacheHandle<F extends AnyFunction> {
  readonly id: string;
  readonly namespace: string;
  readonly profile: string;
  /** The backend key of the call's entry; an HMAC for secure functions. @throws ERR_CACHEKIT_NO_MASTER_KEY */
  key(...args: ArgsOf<F>): string;
  /** Looks into all tiers; never runs the function. */
  peek(...args: ArgsOf<F>): Promise<CacheEntry<ResultOf<F>> | undefined>;
  /** Resolves when the value is stored, or the backend turned out to be away. @throws ERR_CACHEKIT_UNSTORABLE */
  set(args: ArgsOf<F>, value: ResultOf<F>, options?: { readonly ttl?: Duration }): Promise<void>;
  /**
   * When the method returns, the call is invalid in this process: a running call is no longer joined, and its result is
   * not stored. Resolves to true when every tier has acknowledged it, to false if the backend is away or slow; the
   * invalidation is then retried in the background. Never rejects because of the backend.
   */
  invalidate(...args: ArgsOf<F>): Promise<boolean>;
  /** The same for all calls of the function, in one step, however many entries there are. */
  invalidateAll(): Promise<boolean>;
  /** Runs the function now and stores its result. Other callers get the old value until then. */
  refresh(...args: ArgsOf<F>): Promise<ResultOf<F>>;
  /** Runs the function; reads and stores nothing. */
  uncached(...args: ArgsOf<F>): Promise<ResultOf<F>>;
  /** Results in order of the list. Backend reads are pipelined; with `batch`, all misses are one run of it. */
  many(list: readonly ArgsOf<F>[]): Promise<ResultOf<F>[]>;
  stats(): CacheStats;
  getHealthStatus(): HealthStatus;
  /** Pings the backends. */
  checkHealth(): Promise<{ readonly decorator: HealthStatus; readonly system: SystemHealth }>;
}
