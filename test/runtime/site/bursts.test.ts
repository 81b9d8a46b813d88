// Many results at once: all of them reach the second tier, and reads are not made to wait for it.
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, close, configure, flush, subscribe, type Backend } from '../../../runtime/index.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { watchStandstill } from '../../helpers/lateness.ts';
import { oneNumber, syncNumber, textValue } from './hand-written.ts';

beforeEach(resetCacheKit);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes a moment for each write and knows how many it had at once. */
function slowBackend(writeMs = 1) {
  const inner = memoryBackend();
  const { fence } = inner;
  if (fence === undefined) throw new Error('it has one');
  const state = { now: 0, most: 0, keys: new Set<string>() };
  const backend: Backend = {
    ...inner,
    name: 'slow',
    fence: {
      begin: (...args) => fence.begin(...args),
      renew: (...args) => fence.renew(...args),
      release: (...args) => fence.release(...args),
      replace: (...args) => fence.replace(...args),
      async fill(request, signal) {
        state.most = Math.max(state.most, ++state.now);
        if (writeMs > 0) await pause(writeMs);
        state.now--;
        const isStored = await fence.fill(request, signal);
        if (isStored) state.keys.add(request.key);
        return isStored;
      },
    },
  };
  return { backend, state };
}

function outcomesOf(operation: 'get' | 'set') {
  const outcomes: Record<string, number> = {};
  const stop = subscribe('cachekit:backend', (event) => {
    if (event.operation === operation) outcomes[event.outcome] = (outcomes[event.outcome] ?? 0) + 1;
  });
  return { outcomes, stop };
}

describe('a burst of results', () => {
  it('of a synchronous function arrives completely, with a bounded number of writes at once', async () => {
    const { backend, state } = slowBackend();
    configure({ backend });
    const { outcomes, stop } = outcomesOf('set');
    const calc = syncNumber((id) => ({ id, tags: [] }));
    for (let id = 0; id < 1345; id++) calc(id);
    await flush();
    stop();
    expect(outcomes).toEqual({ ok: 1345 });
    expect(state.keys.size).toBe(1345);
    expect(state.most).toBeLessThanOrEqual(64);
  });

  it('of an asynchronous function too, and reads go on meanwhile', async () => {
    const { backend, state } = slowBackend(5);
    configure({ backend });
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    const reads = outcomesOf('get');
    // In groups, as reads have a bulkhead of their own.
    for (let group = 0; group < 15; group++)
      await Promise.all(Array.from({ length: 90 }, (_, i) => load(group * 90 + i)));
    await flush();
    reads.stop();
    expect(state.keys.size).toBe(1350);
    expect(reads.outcomes).toEqual({ ok: expect.any(Number) });
    expect(cacheOf(load).getHealthStatus().backpressure.rejectedRequests).toBe(0);
  });

  it('allows the backend no more at once than configure() does', async () => {
    const { backend, state } = slowBackend();
    configure({ backend, backpressure: { maxConcurrent: 3, maxQueued: 1 } });
    const calc = syncNumber((id) => ({ id, tags: [] }));
    for (let id = 0; id < 100; id++) calc(id);
    await flush();
    expect(state).toMatchObject({ most: 3, now: 0 });
    expect(state.keys.size).toBe(100);
  });

  it('beyond all bounds is dropped, said and counted; callers have their results', async () => {
    const { backend, state } = slowBackend(0);
    configure({ backend, l1: { maxEntries: 10 } });
    const { outcomes, stop } = outcomesOf('set');
    const calc = syncNumber((id) => `v${id}`, { value: textValue });
    const results = Array.from({ length: 10_100 }, (_, id) => calc(id));
    expect(results).toEqual(Array.from({ length: 10_100 }, (_, id) => `v${id}`));
    expect(outcomes).toEqual({ rejected: 100 });
    expect(cacheOf(calc).getHealthStatus().backpressure.rejectedRequests).toBe(100);
    await flush();
    stop();
    expect(outcomes).toEqual({ ok: 10_000, rejected: 100 });
    expect(state.keys.size).toBe(10_000);
  }, 30_000);

  it('that the store is too slow for is given up by close() within a second', async () => {
    const { backend, state } = slowBackend(100);
    configure({ backend });
    const calc = syncNumber((id) => `v${id}`, { value: textValue });
    for (let id = 0; id < 5000; id++) calc(id);
    const [began, standstill] = [performance.now(), watchStandstill()];
    await close();
    expect(performance.now() - began - standstill()).toBeLessThan(1000);
    expect(state.keys.size).toBeGreaterThan(0);
    expect(state.keys.size).toBeLessThan(5000);
  });
});
