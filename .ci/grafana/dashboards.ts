// The panels of the three dashboards.
import {
  counted,
  divided,
  minus,
  now,
  observedPerSecond,
  orZero,
  perSecond,
  quantile,
  type Query,
} from './query.ts';

export interface Panel {
  readonly title: string;
  readonly kind: 'timeseries' | 'stat';
  /** Grafana's name of the unit: percentunit, s, ops, bytes, short. */
  readonly unit: string;
  readonly queries: readonly { readonly query: Query; readonly legend: string }[];
}

export interface Dashboard {
  readonly file: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const namespace = '$namespace';
const backend = '$backend';

type Line = Panel['queries'][number];
const line = (legend: string, query: Query): Line => ({ legend, query });
const series = (title: string, unit: string, ...queries: readonly Line[]): Panel => ({
  title,
  kind: 'timeseries',
  unit,
  queries,
});
const stat = (title: string, unit: string, query: Query): Panel => ({
  title,
  kind: 'stat',
  unit,
  queries: [line('', query)],
});

const calls = (...status: readonly string[]): Query =>
  perSecond('redis_cache_operations_total', { operation: 'get', status, namespace });
const callsBy = (...status: readonly string[]): Query =>
  perSecond('redis_cache_operations_total', { operation: 'get', status, namespace }, ['namespace']);
/** Statuses of calls answered from the cache, stale values included. */
const ANSWERED = ['hit', 'stale'];
const hitRatio = divided(callsBy(...ANSWERED), callsBy(...ANSWERED, 'miss'));
const writes = (status: string): Query =>
  perSecond('redis_cache_operations_total', { operation: 'set', status, namespace });
const tried = (...outcome: readonly string[]): Query =>
  perSecond('redis_cache_backend_operations_total', { backend, outcome }, ['backend']);

export const OVERVIEW: Dashboard = {
  file: 'overview.json',
  title: 'cachekit / overview',
  panels: [
    stat('Hit ratio', 'percentunit', divided(calls(...ANSWERED), calls(...ANSWERED, 'miss'))),
    stat('Calls per second', 'ops', calls(...ANSWERED, 'miss', 'bypass')),
    stat('Backends that do not answer', 'short', counted('redis_cache_backend_up', { backend }, '== 0')),
    stat('Memory in use', 'bytes', now('sum', 'redis_cache_l1_bytes', { namespace })),
    series('Hit ratio by namespace', 'percentunit', line('{{namespace}}', hitRatio)),
    series(
      'Calls by outcome',
      'ops',
      line('hit', calls('hit')),
      line('stale', calls('stale')),
      line('miss', calls('miss')),
      line('bypass', calls('bypass')),
    ),
    series(
      'Hits by tier',
      'ops',
      line('{{tier}}', perSecond('redis_cache_tier_hits_total', { namespace }, ['tier'])),
    ),
    series(
      'Why calls left memory',
      'ops',
      line(
        '{{status}}: {{reason}}',
        perSecond('redis_cache_left_memory_total', { namespace }, ['status', 'reason']),
      ),
    ),
    series(
      'Entries in memory',
      'short',
      line('{{namespace}}', now('sum', 'redis_cache_l1_entries', { namespace }, ['namespace'])),
    ),
    series(
      'Invalidations',
      'ops',
      line('{{scope}} ({{origin}})', perSecond('redis_cache_invalidations_total', {}, ['scope', 'origin'])),
    ),
  ],
};

/** Outcomes of operations that were tried and failed; `open` and `rejected` were not tried. */
const FAILED = ['timeout', 'transient', 'permanent', 'auth'];

export const RELIABILITY: Dashboard = {
  file: 'reliability.json',
  title: 'cachekit / reliability',
  panels: [
    stat(
      'Worst breaker (0 closed, 1 open, 2 half-open)',
      'short',
      now('max', 'redis_circuit_breaker_state', { backend }),
    ),
    stat(
      'Backend failures',
      'percentunit',
      orZero(
        divided(
          perSecond('redis_cache_backend_operations_total', { backend, outcome: FAILED }),
          perSecond('redis_cache_backend_operations_total', { backend, outcome: ['ok', ...FAILED] }),
        ),
      ),
    ),
    stat('Writes that failed', 'ops', writes('error')),
    stat(
      'Entries that were tampered with, or put back',
      'ops',
      perSecond('redis_cache_discards_total', { reason: ['tamper', 'other-key', 'replayed'], namespace }),
    ),
    series(
      'Circuit breakers (0 closed, 1 open, 2 half-open)',
      'short',
      line('{{backend}}', now('max', 'redis_circuit_breaker_state', { backend }, ['backend'])),
    ),
    series(
      'Backends that answer',
      'short',
      line('{{backend}}', now('min', 'redis_cache_backend_up', { backend }, ['backend'])),
    ),
    series(
      'Backend operations by outcome',
      'ops',
      line(
        '{{backend}} {{outcome}}',
        perSecond('redis_cache_backend_operations_total', { backend }, ['backend', 'outcome']),
      ),
    ),
    series(
      'Not tried: breaker open, no place free',
      'ops',
      line('{{backend}} open', tried('open')),
      line('{{backend}} rejected', tried('rejected')),
    ),
    series(
      'Places for operations at once',
      'percentunit',
      line('{{backend}}', now('max', 'redis_connection_pool_utilization', { backend }, ['backend'])),
    ),
    series(
      'Places taken and free',
      'short',
      line(
        '{{backend}} {{state}}',
        now('sum', 'redis_connection_pool_usage', { backend }, ['backend', 'state']),
      ),
    ),
    series(
      'Entries discarded, by reason',
      'ops',
      line('{{reason}}', perSecond('redis_cache_discards_total', { namespace }, ['reason'])),
    ),
    series(
      'Entries of previous master keys',
      'ops',
      line('{{namespace}}', perSecond('redis_cache_previous_key_reads_total', { namespace }, ['namespace'])),
    ),
    series(
      'Invalidations that did not reach the backend',
      'ops',
      line('{{scope}}', perSecond('redis_cache_invalidations_total', { complete: 'false' }, ['scope'])),
    ),
    series('Notices', 'ops', line('{{code}}', perSecond('redis_cache_notices_total', {}, ['code']))),
  ],
};

const CALLS = 'redis_cache_operation_duration_seconds';
const RUNS = 'redis_cache_function_duration_seconds';
const OPERATIONS = 'redis_cache_backend_operation_duration_seconds';

export const PERFORMANCE: Dashboard = {
  file: 'performance.json',
  title: 'cachekit / performance',
  panels: [
    series(
      'Calls that left memory: hit in the second tier',
      's',
      line('p50', quantile(0.5, CALLS, { status: 'hit', namespace })),
      line('p95', quantile(0.95, CALLS, { status: 'hit', namespace })),
      line('p99', quantile(0.99, CALLS, { status: 'hit', namespace })),
    ),
    series(
      'Calls that left memory: miss',
      's',
      line('p50', quantile(0.5, CALLS, { status: 'miss', namespace })),
      line('p95', quantile(0.95, CALLS, { status: 'miss', namespace })),
      line('p99', quantile(0.99, CALLS, { status: 'miss', namespace })),
    ),
    series(
      'Calls that left memory: stale answer after waiting for the function',
      's',
      line('p50', quantile(0.5, CALLS, { status: 'stale', namespace })),
      line('p95', quantile(0.95, CALLS, { status: 'stale', namespace })),
      line('p99', quantile(0.99, CALLS, { status: 'stale', namespace })),
    ),
    series(
      'Functions, p95 by namespace',
      's',
      line('{{namespace}}', quantile(0.95, RUNS, { namespace }, ['namespace'])),
    ),
    series(
      'Runs of functions',
      'ops',
      line('{{cause}} {{outcome}}', observedPerSecond(RUNS, { namespace }, ['cause', 'outcome'])),
    ),
    series(
      'Runs saved by waiting for a running one',
      'ops',
      line('saved', minus(calls('miss'), observedPerSecond(RUNS, { cause: 'miss', namespace }))),
    ),
    series(
      'Backend operations, p99',
      's',
      line('{{backend}} {{operation}}', quantile(0.99, OPERATIONS, { backend }, ['backend', 'operation'])),
    ),
    series(
      'Backend operations',
      'ops',
      line('{{backend}} {{operation}}', observedPerSecond(OPERATIONS, { backend }, ['backend', 'operation'])),
    ),
    series(
      'Memory against its limit',
      'bytes',
      line('{{namespace}}', now('max', 'redis_cache_l1_bytes', { namespace }, ['namespace'])),
      line('{{namespace}} limit', now('max', 'redis_cache_l1_max_bytes', { namespace }, ['namespace'])),
    ),
    series(
      'Results in the slower, tagged form',
      'ops',
      line(
        '{{namespace}} {{serializer}}',
        perSecond('redis_serialization_fallbacks_total', { namespace }, ['namespace', 'serializer']),
      ),
    ),
    series(
      'Writes to the second tier',
      'ops',
      line('success', writes('success')),
      line('error', writes('error')),
    ),
  ],
};

export const DASHBOARDS: readonly Dashboard[] = [OVERVIEW, RELIABILITY, PERFORMANCE];
