// The data of the dev view: names, numbers and reasons, but never a key, an argument or a value.
import type { CacheStats } from '../../observe/stats.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

/** A name (of a reason, an outcome …) and how often it occurred. */
export interface Tally {
  readonly name: string;
  readonly count: number;
}

/** The counters of one function that the dev view shows. */
export type FunctionCounts = Pick<
  CacheStats,
  'calls' | 'hits' | 'stale' | 'misses' | 'bypasses' | 'l1Hits' | 'l2Hits' | 'entries' | 'bytes'
>;

/** One cached function. */
export interface FunctionView {
  readonly id: string;
  readonly name: string;
  /** `src/user.ts:12`, from the manifest. */
  readonly place: string | undefined;
  readonly profile: string;
  readonly namespace: string;
  readonly serializer: string;
  /** Names of the parts of the key, from the manifest. */
  readonly key: readonly string[];
  /** Why the compiler chose this profile, from the manifest. */
  readonly why: string | undefined;
  /** undefined before the first call. */
  readonly ttlMs: number | undefined;
  /** undefined while the module of the function is not loaded. */
  readonly counts: FunctionCounts | undefined;
  /** Status and reason of calls that were not plain hits: `stale: swr`, `miss: absent`, `bypass: when`. */
  readonly reasons: readonly Tally[];
  /** Reasons why entries were not used, and results not stored. */
  readonly discards: readonly Tally[];
  /** Latency of hits in the second tier. Hits in memory are not timed: timing would cost more than the hit. */
  readonly backendHits: LatencyHistogram;
  /** Duration of runs of the function. */
  readonly runs: LatencyHistogram;
  readonly failedRuns: number;
}

/** One backend, by name. */
export interface BackendView {
  readonly name: string;
  /** `ok`, `timeout` and so on. */
  readonly outcomes: readonly Tally[];
  readonly operations: LatencyHistogram;
  /** The last known state of each part: `backend down`, `breaker open`. */
  readonly states: readonly string[];
}

/** Everything the dev view shows, at one moment. */
export interface DevSnapshot {
  readonly version: 1;
  readonly pid: number;
  /** File name of the program. */
  readonly script: string;
  readonly upMs: number;
  /** File name of the manifest; undefined when there is none. */
  readonly manifest: string | undefined;
  readonly functions: readonly FunctionView[];
  readonly backends: readonly BackendView[];
  /** Invalidations by scope and origin: `tag, local` and so on. */
  readonly invalidations: readonly Tally[];
  /** Code and message of each process warning of cachekit. */
  readonly notices: readonly { readonly code: string; readonly message: string }[];
}
