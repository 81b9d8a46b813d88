// Health and counters, in full shape, and that the counters add up whatever happens.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import {
  BackendError,
  cacheOf,
  checkHealth,
  configure,
  flush,
  subscribe,
  withoutCache,
  type Backend,
  type CacheStats,
} from '../../../runtime/index.ts';
import { faultyBackend } from '../../../runtime/testing/faulty-backend.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { byQuery, oneNumber, syncNumber, textValue, type Query } from './hand-written.ts';

beforeEach(resetCacheKit);
afterEach(() => vi.unstubAllEnvs());

describe('health of a function', () => {
  it('has its full shape, and the configured limits before the first call', () => {
    configure({
      backend: memoryBackend(),
      timeout: { initial: '300ms' },
      backpressure: { maxConcurrent: 7 },
    });
    const load = oneNumber(async () => 'x', { value: textValue, settings: { namespace: 'shop' } });
    expect(cacheOf(load).getHealthStatus()).toEqual({
      namespace: 'shop',
      featuresEnabled: {
        circuitBreaker: true,
        adaptiveTimeout: true,
        backpressure: true,
        statistics: true,
        structuredLogging: false,
      },
      circuitBreaker: {
        state: 'CLOSED',
        failureCount: 0,
        successCount: 0,
        lastFailureTime: null,
        nextAttempt: null,
      },
      backpressure: { maxConcurrent: 7, currentRequests: 0, rejectedRequests: 0 },
      adaptiveTimeout: { currentTimeout: 0.3, baseTimeout: 0.3, averageDuration: 0 },
    });
  });

  it('says which features are off', () => {
    const load = oneNumber(async () => 'x', { value: textValue });
    const features = () => cacheOf(load).getHealthStatus().featuresEnabled;
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    configure({ backend: 'none', logger });
    expect(features()).toMatchObject({ circuitBreaker: false, backpressure: false, structuredLogging: true });
    configure({ backend: memoryBackend(), circuitBreaker: false, timeout: { adaptive: false } });
    expect(features()).toMatchObject({ circuitBreaker: false, adaptiveTimeout: false, backpressure: true });
  });

  it('tells times in seconds', async () => {
    const clock = manualClock(Date.UTC(2026, 0, 1));
    const backend = faultyBackend(memoryBackend({ clock }), [{ do: 'transient' }]);
    configure({ backend, clock, circuitBreaker: { failureThreshold: 1 } });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await flush();
    const { circuitBreaker, adaptiveTimeout } = cacheOf(load).getHealthStatus();
    expect(circuitBreaker).toMatchObject({ state: 'OPEN', lastFailureTime: Date.UTC(2026, 0, 1) / 1000 });
    expect(circuitBreaker.nextAttempt).toBeGreaterThan(Date.UTC(2026, 0, 1) / 1000);
    expect(adaptiveTimeout.baseTimeout).toBe(0.25);
  });

  it('comes together with the health of all', async () => {
    configure({ backend: memoryBackend() });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    expect(await cacheOf(load).checkHealth()).toEqual({
      decorator: cacheOf(load).getHealthStatus(),
      system: {
        status: 'healthy',
        redisConnection: 'unused',
        connectionPool: { createdConnections: 0, availableConnections: 0, inUseConnections: 0 },
        backends: { memory: { kind: 'memory', status: 'up', latencyMs: expect.any(Number) } },
      },
    });
  });
});

describe('health of all', () => {
  it('is unhealthy exactly while secure functions reject', async () => {
    for (const name of ['NODE_ENV', 'VITEST', 'NODE_TEST_CONTEXT']) vi.stubEnv(name, '');
    forgetEnvironment();
    configure({ backend: 'none' });
    const load = oneNumber(async () => 'x', { value: textValue, profile: 'secure' });
    await expect(load(1)).rejects.toThrow(/NO_MASTER_KEY/);
    expect((await checkHealth()).status).toBe('unhealthy');
    configure({ encryption: { masterKey: keygen() } });
    await load(1);
    expect((await checkHealth()).status).toBe('healthy');
  });
});

/** Answers, fails and throws, by its argument. */
const outcome = (id: number): string => {
  if (id % 7 === 3) throw new Error('expected');
  return `v${id}`;
};

function mixed() {
  const load = oneNumber(async (id) => outcome(id), { value: textValue });
  const calc = syncNumber(outcome, { value: textValue });
  const search = byQuery(async (query) => outcome(query.userId));
  const unkeyable = { userId: 1, words: (() => undefined) as never } satisfies Query;
  const attempt = async (call: () => unknown): Promise<void> => {
    try {
      await call();
    } catch {
      // The function's own error.
    }
  };
  const calls = { load: 0, calc: 0, search: 0 };
  const step = async (i: number): Promise<void> => {
    const id = i % 40;
    calls.load += 3;
    calls.calc += 2;
    calls.search += 2;
    await Promise.all([attempt(() => load(id)), attempt(() => load(id))]);
    await attempt(() => withoutCache(() => load(id)));
    await attempt(() => calc(id));
    await attempt(() => calc(i % 5));
    await attempt(() => search({ userId: id, words: ['a'] }));
    await attempt(() => search(i % 3 === 0 ? unkeyable : { userId: id }));
    if (i % 50 === 0) await cacheOf(load).invalidate(id);
    if (i % 90 === 0) await cacheOf(search).invalidateAll();
    if (i % 70 === 0) {
      await flush();
      configure({}); // as in another process: memory is empty, the backend is not
    }
    if (i % 60 === 0) await attempt(() => cacheOf(load).refresh(id));
  };
  const stats = (): Record<keyof typeof calls, CacheStats> => ({
    load: cacheOf(load).stats(),
    calc: cacheOf(calc).stats(),
    search: cacheOf(search).stats(),
  });
  return { calls, step, stats };
}

function expectSums(stats: CacheStats, calls: number): void {
  expect(stats.calls).toBe(calls);
  expect(stats.hits + stats.stale + stats.misses + stats.bypasses).toBe(calls);
  expect(stats.l1Hits + stats.l2Hits).toBe(stats.hits);
}

describe('counters', () => {
  it.each([false, true])('add up under mixed load, observed: %s', async (isObserved) => {
    const backend: Backend = faultyBackend(memoryBackend(), [
      { operation: 'get', from: 100, count: 3, do: 'transient' },
      { operation: 'get', from: 160, count: 4, do: 'corrupt' },
    ]);
    configure({ backend });
    const events: Record<string, number> = {};
    const stop = isObserved
      ? subscribe('cachekit:call', ({ status }) => void (events[status] = (events[status] ?? 0) + 1))
      : () => undefined;
    const { calls, step, stats } = mixed();
    for (let i = 0; i < 400; i++) await step(i);
    stop();
    const all = stats();
    for (const name of ['load', 'calc', 'search'] as const) expectSums(all[name], calls[name]);
    for (const name of ['load', 'calc', 'search'] as const) expect(all[name].l2Hits).toBeGreaterThan(0);
    if (!isObserved) return;
    const sum = (field: 'hits' | 'misses' | 'bypasses'): number =>
      all.load[field] + all.calc[field] + all.search[field];
    expect(events).toEqual({ hit: sum('hits'), miss: sum('misses'), bypass: sum('bypasses') });
  });

  it('have their full shape', async () => {
    const clock = manualClock();
    configure({ backend: 'none', clock, l1: { maxSize: '3mb' } });
    const load = oneNumber(async () => 'x', { value: textValue });
    expect(cacheOf(load).stats()).toEqual({
      calls: 0,
      hits: 0,
      stale: 0,
      misses: 0,
      bypasses: 0,
      l1Hits: 0,
      l2Hits: 0,
      entries: 0,
      bytes: 0,
      maxBytes: 3 * 1024 ** 2,
      l2AvgLatencyMs: null,
      lastOperationAtMs: null,
    });
    await load(1);
    const beganMs = clock.nowMs();
    expect(cacheOf(load).stats().lastOperationAtMs).toBe(beganMs);
    await clock.advance(5000);
    expect(cacheOf(load).stats().lastOperationAtMs).toBe(beganMs);
    await load(1);
    await clock.advance(90_000);
    const seenMs = cacheOf(load).stats().lastOperationAtMs ?? 0;
    expect(seenMs - beganMs).toBeGreaterThanOrEqual(5000);
    expect(seenMs - beganMs).toBeLessThanOrEqual(35_100);
  });

  it('count reads of the second tier that take time', async () => {
    const inner = memoryBackend();
    const clock = manualClock();
    const backend: Backend = {
      ...inner,
      async get(key, signal) {
        await clock.advance(4);
        return inner.get(key, signal);
      },
    };
    configure({ backend, clock });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    expect(cacheOf(load).stats().l2AvgLatencyMs).toBeGreaterThanOrEqual(4);
  });
});

describe('after configure()', () => {
  it('the old guard of an own backend asks it nothing more, and does not close it', async () => {
    const clock = manualClock();
    const asked: string[] = [];
    const down = async (): Promise<never> => {
      asked.push('asked');
      throw new BackendError('transient', 'down');
    };
    const backend: Backend = {
      name: 'mine',
      get: down,
      set: down,
      delete: down,
      ping: down,
      close: async () => void asked.push('closed'),
    };
    configure({ backend, clock, circuitBreaker: { failureThreshold: 1 } });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await flush();
    await clock.advance(1000);
    expect(asked.length).toBeGreaterThan(2); // probes go on while it is down
    configure({ backend: 'none' });
    await flush();
    asked.length = 0;
    await clock.advance(60_000);
    expect(asked).toEqual([]);
  });

  it('the very next call has a guard of the new configuration', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const calc = syncNumber((id) => ({ id, tags: [] }));
    calc(1);
    await flush();
    configure({ backpressure: { maxConcurrent: 5 } });
    calc(2);
    expect(cacheOf(calc).getHealthStatus().backpressure.maxConcurrent).toBe(5);
    // Its log has been seen by now: before, nothing in the store can be trusted.
    await flush();
    calc(1);
    expect(cacheOf(calc).stats()).toMatchObject({ l2Hits: 1 });
  });
});
