// Invalidation holds in this process from the call on, before anybody has awaited it, whatever the backend is.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  cacheOf,
  checkHealth,
  configure,
  flush,
  invalidateNamespace,
  invalidateTags,
  type Backend,
} from '../../../runtime/index.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, syncNumber, textValue } from './hand-written.ts';

beforeEach(resetCacheKit);

type Load = (id: number) => Promise<string>;

/** As small as a backend can be: no log, no leases. Each operation waits for what the test says. */
function plainBackend() {
  const stored = new Map<string, Uint8Array>();
  const before: { get?: Promise<void>; set?: Promise<void>; delete?: Promise<void> } = {};
  const backend: Backend = {
    name: 'plain',
    async get(key) {
      const found = stored.get(key);
      await before.get;
      return found;
    },
    async set(key, value) {
      await before.set;
      stored.set(key, value);
    },
    async delete(key) {
      await before.delete;
      stored.delete(key);
    },
  };
  return { backend, stored, before };
}

const stores = [
  ['with a log', () => memoryBackend()],
  ['without a log', () => plainBackend().backend],
] as const;

describe.each(stores)('a backend %s', (_kind, open) => {
  const text = { value: textValue, settings: { ttlMs: 60_000, tags: ['users'] } };

  it.each([
    ['invalidateTags', () => invalidateTags('users')],
    ['invalidateNamespace', () => invalidateNamespace('app')],
  ])('%s: the next call finds nothing old there, and keeps nothing old', async (_name, invalidate) => {
    configure({ backend: open() });
    let version = 1;
    const load = oneNumber(async () => `version ${version}`, text);
    await load(1);
    await flush();
    version = 2;
    const told = invalidate();
    expect(await load(1)).toBe('version 2');
    await told;
    expect(await load(1)).toBe('version 2');
  });

  it('the same for one call', async () => {
    configure({ backend: open() });
    let version = 1;
    const load = oneNumber(async () => `version ${version}`, text);
    await load(1);
    await flush();
    version = 2;
    const told = cacheOf(load).invalidate(1);
    expect(await load(1)).toBe('version 2');
    await told;
    expect(await load(1)).toBe('version 2');
  });
});

describe('a synchronous function', () => {
  it('reads nothing old from a store that is read at once', async () => {
    configure({ backend: memoryBackend() });
    let version = 1;
    const settings = { ttlMs: 60_000, tags: ['users'], l1: false };
    const load = syncNumber(() => `version ${version}`, { value: textValue, settings });
    const warm = oneNumber(async () => 'x', { value: textValue }); // opens the store
    await warm(1);
    load(1);
    await flush();
    expect(load(1)).toBe('version 1');
    await flush();
    version = 2;
    void invalidateTags('users');
    expect(load(1)).toBe('version 2');
  });
});

describe('a backend without a log', () => {
  const text = { value: textValue, settings: { ttlMs: 60_000 } };

  it('serves nothing that a delete has yet to reach, while the write before it goes on', async () => {
    const { backend, before } = plainBackend();
    configure({ backend });
    let version = 1;
    const load = oneNumber(async () => `version ${version}`, text);
    await load(1);
    await flush();
    const writing = gate();
    before.set = writing.promise;
    version = 2;
    await cacheOf(load).refresh(1);
    await new Promise(setImmediate); // the write has begun: version 1 lies there until it ends
    version = 3;
    const told = cacheOf(load).invalidate(1);
    expect(await load(1)).toBe('version 3');
    writing.open();
    expect(await told).toBe(true);
    expect(await load(1)).toBe('version 3');
  });

  it('serves nothing that a slow delete has yet to reach', async () => {
    const { backend, before } = plainBackend();
    configure({ backend });
    let version = 1;
    const load = oneNumber(async () => `version ${version}`, text);
    await load(1);
    await flush();
    const deleting = gate();
    before.delete = deleting.promise;
    version = 2;
    const told = cacheOf(load).invalidate(1);
    expect(await load(1)).toBe('version 2');
    expect(await cacheOf(load).peek(1)).toMatchObject({ value: 'version 2', tier: 'memory' });
    deleting.open();
    expect(await told).toBe(true);
    expect(await load(1)).toBe('version 2');
  });

  it.each([
    ['an invalidation', (load: Load) => cacheOf(load).invalidate(1)],
    ['a value that was set', (load: Load) => cacheOf(load).set([1], 'version 2')],
  ])('a ttl that starts again does not bring back what %s has replaced', async (_what, replace) => {
    const clock = manualClock();
    const { backend, before } = plainBackend();
    configure({ backend, clock });
    let version = 1;
    const settings = { ttlMs: 60_000, refreshTtlOnGet: 0.5, jitter: 0 };
    const load = oneNumber(async () => `version ${version}`, { value: textValue, settings });
    await load(1);
    await flush();
    await clock.advance(40_000);
    const reading = gate();
    before.get = reading.promise;
    await load(1); // the entry in the backend is read, to be stored again
    delete before.get;
    version = 2;
    await replace(load);
    reading.open();
    await flush();
    configure({}); // as another process
    expect(await load(1)).toBe('version 2');
  });
});

describe('a backend that the configuration no longer names', () => {
  it('is not asked again by an invalidation', async () => {
    const old = plainBackend();
    configure({ backend: old.backend });
    const load = oneNumber(async () => 'x', { value: textValue, settings: { tags: ['users'] } });
    await load(1);
    await flush();
    configure({ backend: memoryBackend() });
    expect(await invalidateTags('users')).toBe(true);
    expect(Object.keys((await checkHealth()).backends)).not.toContain('plain');
  });
});
