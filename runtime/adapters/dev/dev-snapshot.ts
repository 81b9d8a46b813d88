// What the dev view shows: names, numbers and reasons. Never a key, an argument or a value.
import type { CacheStats } from '../../observe/stats.ts';
import type { LatencyHistogram } from './latency-histogram.ts';

/** One reason, or one name of something, and how often it was. */
export interface Tally {
  readonly name: string;
  readonly count: number;
}

export type FunctionCounts = Pick<
  CacheStats,
  'calls' | 'hits' | 'stale' | 'misses' | 'bypasses' | 'l1Hits' | 'l2Hits' | 'entries' | 'bytes'
>;

export interface FunctionView {
  readonly id: string;
  readonly name: string;
  /** `src/user.ts:12`, from the manifest. */
  readonly place: string | undefined;
  readonly profile: string;
  readonly namespace: string;
  readonly serializer: string;
  /** Parts of the key by name, from the manifest. */
  readonly key: readonly string[];
  /** Why the profile is that one, from the manifest. */
  readonly why: string | undefined;
  /** undefined before the first call. */
  readonly ttlMs: number | undefined;
  /** undefined: its module is not loaded. */
  readonly counts: FunctionCounts | undefined;
  /** `stale: swr`, `miss: absent`, `bypass: when`. */
  readonly reasons: readonly Tally[];
  /** Entries not used and results not stored. */
  readonly discards: readonly Tally[];
  /** Hits of the second tier. Hits in memory are not timed: that would cost more than they do. */
  readonly backendHits: LatencyHistogram;
  /** Runs of the function. */
  readonly runs: LatencyHistogram;
  readonly failedRuns: number;
}

export interface BackendView {
  readonly name: string;
  /** `ok`, `timeout` and so on. */
  readonly outcomes: readonly Tally[];
  readonly operations: LatencyHistogram;
  /** `backend down`, `breaker open`: the last one heard of each. */
  readonly states: readonly string[];
}

export interface DevSnapshot {
  readonly version: 1;
  readonly pid: number;
  readonly script: string;
  readonly upMs: number;
  /** Of the manifest; undefined: there is none. */
  readonly manifest: string | undefined;
  readonly functions: readonly FunctionView[];
  readonly backends: readonly BackendView[];
  /** `tag, local` and so on. */
  readonly invalidations: readonly Tally[];
  /** Code and message, as the process warning said it. */
  readonly notices: readonly { readonly code: string; readonly message: string }[];
}
