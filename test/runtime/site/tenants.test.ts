// Secure functions of many tenants: nobody finds or opens what belongs to another.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import {
  cacheOf,
  configure,
  flush,
  invalidateTags,
  runWithTenant,
  type Backend,
} from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, syncNumber, textValue, twoParts } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const never = new AbortController().signal;
const secure = { profile: 'secure', value: textValue } as const;
const forget = (): void => configure({});

function texts(changes: object = {}) {
  let runs = 0;
  return oneNumber(async (id) => `${id} run ${++runs}`, { ...secure, ...changes });
}

/** Answers reads of one name with the entry of another. */
function swapping(inner: Backend, from: string, to: string): Backend {
  return { ...bare(inner), get: (key, signal) => inner.get(key === from ? to : key, signal) };
}

function bare(inner: Backend): Backend {
  return {
    name: 'bare',
    get: (key, signal) => inner.get(key, signal),
    set: (key, value, ttlMs, signal) => inner.set(key, value, ttlMs, signal),
    delete: (key, signal) => inner.delete(key, signal),
  };
}

describe('a secure function of several tenants', () => {
  it('has entries of each, in memory and in the backend', async () => {
    configure({ backend: memoryBackend(), encryption: { masterKey: keygen() } });
    const load = texts();
    const of = async (tenant: string): Promise<string> => runWithTenant(tenant, () => load(1));
    expect([await of('a'), await of('b'), await of('a')]).toEqual(['1 run 1', '1 run 2', '1 run 1']);
    await flush();
    forget();
    expect([await of('b'), await of('a'), await load(1)]).toEqual(['1 run 2', '1 run 1', '1 run 3']);
  });

  it('has names of each', () => {
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    const load = texts();
    const keyOf = (tenant: string): string => runWithTenant(tenant, () => cacheOf(load).key(1));
    const keys = [keyOf('a'), keyOf('b'), keyOf('default'), cacheOf(load).key(1)];
    expect(new Set(keys).size).toBe(4);
    expect(keyOf('a')).toBe(keys[0]);
  });

  it('never opens the entry of one as that of another, whatever name it is found under', async () => {
    const inner = memoryBackend();
    const masterKey = keygen();
    configure({ backend: bare(inner), encryption: { masterKey } });
    const load = texts();
    const of = async (tenant: string): Promise<string> => runWithTenant(tenant, () => load(1));
    const [a, b] = ['a', 'b'].map((tenant) => runWithTenant(tenant, () => cacheOf(load).key(1)));
    await of('a');
    await of('b');
    await flush();
    const discards = recordEvents('cachekit:discard');
    configure({ backend: swapping(inner, a ?? '', b ?? ''), encryption: { masterKey } });
    expect(await of('a')).toBe('1 run 3');
    // With the key tag of the other name it is still sealed under another key.
    const entry = Buffer.from((await inner.get(b ?? '', never)) ?? []);
    (await inner.get(a ?? '', never))?.slice(64, 80).forEach((byte, at) => (entry[64 + at] = byte));
    await flush();
    await inner.set(a ?? '', entry, 60_000, never);
    configure({ backend: bare(inner), encryption: { masterKey } });
    expect(await of('a')).toBe('1 run 4');
    discards.stop();
    expect(discards.events.map(({ reason }) => reason)).toEqual(['other-key', 'tamper']);
  });

  it('takes the tenant of its marker before that of the context', async () => {
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    let runs = 0;
    const load = twoParts(async () => `run ${++runs}`, {
      ...secure,
      rules: { tenant: ((_id: number, org: string) => org) as never },
    });
    expect([await load(1, 'a'), await runWithTenant('b', () => load(1, 'a'))]).toEqual(['run 1', 'run 1']);
  });

  it.each([undefined, '', null, 7, '\ud800'])(
    'rejects where its own rule names nobody: %j',
    async (tenant) => {
      configure({ backend: 'none', encryption: { masterKey: keygen() } });
      let runs = 0;
      const load = oneNumber(async () => `run ${++runs}`, {
        ...secure,
        rules: { tenant: () => tenant as never },
      });
      await expect(load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_NO_TENANT' });
      await expect(cacheOf(load).peek(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_NO_TENANT' });
      expect(await cacheOf(load).invalidate(1)).toBe(true);
      const calc = syncNumber(() => 'x', { ...secure, rules: { tenant: () => tenant as never } });
      expect(() => calc(1)).toThrow(expect.objectContaining({ code: 'ERR_CACHEKIT_NO_TENANT' }));
      expect(runs).toBe(0);
    },
  );

  it('is invalidated for each alone, and for all together', async () => {
    configure({ backend: memoryBackend(), encryption: { masterKey: keygen() } });
    const load = texts({ rules: { tags: () => ['all'] } });
    const of = async (tenant: string): Promise<string> => runWithTenant(tenant, () => load(1));
    await of('a');
    await of('b');
    await flush();
    await runWithTenant('a', () => cacheOf(load).invalidate(1));
    forget();
    expect([await of('a'), await of('b')]).toEqual(['1 run 3', '1 run 2']);
    await flush();
    await invalidateTags('all');
    forget();
    expect([await of('a'), await of('b')]).toEqual(['1 run 4', '1 run 5']);
    await flush();
    await cacheOf(load).invalidateAll();
    forget();
    expect([await of('a'), await of('b')]).toEqual(['1 run 6', '1 run 7']);
  });

  it('goes on when there are more tenants than keys are remembered of', async () => {
    configure({ backend: memoryBackend(), l1: false, encryption: { masterKey: keygen() } });
    const load = texts();
    const of = async (tenant: string): Promise<string> => runWithTenant(tenant, () => load(1));
    const first = await of('first');
    for (let i = 0; i < 1100; i++) runWithTenant(`t${i}`, () => cacheOf(load).key(1));
    await flush();
    expect(await of('first')).toBe(first);
  });
});
