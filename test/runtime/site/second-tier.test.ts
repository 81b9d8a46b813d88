import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BackendError, cacheOf, close, configure, flush, type Backend } from '../../../runtime/index.ts';
import { manualClock, memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { watchStandstill } from '../../helpers/lateness.ts';
import { byQuery, gate, oneNumber, syncNumber, textValue, type User } from './hand-written.ts';

beforeEach(resetCacheKit);

/** A real backend that counts, remembers and can be told to fail or hang. */
function watched() {
  const inner = memoryBackend();
  const log: string[] = [];
  const bytes = new Map<string, Uint8Array>();
  const state: { fail: 'no' | 'transient' | 'hang'; beforeGet: (() => Promise<unknown>) | undefined } = {
    fail: 'no',
    beforeGet: undefined,
  };
  const guard = async (operation: string): Promise<void> => {
    log.push(operation);
    if (state.fail === 'transient') throw new BackendError('transient', 'down');
    if (state.fail === 'hang') await new Promise(() => undefined);
  };
  const backend: Backend = {
    name: 'watched',
    async get(key, signal) {
      await guard('get');
      await state.beforeGet?.();
      return inner.get(key, signal);
    },
    async set(key, value, ttlMs, signal) {
      await guard('set');
      bytes.set(key, value);
      return inner.set(key, value, ttlMs, signal);
    },
    async delete(key, signal) {
      await guard('delete');
      return inner.delete(key, signal);
    },
  };
  return { backend, log, state, bytes };
}

/** The same function in another process: no memory, same store. */
function forget(): void {
  configure({});
}

describe('a second tier', () => {
  it('serves what another process stored, and promotes it to memory', async () => {
    const { backend, log } = watched();
    configure({ backend });
    let runs = 0;
    const load = oneNumber(async (id) => ({ id, tags: [`run ${++runs}`] }));
    await load(1);
    await flush();
    forget();
    expect(await load(1)).toEqual({ id: 1, tags: ['run 1'] });
    const reads = log.filter((operation) => operation === 'get').length;
    expect(await load(1)).toEqual({ id: 1, tags: ['run 1'] });
    expect(log.filter((operation) => operation === 'get')).toHaveLength(reads);
    expect(cacheOf(load).stats()).toMatchObject({ l1Hits: 1, l2Hits: 1, misses: 1 });
    expect(runs).toBe(1);
  });

  it('is asked once by 1,000 callers of a cold key, and each gets its own value', async () => {
    const { backend, log } = watched();
    configure({ backend });
    let runs = 0;
    const load = oneNumber(async (id) => (runs++, { id, tags: ['a'] }));
    await Promise.all(Array.from({ length: 1000 }, () => load(1)));
    await flush();
    forget();
    log.length = 0;
    const results = await Promise.all(Array.from({ length: 1000 }, () => load(1)));
    expect(new Set(results).size).toBe(1000);
    expect(runs).toBe(1);
    expect(log).toEqual(['get']);
    expect(cacheOf(load).stats()).toMatchObject({ calls: 2000, l2Hits: 1000, misses: 1000 });
  });

  it('gets a value promoted with the life it has left, not a new one', async () => {
    const clock = manualClock();
    const { backend } = watched();
    configure({ backend, clock, defaults: { ttl: '10s' } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await flush();
    await clock.advance(8000);
    forget();
    expect(await load(1)).toBe('run 1');
    await clock.advance(2100);
    expect(await load(1)).toBe('run 2');
  });

  it('does not serve an entry from the future', async () => {
    const clock = manualClock();
    configure({ backend: watched().backend, clock });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await flush();
    clock.jump(-120_000);
    forget();
    expect(await load(1)).toBe('run 2');
  });

  it('keeps own properties beyond the declared ones', async () => {
    configure({ backend: watched().backend });
    const load = oneNumber(async (id) => ({ id, tags: ['a'], more: { deep: [1n] } }));
    await load(1);
    await flush();
    forget();
    expect(await load(1)).toEqual({ id: 1, tags: ['a'], more: { deep: [1n] } });
    expect(cacheOf(load).stats().l2Hits).toBe(1);
  });

  it('stores the value as it was returned, whatever the caller does to it at once', async () => {
    configure({ backend: watched().backend });
    const load = oneNumber(async (id): Promise<User> => ({ id, tags: ['a'] }));
    const value = await load(1);
    value.tags.push('changed');
    await flush();
    forget();
    expect(await load(1)).toEqual({ id: 1, tags: ['a'] });
  });

  it('never gets a value that the types do not promise', async () => {
    const { backend, log } = watched();
    configure({ backend });
    const load = oneNumber(async () => ({ wrong: true }) as never);
    await load(1);
    await flush();
    expect(log).not.toContain('set');
  });

  it('misses entries of other code outside production, and of other types always', async () => {
    configure({ backend: watched().backend });
    const first = oneNumber(async () => 'first', { value: textValue });
    await first(1);
    await flush();
    const edited = oneNumber(async () => 'edited', { ...first.descriptor, code: 'other' });
    expect(await edited(1)).toBe('edited');
    const pinned = { version: 'shape' };
    const a = oneNumber(async () => 'a', { value: textValue, settings: pinned });
    await a(1);
    await flush();
    const b = oneNumber(async () => 'b', { ...a.descriptor, code: 'other' });
    expect(await b(1)).toBe('a');
    const c = oneNumber(async () => 'c', { ...a.descriptor, shape: 'f'.repeat(16) });
    expect(await c(1)).toBe('c');
  });
});

describe('a second tier in trouble', () => {
  it('that fails never reaches the caller', async () => {
    const { backend, state } = watched();
    configure({ backend });
    state.fail = 'transient';
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    expect(await load(1)).toEqual({ id: 1, tags: [] });
    expect(await cacheOf(load).invalidate(1)).toBe(false);
    expect(await cacheOf(load).invalidateAll()).toBe(false);
    expect(await cacheOf(load).peek(2)).toBeUndefined();
    await cacheOf(load).set([3], { id: 3, tags: [] });
    await flush();
  });

  it('that hangs holds a caller no longer than the timeout, and memory works meanwhile', async () => {
    const { backend, state } = watched();
    configure({ backend, timeout: { initial: '50ms', adaptive: false } });
    state.fail = 'hang';
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    await load(0);
    const [began, standstill] = [performance.now(), watchStandstill()];
    await load(1);
    expect(performance.now() - began - standstill()).toBeLessThan(250);
    expect(await load(1)).toEqual({ id: 1, tags: [] });
    expect(cacheOf(load).stats().l1Hits).toBe(1);
  });

  it('holds the first call no longer than others, and as long as the user allows', async () => {
    const { backend, state } = watched();
    configure({ backend, timeout: { initial: '600ms', adaptive: false } });
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    // From when it is asked: what comes before may take its time.
    state.beforeGet = () => pause(400);
    await backend.set('warm', new Uint8Array(1), 1000, AbortSignal.timeout(1000));
    await load(1);
    expect(cacheOf(load).stats().l2AvgLatencyMs).toBeGreaterThan(350); // it waited for the answer
    configure({ backend, timeout: { initial: '50ms', adaptive: false } });
    state.fail = 'hang';
    const [began, standstill] = [performance.now(), watchStandstill()];
    await load(2);
    expect(performance.now() - began - standstill()).toBeLessThan(1000);
  });

  it('with a name that nobody configured is memory only, and misconfigured in health', async () => {
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue, settings: { backend: 'slow' } });
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 1']);
    const { system } = await cacheOf(load).checkHealth();
    expect(system).toMatchObject({ status: 'degraded', backends: { slow: { status: 'misconfigured' } } });
  });

  it.each([
    ['default', {}, { backend: 'redsi://localhost' }],
    ['slow', { backend: 'slow' }, { backends: { slow: 'localhost:6379' } }],
    ['default', { namespace: 'shop' }, { namespaces: { shop: { backend: 'slow' } } }],
  ])('that is text nobody can open is said by what is wrong with it: %s', async (name, settings, config) => {
    const notices = recordEvents('cachekit:notice');
    configure(config);
    await oneNumber(async () => 'text', { value: textValue, settings })(1);
    notices.stop();
    const said = notices.events.map(({ message }) => message);
    expect(said).toEqual([expect.stringMatching(`The backend .${name}. is set to text that is neither`)]);
    expect(said[0]).not.toContain('localhost');
  });

  it('whose bytes are damaged is a miss', async () => {
    const { backend, bytes } = watched();
    configure({ backend });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await flush();
    const key = cacheOf(load).key(1);
    const stored = Uint8Array.from(bytes.get(key) ?? []);
    const last = stored.length - 1;
    stored[last] = (stored[last] ?? 0) ^ 1;
    await backend.set(key, stored, 60_000, AbortSignal.timeout(1000));
    forget();
    expect(await load(1)).toBe('run 2');
  });
});

describe('invalidation with a second tier', () => {
  it('removes the entry there, also one that is just being written', async () => {
    configure({ backend: watched().backend });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    expect(await cacheOf(load).invalidate(1)).toBe(true);
    await flush();
    forget();
    expect(await load(1)).toBe('run 2');
  });

  it('beats a read that is on its way', async () => {
    const { backend, state } = watched();
    configure({ backend });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await flush();
    forget();
    await load(2);
    await flush();
    const slow = gate();
    state.beforeGet = () => slow.promise;
    const reading = load(1);
    const done = cacheOf(load).invalidate(1);
    slow.open();
    state.beforeGet = undefined;
    await Promise.all([reading, done]);
    expect(await load(1)).not.toBe('run 1');
  });

  it('of all calls holds in a store without a log within the process only, and says so', async () => {
    configure({ backend: watched().backend });
    const notices = recordEvents('cachekit:notice');
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await flush();
    expect(await cacheOf(load).invalidateAll()).toBe(false);
    expect(await load(1)).toBe('run 2');
    expect(notices.events.map(({ code }) => code)).toContain('CACHEKIT_LOCAL_INVALIDATION');
    notices.stop();
  });

  it('of all calls leaves what is stored after it', async () => {
    configure({ backend: watched().backend });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await cacheOf(load).invalidateAll();
    expect(await load(1)).toBe('run 2');
    await flush();
    forget();
    expect(await load(1)).toBe('run 2');
  });
});

describe('invalidation by another process', () => {
  it('of a call whose function runs: nobody joins that run any more, and its result is stored nowhere', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const gates = [gate(), gate()];
    let runs = 0;
    const load = oneNumber(
      async () => {
        const run = ++runs;
        await gates[run - 1]?.promise;
        return `run ${run}`;
      },
      { value: textValue },
    );
    const first = load(1);
    await vi.waitFor(() => expect(runs).toBe(1), 20_000);
    // As another process does it: by the log of the store.
    const { log } = backend;
    const request = { prefix: 'ck1', inc: 0, head: 0, spareInc: 9e15 - 1, recordId: '0'.repeat(16) };
    const subject = cacheOf(load).key(1);
    await log?.appendKey(
      { ...request, subject, redone: false, registryMax: 1000 },
      AbortSignal.timeout(1000),
    );
    await vi.waitFor(
      () => expect([...load.site.core.flights.values()].every(({ detached }) => detached)).toBe(true),
      20_000,
    );
    const second = load(1);
    gates[0]?.open();
    expect(await first).toBe('run 1');
    gates[1]?.open();
    expect(await second).toBe('run 2');
    await flush();
    expect(await load(1)).toBe('run 2');
  });
});

describe('synchronous functions with a second tier', () => {
  it('use memory first, and a backend that reads synchronously once it is loaded', async () => {
    configure({ backend: 'memory' });
    let runs = 0;
    const calc = syncNumber((id) => ({ id, tags: [`run ${++runs}`] }));
    calc(1);
    await flush();
    const [entry] = [...calc.site.core.entries()];
    if (entry !== undefined) calc.site.core.remove(entry);
    expect(calc(1)).toEqual({ id: 1, tags: ['run 1'] });
    expect(cacheOf(calc).stats()).toMatchObject({ l2Hits: 1, misses: 1 });
  });

  it('have it at their first call, once another function has loaded it', async () => {
    configure({ backend: memoryBackend() });
    const first = syncNumber((id) => ({ id, tags: ['first'] }));
    first(1);
    await flush();
    // Another process that shares the store: the same function, never called there.
    const elsewhere = syncNumber(() => ({ id: 0, tags: ['elsewhere'] }), {
      ...first.descriptor,
      settings: { ttlMs: 3_600_000 },
    });
    expect(elsewhere(1)).toEqual({ id: 1, tags: ['first'] });
    expect(cacheOf(elsewhere).stats()).toMatchObject({ l2Hits: 1, misses: 0 });
  });

  it('are refused by a backend whose URL cannot be, once, and run', async () => {
    configure({ backend: memoryBackend() });
    const loads = oneNumber(async (id) => ({ id, tags: [] }));
    await loads(1);
    configure({ backend: 'redis://host/not-a-number' });
    const calc = syncNumber((id) => ({ id, tags: [] }));
    expect([calc(1), calc(1), calc(2)].map(({ id }) => id)).toEqual([1, 1, 2]);
    await flush();
    expect(calc(3).id).toBe(3);
    expect(calc.site.core.tier).toBeUndefined();
  });
});

describe('close()', () => {
  it('ends within a second, writes what waits, and later calls run uncached', async () => {
    const { backend, log } = watched();
    configure({ backend });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    const [began, standstill] = [performance.now(), watchStandstill()];
    await close();
    expect(performance.now() - began - standstill()).toBeLessThan(1000);
    expect(log).toContain('set');
    expect([await load(1), await load(1)]).toEqual(['run 2', 'run 3']);
    configure({ backend });
    expect(await load(1)).toBe('run 1');
  });
});

describe('objects as arguments', () => {
  it('find the same entry in any order of properties', async () => {
    configure({ backend: watched().backend });
    let runs = 0;
    const search = byQuery(async () => `run ${++runs}`);
    await search({ userId: 1, words: ['a'] });
    await flush();
    forget();
    expect(await search({ words: ['a'], userId: 1 })).toBe('run 1');
  });
});
