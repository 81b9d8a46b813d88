// Functions with `interop`: the keys and the bytes of interop/v1, shared with programs that know nothing of us.
import { createSecretKey } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, configure, flush, invalidateNamespace, runWithTenant } from '../../../runtime/index.ts';
import { decodeInterop, encodeInterop, float64, interopKey } from '../../../runtime/interop/index.ts';
import { interopKeys } from '../../../runtime/interop/interop-keys.ts';
import { openInterop, sealInterop } from '../../../runtime/interop/seal-interop.ts';
import { manualClock, memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue, twoParts } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const never = new AbortController().signal;
const settings = { namespace: 'users', interop: 'get_user', jitter: 0 } as const;
const keyOf = (id: number): string => interopKey('users', 'get_user', [id]);
const sideOf = (id: number): string => `ck1:s:{${keyOf(id)}}`;

/** The same function in another process: no memory, same store. */
const forget = (): void => configure({});

function users(changes: object = {}) {
  let runs = 0;
  const load = oneNumber(async (id) => ({ id, tags: [`run ${++runs}`] }), { settings, ...changes });
  return { load, runs: () => runs };
}

/** Without leases and a log. */
function bare(inner = memoryBackend()) {
  return {
    name: 'bare',
    get: (key: string, signal: AbortSignal) => inner.get(key, signal),
    set: (key: string, value: Uint8Array, ttlMs: number, signal: AbortSignal) =>
      inner.set(key, value, ttlMs, signal),
    delete: (key: string, signal: AbortSignal) => inner.delete(key, signal),
  };
}

describe('a function with interop', () => {
  it('stores exactly one document under the interop key, and nothing else of its own there', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users();
    await load(1);
    await flush();
    expect(await backend.get(keyOf(1), never)).toEqual(encodeInterop({ id: 1, tags: ['run 1'] }));
    expect(cacheOf(load).key(1)).toBe(keyOf(1));
    expect(await backend.get(sideOf(1), never)).toHaveLength(57);
  });

  it('stores a number declared Float64 as a float, also when it is whole', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users({ floats: { result: { p: { id: 1 } } } });
    await load(1);
    await flush();
    const stored = await backend.get(keyOf(1), never);
    expect(stored).toEqual(encodeInterop({ id: float64(1), tags: ['run 1'] }));
    expect(stored).not.toEqual(encodeInterop({ id: 1, tags: ['run 1'] }));
    forget();
    configure({ backend });
    expect(await load(1)).toEqual({ id: 1, tags: ['run 1'] });
  });

  it('reads what another program wrote, in the order of its own type, and again at each call', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load, runs } = users();
    await backend.set(
      keyOf(1),
      Buffer.from('82a474616773 91a161 a26964 01'.replaceAll(' ', ''), 'hex'),
      60_000,
      never,
    );
    const first = await load(1);
    expect(JSON.stringify(first)).toBe('{"id":1,"tags":["a"]}');
    await backend.set(keyOf(1), encodeInterop({ id: 1, tags: ['b'] }), 60_000, never);
    expect(await load(1)).toEqual({ id: 1, tags: ['b'] });
    expect(runs()).toBe(0);
    expect(cacheOf(load).stats()).toMatchObject({ l2Hits: 2, entries: 0 });
  });

  it('keeps its own entries in memory as long as they are stored', async () => {
    const clock = manualClock();
    configure({ backend: memoryBackend({ clock }), clock, defaults: { ttl: '10s' } });
    const { load, runs } = users();
    await load(1);
    await flush();
    forget();
    await clock.advance(6000);
    await load(1);
    expect(cacheOf(load).stats()).toMatchObject({ l2Hits: 1, entries: 1 });
    await clock.advance(4100);
    await load(1);
    expect(runs()).toBe(2);
  });

  it('is fresh to others no longer than its ttl, whatever is served stale here', async () => {
    const clock = manualClock();
    const backend = memoryBackend({ clock });
    configure({ backend, clock });
    const { load } = users({ settings: { ...settings, ttlMs: 1000, staleIfErrorMs: 60_000, swrMs: 5000 } });
    await load(1);
    await flush();
    await clock.advance(1100);
    expect(await backend.get(keyOf(1), never)).toBeUndefined();
  });

  it.each([
    ['bytes of nobody', Buffer.from('c1', 'hex')],
    ['two documents', Buffer.from('0102', 'hex')],
    ['a document of another type', encodeInterop({ id: 'one', tags: [] })],
    ['an entry of the Python library outside interop', Buffer.from('434b0300', 'hex')],
  ])('runs and replaces %s', async (_what, bytes) => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users();
    await backend.set(keyOf(1), bytes, 60_000, never);
    expect(await load(1)).toEqual({ id: 1, tags: ['run 1'] });
    await flush();
    expect(decodeInterop((await backend.get(keyOf(1), never)) ?? new Uint8Array())).toEqual({
      id: 1,
      tags: ['run 1'],
    });
  });

  it.each([
    ['undefined', undefined],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a small bigint', 1n],
    ['a Buffer', Buffer.from('a')],
    ['what would come back as a date', { __datetime__: true, value: '2024-01-01T00:00:00Z' }],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ])('does not store %s, which would come back as something else', async (_what, value) => {
    const backend = memoryBackend();
    configure({ backend });
    const { value: _value, ...descriptor } = oneNumber(async () => value, { settings }).descriptor;
    const load = oneNumber(async () => value, { ...descriptor, value: undefined as never, id: 'app/any#f' });
    await load(1);
    await flush();
    expect(await backend.get(keyOf(1), never)).toBeUndefined();
  });

  it('runs uncached for arguments outside the data model', async () => {
    configure({ backend: memoryBackend() });
    const calls = recordEvents('cachekit:call');
    let runs = 0;
    const load = twoParts(async () => `run ${++runs}`, { settings });
    expect([await load(1, undefined), await load(1, undefined)]).toEqual(['run 1', 'run 2']);
    calls.stop();
    expect(calls.events).toMatchObject([{ reason: 'unkeyable' }, { reason: 'unkeyable' }]);
  });

  it('invalidates everything in memory that has the same interop key', async () => {
    for (const backend of ['none', memoryBackend()] as const) {
      configure({ backend });
      let runs = 0;
      const load = twoParts(async () => `run ${++runs}`, { settings: { ...settings, interop: 'op' } });
      await load(0, 1n);
      await load(-0, 1); // the same call to every other language
      await cacheOf(load).invalidate(0 as never, 1 as never);
      const before = runs;
      await load(0, 1n);
      expect(runs).toBe(before + 1);
    }
  });

  it('invalidates for other programs as well', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users();
    await load(1);
    await flush();
    expect(await cacheOf(load).invalidate(1)).toBe(true);
    expect(await backend.get(keyOf(1), never)).toBeUndefined();
    expect(await load(1)).toEqual({ id: 1, tags: ['run 2'] });
  });

  it('does not serve its own entry from before an invalidation, even if somebody puts it back', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users();
    await load(1);
    await flush();
    const [entry, side] = [await backend.get(keyOf(1), never), await backend.get(sideOf(1), never)];
    await cacheOf(load).invalidateAll();
    forget();
    await backend.set(keyOf(1), entry ?? new Uint8Array(), 60_000, never);
    await backend.set(sideOf(1), side ?? new Uint8Array(), 60_000, never);
    expect(await load(1)).toEqual({ id: 1, tags: ['run 2'] });
  });

  it('takes no entry of unknown age once the function or its namespace was invalidated', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users();
    await load(2);
    await invalidateNamespace('users');
    forget();
    await backend.set(keyOf(1), encodeInterop({ id: 1, tags: ['old'] }), 60_000, never);
    expect(await load(1)).toEqual({ id: 1, tags: ['run 2'] });
    await flush();
    forget();
    expect(await load(1)).toEqual({ id: 1, tags: ['run 2'] }); // our own fill says when it was made
  });

  it('does not take a record for other bytes than it was written for', async () => {
    const backend = memoryBackend();
    configure({ backend });
    const { load } = users();
    await load(1);
    await flush();
    await cacheOf(load).invalidateAll();
    await load(1);
    await flush();
    forget();
    await backend.set(keyOf(1), encodeInterop({ id: 1, tags: ['forged'] }), 60_000, never);
    expect(await load(1)).toEqual({ id: 1, tags: ['run 3'] });
  });

  it('works with a backend that has neither leases nor a log', async () => {
    const backend = bare();
    configure({ backend });
    const { load, runs } = users();
    await load(1);
    await flush();
    forget();
    expect(await load(1)).toEqual({ id: 1, tags: ['run 1'] });
    await invalidateNamespace('users');
    await load(1);
    expect(runs()).toBe(2);
  });

  it('restarts its ttl where it is asked to', async () => {
    const clock = manualClock();
    const backend = memoryBackend({ clock });
    configure({ backend, clock });
    const { load, runs } = users({ settings: { ...settings, ttlMs: 1000, refreshTtlOnGet: 0.9 } });
    await load(1);
    await flush();
    for (let i = 0; i < 5; i++) {
      await clock.advance(700);
      await load(1);
      await flush();
    }
    forget();
    await load(1);
    expect(runs()).toBe(1);
  });
});

describe('a secure function with interop', () => {
  const master = Buffer.from('5f1e0d9c3b7a48e6c2d1f09a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c', 'hex');
  const secure = { profile: 'secure', value: textValue } as const;
  const keys = interopKeys(createSecretKey(master));
  const texts = () => {
    let runs = 0;
    return oneNumber(async () => `run ${++runs}`, { ...secure, settings });
  };

  it('stores what every library of interop/v1 opens, and reads what it seals', async () => {
    const backend = memoryBackend();
    configure({ backend, encryption: { masterKey: master } });
    const load = texts();
    await load(1);
    await flush();
    const opened = openInterop(keys, keyOf(1), (await backend.get(keyOf(1), never)) ?? new Uint8Array());
    expect(opened).toMatchObject({ plain: Buffer.from(encodeInterop('run 1')), keyIndex: 0 });
    await backend.set(keyOf(2), sealInterop(keys, keyOf(2), encodeInterop('theirs')), 60_000, never);
    expect(await load(2)).toBe('theirs');
    expect(await load(1)).toBe('run 1');
  });

  it('takes no plain entry, none of another key, and none that was changed', async () => {
    const backend = memoryBackend();
    configure({ backend, encryption: { masterKey: master } });
    const load = texts();
    const sealed = sealInterop(keys, keyOf(9), encodeInterop('theirs'));
    const flipped = Buffer.from(sealInterop(keys, keyOf(3), encodeInterop('theirs')));
    flipped[20] = (flipped[20] ?? 0) ^ 1;
    const stored = [encodeInterop('plain but long enough to be sealed'), sealed, flipped];
    const discards = recordEvents('cachekit:discard');
    for (const [at, bytes] of stored.entries()) {
      await backend.set(keyOf(at + 1), bytes, 60_000, never);
      expect(await load(at + 1)).toBe(`run ${at + 1}`);
    }
    discards.stop();
    expect(new Set(discards.events.map(({ reason }) => reason))).toEqual(new Set(['tamper']));
  });

  it('is not shared between tenants: its keys have no place for one', async () => {
    const backend = memoryBackend();
    configure({ backend, encryption: { masterKey: master } });
    const load = texts();
    await load(1);
    await flush();
    expect(await runWithTenant('acme', () => load(1))).toBe('run 2');
    expect(await load(1)).toBe('run 1');
  });

  it('reads entries of previous keys', async () => {
    const backend = memoryBackend();
    const newer = Buffer.from('0e1f2a3b4c5d6e7f8091a2b3c4d5e6f7a8b9cadbecfd0e1f2a3b4c5d6e7f8191', 'hex');
    configure({ backend, encryption: { masterKey: master } });
    const load = texts();
    await load(1);
    await flush();
    configure({ encryption: { masterKey: newer, previousMasterKeys: [master] } });
    expect(await load(1)).toBe('run 1');
    configure({ encryption: { masterKey: newer } });
    expect(await load(1)).toBe('run 2');
  });
});
