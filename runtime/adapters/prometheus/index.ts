// `cachekit/prometheus`: exports the metrics of all cached functions of this process on a prom-client registry.
import { register } from 'prom-client';
import { currentEnvironment } from '../../config/current.ts';
import { checkNames } from '../../config/setting-names.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { subscribe } from '../../observe/publish.ts';
import type { AnyRegistry } from './any-registry.ts';
import { readBackends } from './backend-readings.ts';
import { METRICS } from './metric-definitions.ts';
import { createMetricSet, type MetricSet } from './metric-set.ts';
import { createSiteReader, type SiteReading } from './site-totals.ts';

/** Options of `prometheus()`. */
export interface PrometheusOptions {
  /** Default: the global registry of prom-client. */
  readonly registry?: AnyRegistry;
}

interface Running {
  readonly metrics: MetricSet;
  readonly stop: () => void;
}

/** Shared by all copies of the package in this process, because a registry accepts each metric name only once. */
const SLOT = Symbol.for('cachekit.1.prometheus');

function running(): WeakMap<AnyRegistry, Running> {
  const holder = globalThis as { [SLOT]?: WeakMap<AnyRegistry, Running> }; // nobody else uses this symbol
  return (holder[SLOT] ??= new WeakMap());
}

/**
 * Starts exporting and returns a function that stops it. While it runs, a second call for the same registry returns the
 * same function. Does nothing with CACHEKIT_ENABLE_PROMETHEUS_METRICS=false.
 * @throws ERR_CACHEKIT_CONFIG for an unknown option, or when the registry has a metric of one of our names
 */
export function prometheus(options: PrometheusOptions = {}): () => void {
  checkNames(options, ['registry'], 'prometheus()');
  if (currentEnvironment().prometheus === false) return () => undefined;
  const registry = options.registry ?? register;
  const known = running().get(registry);
  if (known?.metrics.isRegistered() === true) return known.stop;
  known?.stop();
  const taken = Object.keys(METRICS).find((name) => registry.getSingleMetric(name) !== undefined);
  if (taken !== undefined) {
    throw new CacheKitError('ERR_CACHEKIT_CONFIG', `The registry already has a metric \`${taken}\`.`);
  }
  const started = start(registry);
  running().set(registry, started);
  return started.stop;
}

function start(registry: AnyRegistry): Running {
  const readSites = createSiteReader();
  const primed = new Set<string>();
  const metrics = createMetricSet(registry, () => {
    collectSites(metrics, readSites(), primed);
    collectBackends(metrics, primed);
  });
  metrics.prime('redis_cache_invalidations_total', {});
  const stops = listen(metrics);
  return {
    metrics,
    stop() {
      for (const stop of stops) stop();
      metrics.unregister();
      const current = running().get(registry);
      if (current?.metrics === metrics) running().delete(registry);
    },
  };
}

/** Counts events. A memory hit publishes none of these: the sites count it, and are read at scrape time. */
function listen(metrics: MetricSet): (() => void)[] {
  return [
    subscribe('cachekit:left-memory', ({ status, reason = '', namespace, durationMs }) => {
      if (status !== 'hit') metrics.add('redis_cache_left_memory_total', { status, reason, namespace });
      if (status === 'bypass') return; // its duration is that of the function alone
      const labels = { operation: 'get', status, namespace };
      metrics.observe('redis_cache_operation_duration_seconds', labels, durationMs / 1000);
    }),
    subscribe('cachekit:run', ({ cause, ok, namespace, durationMs }) => {
      const labels = { cause, outcome: ok ? 'ok' : 'error', namespace };
      metrics.observe('redis_cache_function_duration_seconds', labels, durationMs / 1000);
    }),
    subscribe('cachekit:discard', ({ reason, namespace }) =>
      metrics.add('redis_cache_discards_total', { reason, namespace }),
    ),
    subscribe('cachekit:invalidate', ({ scope, origin, complete }) =>
      metrics.add('redis_cache_invalidations_total', { scope, origin, complete: String(complete) }),
    ),
    subscribe('cachekit:backend', ({ backend, operation, outcome, durationMs }) => {
      metrics.add('redis_cache_backend_operations_total', { backend, operation, outcome });
      if (outcome === 'open' || outcome === 'rejected') return; // the backend was not asked
      const labels = { backend, operation };
      metrics.observe('redis_cache_backend_operation_duration_seconds', labels, durationMs / 1000);
    }),
    subscribe('cachekit:notice', ({ code }) => metrics.add('redis_cache_notices_total', { code })),
  ];
}

function collectSites(metrics: MetricSet, readings: readonly SiteReading[], primed: Set<string>): void {
  const memory = new Map<string, { entries: number; bytes: number; maxBytes: number }>();
  for (const reading of readings) {
    const { namespace, entries, bytes, maxBytes = 0 } = reading;
    if (!primed.has(`namespace ${namespace}`)) {
      primed.add(`namespace ${namespace}`);
      metrics.prime('redis_cache_discards_total', { namespace });
      metrics.prime('redis_cache_left_memory_total', { namespace });
    }
    addTotals(metrics, reading);
    const sum = memory.get(namespace) ?? { entries: 0, bytes: 0, maxBytes: 0 };
    memory.set(namespace, {
      entries: sum.entries + entries,
      bytes: sum.bytes + bytes,
      maxBytes: Math.max(sum.maxBytes, maxBytes),
    });
  }
  metrics.clear('redis_cache_l1_entries');
  metrics.clear('redis_cache_l1_bytes');
  metrics.clear('redis_cache_l1_max_bytes');
  for (const [namespace, { entries, bytes, maxBytes }] of memory) {
    metrics.set('redis_cache_l1_entries', { namespace }, entries);
    metrics.set('redis_cache_l1_bytes', { namespace }, bytes);
    metrics.set('redis_cache_l1_max_bytes', { namespace }, maxBytes);
  }
}

function addTotals(metrics: MetricSet, { namespace, serializer, added }: SiteReading): void {
  const count = (operation: string, status: string, amount: number): void =>
    metrics.add('redis_cache_operations_total', { operation, status, serializer, namespace }, amount);
  count('get', 'hit', added.memoryHits + added.backendHits);
  count('get', 'stale', added.stale);
  count('get', 'miss', added.misses);
  count('get', 'bypass', added.bypasses);
  count('set', 'success', added.writes);
  count('set', 'error', added.failedWrites);
  metrics.add('redis_cache_tier_hits_total', { tier: 'memory', namespace }, added.memoryHits);
  metrics.add('redis_cache_tier_hits_total', { tier: 'backend', namespace }, added.backendHits);
  metrics.add('redis_serialization_fallbacks_total', { serializer, namespace }, added.fallbacks);
  metrics.add('redis_cache_previous_key_reads_total', { namespace }, added.previousKeyReads);
}

function collectBackends(metrics: MetricSet, primed: Set<string>): void {
  const gauges = [
    'redis_circuit_breaker_state',
    'redis_cache_backend_up',
    'redis_connection_pool_utilization',
    'redis_connection_pool_usage',
  ] as const;
  for (const gauge of gauges) metrics.clear(gauge);
  for (const { backend, isUp, breaker, places, taken } of readBackends()) {
    if (!primed.has(`backend ${backend}`)) {
      primed.add(`backend ${backend}`);
      metrics.prime('redis_cache_backend_operations_total', { backend });
    }
    metrics.set('redis_circuit_breaker_state', { backend }, breaker);
    metrics.set('redis_cache_backend_up', { backend }, isUp ? 1 : 0);
    metrics.set('redis_connection_pool_utilization', { backend }, places === 0 ? 0 : taken / places);
    metrics.set('redis_connection_pool_usage', { backend, state: 'created' }, places);
    metrics.set('redis_connection_pool_usage', { backend, state: 'available' }, places - taken);
    metrics.set('redis_connection_pool_usage', { backend, state: 'in_use' }, taken);
  }
}
