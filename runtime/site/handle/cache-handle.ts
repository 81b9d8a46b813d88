// What a cached function can be asked: the type of `cacheOf(fn)` and of `.cache`.
import type { AnyFunction, ArgsOf, ResultOf } from '../../config/cache-options.ts';
import type { Duration } from '../../config/duration.ts';
import type { HealthStatus, SystemHealth } from '../../observe/health.ts';
import type { CacheStats } from '../../observe/stats.ts';

export interface CacheEntry<R> {
  readonly value: R;
  /** `stale`: past its ttl; `expiresInMs` is then negative. */
  readonly status: 'fresh' | 'stale';
  readonly tier: 'memory' | 'backend';
  readonly ageMs: number;
  readonly expiresInMs: number;
}

export interface CacheHandle<F extends AnyFunction> {
  readonly id: string;
  readonly namespace: string;
  readonly profile: string;
  /** The name of the call's entry in a backend; an HMAC for secure functions. @throws ERR_CACHEKIT_NO_MASTER_KEY */
  key(...args: ArgsOf<F>): string;
  /** Asks all tiers, runs nothing. */
  peek(...args: ArgsOf<F>): Promise<CacheEntry<ResultOf<F>> | undefined>;
  /** Resolves when it is stored, or when the backend was found to be away. @throws ERR_CACHEKIT_UNSTORABLE */
  set(args: ArgsOf<F>, value: ResultOf<F>, options?: { readonly ttl?: Duration }): Promise<void>;
  /**
   * This process is clean when the method returns: a running call is not joined any more and its result is not stored.
   * true: so is every tier. false: the backend is away, or slow; it is told again until it has it. Never rejects for it.
   */
  invalidate(...args: ArgsOf<F>): Promise<boolean>;
  /** The same for all calls: one step, however many entries there are. */
  invalidateAll(): Promise<boolean>;
  /** Runs now and stores; others get the old value meanwhile. */
  refresh(...args: ArgsOf<F>): Promise<ResultOf<F>>;
  /** Runs; reads and stores nothing. */
  uncached(...args: ArgsOf<F>): Promise<ResultOf<F>>;
  /** In order; reads of a backend are pipelined, and the misses are one run of `batch` where there is one. */
  many(list: readonly ArgsOf<F>[]): Promise<ResultOf<F>[]>;
  stats(): CacheStats;
  getHealthStatus(): HealthStatus;
  /** With a ping. */
  checkHealth(): Promise<{ readonly decorator: HealthStatus; readonly system: SystemHealth }>;
}
