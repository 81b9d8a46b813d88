// The alert rules. Each alert has a section under its name in docs/guide/operating.md.
import { and, compared, divided, increase, now, perSecond, quantile, type Query } from './query.ts';

export interface Alert {
  readonly name: string;
  readonly severity: 'warning' | 'critical';
  /** How long the condition must hold before the alert fires. */
  readonly for: string;
  readonly summary: string;
  readonly query: Query;
}

const FAILED = ['timeout', 'transient', 'permanent'];
/**
 * Outcomes of operations that were tried. Counting the others (`open`, `rejected`) would let an open breaker hide
 * failures.
 */
const TRIED = ['ok', 'auth', ...FAILED];
/** Statuses of calls answered from the cache, stale values included. */
const ANSWERED = ['hit', 'stale'];
const backendRate = (where: { outcome?: readonly string[] }): Query =>
  perSecond('redis_cache_backend_operations_total', where, ['backend'], '5m');
const callRate = (status: readonly string[]): Query =>
  perSecond('redis_cache_operations_total', { operation: 'get', status }, ['namespace'], '15m');

export const ALERTS: readonly Alert[] = [
  {
    name: 'CachekitBackendDown',
    severity: 'critical',
    for: '5m',
    summary: 'The backend {{ $labels.backend }} does not answer.',
    query: compared(now('min', 'redis_cache_backend_up', {}, ['backend']), '== 0'),
  },
  {
    name: 'CachekitBreakerOpen',
    severity: 'warning',
    for: '2m',
    summary: 'The circuit breaker of {{ $labels.backend }} is open in at least one process.',
    query: compared(now('max', 'redis_circuit_breaker_state', {}, ['backend']), '> 0'),
  },
  {
    name: 'CachekitAccessRefused',
    severity: 'critical',
    for: '0m',
    summary: 'The backend {{ $labels.backend }} refuses our credentials or rights.',
    query: compared(
      increase('redis_cache_backend_operations_total', { outcome: 'auth' }, ['backend'], '10m'),
      '> 0',
    ),
  },
  {
    name: 'CachekitBackendErrors',
    severity: 'warning',
    for: '10m',
    summary: 'More than 5 % of the operations on {{ $labels.backend }} fail.',
    query: compared(divided(backendRate({ outcome: FAILED }), backendRate({ outcome: TRIED })), '> 0.05'),
  },
  {
    name: 'CachekitBackendSlow',
    severity: 'warning',
    for: '10m',
    summary: 'One read in a hundred from {{ $labels.backend }} takes longer than 100 ms.',
    query: compared(
      quantile(
        0.99,
        'redis_cache_backend_operation_duration_seconds',
        { operation: 'get' },
        ['backend'],
        '5m',
      ),
      '> 0.1',
    ),
  },
  {
    name: 'CachekitBackendSaturated',
    severity: 'warning',
    for: '5m',
    summary: 'Operations on {{ $labels.backend }} find no free place and are not tried.',
    query: compared(backendRate({ outcome: ['rejected'] }), '> 0'),
  },
  {
    name: 'CachekitEntriesTampered',
    severity: 'critical',
    for: '0m',
    summary: 'Stored entries of {{ $labels.namespace }} are not what this application wrote.',
    query: compared(
      increase('redis_cache_discards_total', { reason: ['tamper', 'other-key'] }, ['namespace'], '10m'),
      '> 0',
    ),
  },
  {
    name: 'CachekitEntriesDamaged',
    severity: 'warning',
    for: '0m',
    summary: 'Stored entries of {{ $labels.namespace }} cannot be read.',
    query: compared(
      increase('redis_cache_discards_total', { reason: ['checksum', 'decode'] }, ['namespace'], '10m'),
      '> 0',
    ),
  },
  {
    name: 'CachekitUnknownKey',
    severity: 'warning',
    for: '5m',
    summary: 'Entries of {{ $labels.namespace }} are encrypted with a key this process does not have.',
    query: compared(
      increase('redis_cache_discards_total', { reason: 'unknown-key' }, ['namespace'], '10m'),
      '> 0',
    ),
  },
  {
    name: 'CachekitResultsNotStored',
    severity: 'warning',
    for: '15m',
    summary: 'Results of {{ $labels.namespace }} are returned but not cached.',
    query: compared(
      increase('redis_cache_discards_total', { reason: ['unstorable', 'too-large'] }, ['namespace'], '15m'),
      '> 0',
    ),
  },
  {
    name: 'CachekitInvalidationIncomplete',
    severity: 'critical',
    for: '0m',
    summary: 'An invalidation did not reach the backend.',
    query: compared(increase('redis_cache_invalidations_total', { complete: 'false' }, [], '10m'), '> 0'),
  },
  {
    name: 'CachekitHitRatioLow',
    severity: 'warning',
    for: '30m',
    summary: 'Less than half of the calls of {{ $labels.namespace }} are answered by the cache.',
    query: and(
      compared(divided(callRate(ANSWERED), callRate([...ANSWERED, 'miss'])), '< 0.5'),
      compared(callRate([...ANSWERED, 'miss']), '> 1'),
    ),
  },
  {
    name: 'CachekitBypassed',
    severity: 'warning',
    for: '15m',
    summary: 'More than 10 % of the calls of {{ $labels.namespace }} do not use the cache.',
    query: compared(divided(callRate(['bypass']), callRate([...ANSWERED, 'miss', 'bypass'])), '> 0.1'),
  },
];
