// `failClosed`: a stored entry that does not open rejects the call instead of running the function.
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { cacheOf, configure, flush, subscribe, type Backend } from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, syncNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);
afterEach(() => vi.unstubAllEnvs());

const never = new AbortController().signal;
const secure = { profile: 'secure', value: textValue } as const;

async function tampered(failClosed: boolean | undefined, backend: Backend = memoryBackend()) {
  const masterKey = keygen();
  const encryption = failClosed === undefined ? { masterKey } : { masterKey, failClosed };
  configure({ backend, encryption });
  let runs = 0;
  const load = oneNumber(async () => `run ${++runs}`, secure);
  await load(1);
  await flush();
  const key = cacheOf(load).key(1);
  const bytes = Buffer.from((await backend.get(key, never)) ?? []);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await backend.set(key, bytes, 60_000, never);
  configure({ encryption });
  return { load, runs: () => runs, key, bytes, backend };
}

describe('failClosed', () => {
  it('rejects all callers of the call, keeps the entry, and goes on with other calls', async () => {
    const { load, runs, key, bytes, backend } = await tampered(true);
    const outcomes = await Promise.allSettled([load(1), load(1), load(1)]);
    expect(outcomes).toMatchObject(
      Array.from({ length: 3 }, () => ({ status: 'rejected', reason: { code: 'ERR_CACHEKIT_DECRYPT' } })),
    );
    await expect(load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_DECRYPT' });
    expect(await load(2)).toBe('run 2');
    await flush();
    expect(runs()).toBe(2);
    expect(Buffer.from((await backend.get(key, never)) ?? [])).toEqual(bytes);
    const { calls, misses } = cacheOf(load).stats();
    expect([calls, misses]).toEqual([6, 6]);
  });

  it('rejects peek() too; invalidate(), refresh() and uncached() are the ways out', async () => {
    const { load } = await tampered(true);
    await expect(cacheOf(load).peek(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_DECRYPT' });
    expect(await cacheOf(load).uncached(1)).toBe('run 2');
    await cacheOf(load).invalidate(1);
    expect(await load(1)).toBe('run 3');
  });

  it('is off unless asked for: such an entry is a miss, and replaced', async () => {
    for (const failClosed of [undefined, false]) {
      const { load } = await tampered(failClosed);
      const discards = recordEvents('cachekit:discard');
      expect(await load(1)).toBe('run 2');
      discards.stop();
      expect(discards.events).toMatchObject([{ reason: 'tamper' }]);
    }
  });

  it('takes its value from the environment where the code says nothing', async () => {
    vi.stubEnv('CACHEKIT_ENCRYPTION_FAIL_CLOSED', 'true');
    forgetEnvironment();
    await expect((await tampered(undefined)).load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_DECRYPT' });
    expect(await (await tampered(false)).load(1)).toBe('run 2');
  });

  it.each([
    ['CACHEKIT_ENCRYPTION_FAIL_CLOSED', 'yes'],
    ['CACHEKIT_PREVIOUS_MASTER_KEYS', 'a,b,c,d'],
  ])('rejects secure calls when %s cannot be read: no default stands in for it', async (name, value) => {
    vi.stubEnv(name, value);
    forgetEnvironment();
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    const load = oneNumber(async () => 'x', secure);
    await expect(load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_CONFIG' });
    expect(await oneNumber(async () => 'plain', { value: textValue })(1)).toBe('plain');
  });

  it('rejects where the entry appears only after the first look', async () => {
    const inner = memoryBackend();
    const { fence } = inner;
    if (fence === undefined) throw new Error('the memory backend has a fence');
    let planted: Uint8Array | undefined;
    const late: Backend = {
      name: 'late',
      get: (key, signal) => inner.get(key, signal),
      set: (key, value, ttlMs, signal) => inner.set(key, value, ttlMs, signal),
      delete: (key, signal) => inner.delete(key, signal),
      ...(inner.log === undefined ? {} : { log: inner.log }),
      fence: {
        begin: async (request, signal) => {
          if (planted !== undefined) await inner.set(request.key, planted, 60_000, signal);
          return fence.begin(request, signal);
        },
        fill: (request, signal) => fence.fill(request, signal),
        renew: (...args) => fence.renew(...args),
        release: (...args) => fence.release(...args),
        replace: (...args) => fence.replace(...args),
      },
    };
    const { load, bytes } = await tampered(true, late);
    await cacheOf(load).invalidate(1);
    planted = bytes;
    await expect(load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_DECRYPT' });
  });

  it('holds for synchronous functions', async () => {
    const backend = memoryBackend();
    const encryption = { masterKey: keygen(), failClosed: true };
    configure({ backend, encryption });
    const calc = syncNumber(() => 'x', secure);
    calc(0);
    await flush();
    calc(1);
    await flush();
    const key = cacheOf(calc).key(1);
    if (backend.sync === undefined || (await backend.get(key, never)) === undefined) return;
    await backend.set(key, Buffer.alloc(200, 1), 60_000, never);
    const bytes = Buffer.from((await backend.get(cacheOf(calc).key(0), never)) ?? []);
    await backend.set(key, bytes, 60_000, never);
    configure({ encryption });
    calc(9);
    await flush();
    expect(() => calc(1)).toThrow(expect.objectContaining({ code: 'ERR_CACHEKIT_DECRYPT' }));
  });

  it('says who was refused, and by which key', async () => {
    const { load } = await tampered(true);
    const events: object[] = [];
    const stop = subscribe('cachekit:audit', (event) => events.push(event));
    await load(1).catch(() => undefined);
    await cacheOf(load).invalidate(1);
    stop();
    expect(events).toMatchObject([
      { action: 'reject', keyId: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
      { action: 'invalidate' },
    ]);
  });
});
