// Defines every metric: name, type, help, and labels with all their values. Dashboards, alerts and
// docs/guide/metrics.md follow this file.
import type { CacheEvents, CallReason } from '../../observe/events.ts';

/** All values of a label; `open`: whatever the application declares, limited by `label-values.ts`. */
type LabelValues = 'open' | readonly string[];

/** One metric. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
}

type BackendEvent = CacheEvents['cachekit:backend'];
type Invalidation = CacheEvents['cachekit:invalidate'];

/** Lists all members of a union type: a member without a line does not compile. */
const all = <T extends string>(values: Readonly<Record<T, true>>): readonly T[] => Object.keys(values) as T[]; // the record's own keys

const OPERATIONS = all<BackendEvent['operation']>({
  get: true,
  set: true,
  delete: true,
  lock: true,
  fence: true,
  bus: true,
  ping: true,
});

const OUTCOMES = all<BackendEvent['outcome']>({
  ok: true,
  timeout: true,
  transient: true,
  permanent: true,
  auth: true,
  open: true,
  rejected: true,
});

const DISCARDS = all<CacheEvents['cachekit:discard']['reason']>({
  checksum: true,
  shape: true,
  version: true,
  tamper: true,
  'unknown-key': true,
  'other-key': true,
  superseded: true,
  replayed: true,
  decode: true,
  'too-large': true,
  unstorable: true,
  expired: true,
});

const REASONS = all<CallReason>({
  disabled: true,
  closed: true,
  scope: true,
  when: true,
  unkeyable: true,
  'no-key': true,
  absent: true,
  expired: true,
  discarded: true,
  timeout: true,
  open: true,
  rejected: true,
  backend: true,
  swr: true,
  error: true,
  slow: true,
});

const CAUSES = all<CacheEvents['cachekit:run']['cause']>({ miss: true, refresh: true, bypass: true });
const SCOPES = all<Invalidation['scope']>({ call: true, function: true, tag: true, namespace: true });
const ORIGINS = all<Invalidation['origin']>({ local: true, remote: true });

/** Histogram bounds in seconds: from a call answered within the machine to the longest wait for a backend. */
export const BUCKETS_SECONDS: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** All metrics by name. */
export const METRICS = {
  redis_cache_operations_total: {
    type: 'counter',
    help: 'Calls of cached functions (get: hit, stale, miss, bypass) and writes to the second tier (set: success, error).',
    labels: {
      operation: ['get', 'set'],
      status: ['hit', 'stale', 'miss', 'bypass', 'success', 'error'],
      serializer: 'open',
      namespace: 'open',
    },
  },
  redis_cache_operation_duration_seconds: {
    type: 'histogram',
    help: 'Duration of calls that memory could not answer: hits in the second tier, and misses with their function.',
    labels: { operation: ['get'], status: ['hit', 'stale', 'miss'], namespace: 'open' },
  },
  redis_circuit_breaker_state: {
    type: 'gauge',
    help: 'Circuit breaker of a backend: 0 closed, 1 open, 2 half-open.',
    labels: { backend: 'open' },
  },
  redis_connection_pool_utilization: {
    type: 'gauge',
    help: 'Share of the places for operations at once that are taken, 0 to 1.',
    labels: { backend: 'open' },
  },
  redis_connection_pool_usage: {
    type: 'gauge',
    help: 'Places for operations at once: all of them, free ones, taken ones. Connections are pipelined, places run out.',
    labels: { backend: 'open', state: ['created', 'available', 'in_use'] },
  },
  redis_serialization_fallbacks_total: {
    type: 'counter',
    help: 'Results with properties beyond their declared type: stored in the slower, tagged form.',
    labels: { serializer: 'open', namespace: 'open' },
  },
  redis_cache_tier_hits_total: {
    type: 'counter',
    help: 'Hits by the tier that answered.',
    labels: { tier: ['memory', 'backend'], namespace: 'open' },
  },
  redis_cache_left_memory_total: {
    type: 'counter',
    help: 'Misses, bypasses and stale answers from the second tier by reason.',
    labels: { status: ['stale', 'miss', 'bypass'], reason: REASONS, namespace: 'open' },
  },
  redis_cache_function_duration_seconds: {
    type: 'histogram',
    help: 'Duration of runs of cached functions, by cause and outcome.',
    labels: { cause: CAUSES, outcome: ['ok', 'error'], namespace: 'open' },
  },
  redis_cache_discards_total: {
    type: 'counter',
    help: 'Entries that were not used, and results that were not stored, by reason.',
    labels: { reason: DISCARDS, namespace: 'open' },
  },
  redis_cache_invalidations_total: {
    type: 'counter',
    help: 'Invalidations. complete="false": a backend was away, and is told when it is back.',
    labels: { scope: SCOPES, origin: ORIGINS, complete: ['true', 'false'] },
  },
  redis_cache_previous_key_reads_total: {
    type: 'counter',
    help: 'Entries read that a previous master key sealed. When it no longer rises, that key can go.',
    labels: { namespace: 'open' },
  },
  redis_cache_l1_entries: {
    type: 'gauge',
    help: 'Entries in the memory of this process.',
    labels: { namespace: 'open' },
  },
  redis_cache_l1_bytes: {
    type: 'gauge',
    help: 'Approximate size of the entries in the memory of this process.',
    labels: { namespace: 'open' },
  },
  redis_cache_l1_max_bytes: {
    type: 'gauge',
    help: 'Limit of the memory of this process. The entries used longest ago leave when it is reached.',
    labels: { namespace: 'open' },
  },
  redis_cache_backend_up: {
    type: 'gauge',
    help: '1: the backend answers. 0: it is down, or refuses us.',
    labels: { backend: 'open' },
  },
  redis_cache_backend_operations_total: {
    type: 'counter',
    help: 'Backend operations by outcome. open: not tried, the breaker is open. rejected: not tried, no place was free.',
    labels: { backend: 'open', operation: OPERATIONS, outcome: OUTCOMES },
  },
  redis_cache_backend_operation_duration_seconds: {
    type: 'histogram',
    help: 'Duration of backend operations that were tried.',
    labels: { backend: 'open', operation: OPERATIONS },
  },
  redis_cache_notices_total: {
    type: 'counter',
    help: 'Things a developer must hear once per process, by code.',
    labels: { code: 'open' },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

/** Name of a metric. */
export type MetricName = keyof typeof METRICS;
