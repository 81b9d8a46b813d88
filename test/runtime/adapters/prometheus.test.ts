import { Counter, Registry, type OpenMetricsContentType } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { prometheus } from '../../../runtime/adapters/prometheus/index.ts';
import { METRICS } from '../../../runtime/adapters/prometheus/metric-definitions.ts';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { cacheOf, configure, flush, type Backend } from '../../../runtime/index.ts';
import { isObserved } from '../../../runtime/observe/publish.ts';
import { faultyBackend } from '../../../runtime/testing/faulty-backend.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, textValue } from '../site/hand-written.ts';

let registry: Registry;
let stop: () => void = () => undefined;

beforeEach(async () => {
  await resetCacheKit();
  registry = new Registry();
});
afterEach(() => {
  stop();
  vi.unstubAllEnvs();
  forgetEnvironment();
});

interface Sample {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** Sum of the samples whose labels include these. */
async function total(name: string, labels: Record<string, string> = {}): Promise<number> {
  await registry.metrics();
  const metric = await registry.getSingleMetric(name)!.get();
  const samples = metric.values as Sample[];
  return samples
    .filter((sample) => (sample.metricName ?? name) === name || sample.metricName === `${name}_count`)
    .filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, sample) => sum + sample.value, 0);
}

let serial = 0;
/** A namespace no other test has used: sites live as long as the process. */
const own = (): { namespace: string; settings: { namespace: string } } => {
  const namespace = `prom-${++serial}`;
  return { namespace, settings: { namespace } };
};

describe('prometheus()', () => {
  it('counts hits, misses and tiers without listening to calls', async () => {
    stop = prometheus({ registry });
    expect(isObserved('cachekit:call')).toBe(false);
    const { namespace, settings } = own();
    const load = oneNumber(async () => 'x', { value: textValue, settings });
    for (let i = 0; i < 5000; i++) await load(1);
    await flush();
    expect(await total('redis_cache_operations_total', { namespace, status: 'hit' })).toBe(4999);
    expect(
      await total('redis_cache_operations_total', { namespace, status: 'miss', serializer: 'std' }),
    ).toBe(1);
    expect(await total('redis_cache_operations_total', { namespace, operation: 'set' })).toBe(1);
    expect(await total('redis_cache_tier_hits_total', { namespace, tier: 'memory' })).toBe(4999);
    expect(await total('redis_cache_left_memory_total', { namespace, reason: 'absent' })).toBe(1);
    expect(await total('redis_cache_function_duration_seconds', { namespace, outcome: 'ok' })).toBe(1);
    expect(await total('redis_cache_l1_entries', { namespace })).toBe(1);
    expect(await total('redis_cache_l1_bytes', { namespace })).toBeGreaterThan(0);
    cacheOf(load).stats();
    await load(1);
    expect(await total('redis_cache_operations_total', { namespace, status: 'hit' })).toBe(5000);
  });

  it('agrees with stats(), also after entries were dropped', async () => {
    stop = prometheus({ registry });
    const { namespace, settings } = own();
    const load = oneNumber(async () => 'x', { value: textValue, settings });
    for (let i = 0; i < 100; i++) await load(i % 7);
    await cacheOf(load).invalidateAll();
    for (let i = 0; i < 50; i++) await load(i % 3);
    const { hits, misses } = cacheOf(load).stats();
    expect(await total('redis_cache_operations_total', { namespace, operation: 'get', status: 'hit' })).toBe(
      hits,
    );
    expect(await total('redis_cache_operations_total', { namespace, status: 'miss' })).toBe(misses);
    expect(await total('redis_cache_invalidations_total', { scope: 'function', complete: 'true' })).toBe(1);
  });

  it('says what a backend does, and what its breaker thinks', async () => {
    stop = prometheus({ registry });
    const backend = {
      ...faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]),
      name: 'broken',
    };
    configure({ backend, circuitBreaker: { failureThreshold: 2, recoveryTimeout: '1h' } });
    const { namespace, settings } = own();
    const load = oneNumber(async () => 'x', { value: textValue, settings });
    for (let i = 0; i < 4; i++) await load(i);
    await flush();
    expect(await total('redis_circuit_breaker_state', { backend: 'broken' })).toBe(1);
    expect(await total('redis_cache_backend_up', { backend: 'broken' })).toBe(0);
    const failed = { backend: 'broken', operation: 'get', outcome: 'transient' };
    expect(await total('redis_cache_backend_operations_total', failed)).toBeGreaterThanOrEqual(2);
    expect(await total('redis_cache_backend_operations_total', { outcome: 'open' })).toBeGreaterThan(0);
    expect(await total('redis_cache_left_memory_total', { namespace, reason: 'open' })).toBeGreaterThan(0);
    configure({ backend: memoryBackend() });
    expect(await total('redis_circuit_breaker_state', { backend: 'broken' })).toBe(0);
    expect(await registry.metrics()).not.toMatch(/redis_circuit_breaker_state\{backend="broken"\}/);
  });

  it('shows how many places of a backend are taken', async () => {
    stop = prometheus({ registry });
    const { promise, open } = gate();
    const inner = memoryBackend();
    const slow: Backend = {
      ...inner,
      name: 'slow',
      async get(key, signal) {
        await promise;
        return inner.get(key, signal);
      },
    };
    configure({ backend: slow, backpressure: { maxConcurrent: 10 }, timeout: { initial: '10s' } });
    const load = oneNumber(async () => 'x', { value: textValue });
    const running = load(1);
    await vi.waitFor(
      async () =>
        expect(
          await total('redis_connection_pool_usage', { backend: 'slow', state: 'in_use' }),
        ).toBeGreaterThan(0),
      8000,
    );
    expect(await total('redis_connection_pool_usage', { backend: 'slow', state: 'created' })).toBe(10);
    expect(await total('redis_connection_pool_utilization', { backend: 'slow' })).toBeLessThan(1);
    open();
    await running;
  });

  it('makes the series of every reason before the first of it happens', async () => {
    stop = prometheus({ registry });
    const { namespace, settings } = own();
    oneNumber(async () => 'x', { value: textValue, settings });
    const text = await registry.metrics();
    expect(text).toContain(`redis_cache_discards_total{reason="tamper",namespace="${namespace}"} 0`);
  });

  it('counts results that are not of their declared type', async () => {
    stop = prometheus({ registry });
    const { namespace, settings } = own();
    const wide = oneNumber(async (id) => ({ id, tags: [], more: true }), { settings });
    await wide(1);
    expect(await total('redis_serialization_fallbacks_total', { namespace })).toBe(1);
    const wrong = oneNumber(async () => 'no user', { settings });
    await wrong(1);
    expect(await total('redis_cache_discards_total', { namespace, reason: 'unstorable' })).toBe(1);
  });

  it('runs once per registry, and may be stopped and started again', async () => {
    stop = prometheus({ registry });
    expect(prometheus({ registry })).toBe(stop);
    const other = prometheus({ registry: new Registry() });
    expect(other).not.toBe(stop);
    other();
    stop();
    expect(registry.getMetricsAsArray()).toEqual([]);
    stop = prometheus({ registry });
    expect(registry.getMetricsAsArray()).toHaveLength(Object.keys(METRICS).length);
    registry.clear();
    stop = prometheus({ registry });
    expect(registry.getMetricsAsArray()).toHaveLength(Object.keys(METRICS).length);
  });

  it('also fits a registry for OpenMetrics', async () => {
    const open = new Registry<OpenMetricsContentType>();
    open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const stopOpen = prometheus({ registry: open });
    expect(await open.metrics()).toContain('# TYPE redis_cache_operations counter');
    stopOpen();
  });

  it('refuses a registry that has one of its names, and leaves it as it was', () => {
    const name = 'redis_cache_operations_total';
    const foreign = new Counter({ name, help: 'x', registers: [registry] });
    expect(() => prometheus({ registry })).toThrow(/ERR_CACHEKIT_CONFIG/);
    expect(registry.getMetricsAsArray()).toEqual([foreign]);
  });

  it('does nothing when the environment turns it off', () => {
    vi.stubEnv('CACHEKIT_ENABLE_PROMETHEUS_METRICS', 'false');
    forgetEnvironment();
    stop = prometheus({ registry });
    expect(registry.getMetricsAsArray()).toEqual([]);
    expect(isObserved('cachekit:left-memory')).toBe(false);
  });

  it('has a fixed number of series whatever namespaces are made up', async () => {
    stop = prometheus({ registry });
    const made = Array.from({ length: 150 }, (_, i) =>
      oneNumber(async () => 'x', { value: textValue, settings: { namespace: `made-up-${i}` } }),
    );
    for (const load of made) await load(1);
    const { values } = await registry.getSingleMetric('redis_cache_l1_entries')!.get();
    expect(values.length).toBeLessThanOrEqual(101);
    expect(values.some((sample) => (sample.labels as { namespace?: string }).namespace === 'other')).toBe(
      true,
    );
  });
});
