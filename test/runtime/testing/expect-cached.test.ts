import { AssertionError } from 'node:assert';
import { beforeEach, describe, expect, it } from 'vitest';
import { configure, flush } from '../../../runtime/index.ts';
import {
  expectCached,
  faultyBackend,
  memoryBackend,
  recordEvents,
  resetCacheKit,
} from '../../../runtime/testing/index.ts';
import { byQuery, oneNumber, syncNumber, textValue, type Query } from '../site/hand-written.ts';

beforeEach(resetCacheKit);

describe('expectCached()', () => {
  it('accepts functions that are cached, in memory or behind it', async () => {
    configure({ backend: 'none' });
    await expect(
      expectCached(
        oneNumber(async (id) => ({ id, tags: ['a'] })),
        1,
      ),
    ).resolves.toBeUndefined();
    await expect(
      expectCached(
        syncNumber((id) => ({ id, tags: [] })),
        1,
      ),
    ).resolves.toBeUndefined();
    configure({ backend: memoryBackend(), l1: false });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await flush();
    await expect(expectCached(load, 1)).resolves.toBeUndefined();
  });

  it('refuses a function that is not cached', async () => {
    await expect(expectCached(async (id: number) => id, 1)).rejects.toThrow(AssertionError);
  });

  it('says why the second call was no hit', async () => {
    configure({ backend: 'none' });
    const search = byQuery(async () => 'x');
    const unkeyable: Query = { userId: 1, words: (() => undefined) as never };
    await expect(expectCached(search, unkeyable)).rejects.toThrow(/was a bypass \(unkeyable\)/);
    const lying = oneNumber(async () => Symbol('x') as never);
    await expect(expectCached(lying, 1)).rejects.toThrow(/was a miss \(absent\)/);
    configure({ enabled: false });
    const load = oneNumber(async () => 'x', { value: textValue });
    const failure = expectCached(load, 1);
    await expect(failure).rejects.toThrow(/was a bypass \(disabled\)/);
    await expect(failure).rejects.toBeInstanceOf(AssertionError);
  });

  it("leaves the function's own error alone", async () => {
    const own = new Error('own');
    const load = oneNumber(async (): Promise<string> => Promise.reject(own), { value: textValue });
    await expect(expectCached(load, 1)).rejects.toBe(own);
  });
});

describe('recordEvents()', () => {
  it('keeps the events of one channel until it is stopped', async () => {
    configure({ backend: faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]) });
    const calls = recordEvents('cachekit:call');
    const backend = recordEvents('cachekit:backend');
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await load(1);
    await flush();
    calls.stop();
    await load(1);
    backend.stop();
    expect(calls.events).toMatchObject([
      { status: 'miss', tier: 'origin', reason: 'backend' },
      { status: 'hit', tier: 'memory' },
    ]);
    expect(backend.events).toContainEqual(
      expect.objectContaining({ operation: 'get', outcome: 'transient' }),
    );
  });
});
