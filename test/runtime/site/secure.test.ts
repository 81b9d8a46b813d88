import { inspect } from 'node:util';
import { beforeAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import { cacheOf, configure, flush } from '../../../runtime/index.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, syncNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

// So that the first call is not the one that loads everything behind memory, which a busy machine may make it miss.
beforeAll(warmTier);
beforeEach(resetCacheKit);
afterEach(() => vi.unstubAllEnvs());

/** As outside of tests: no throwaway key. */
function noTestRun(): void {
  for (const name of ['NODE_ENV', 'VITEST', 'NODE_TEST_CONTEXT']) vi.stubEnv(name, '');
  forgetEnvironment();
}

const secure = { profile: 'secure', value: textValue } as const;

describe('a secure function', () => {
  it('is cached, and holds nothing in the clear in memory', async () => {
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    let runs = 0;
    const load = oneNumber(async () => `canary ${++runs}`, secure);
    expect([await load(1), await load(1)]).toEqual(['canary 1', 'canary 1']);
    const { core } = load.site;
    const seen = [...core.entries()].map((entry) => ({ key: entry.key, value: entry.value }));
    expect(seen).toHaveLength(1);
    expect(seen[0]?.value).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(seen[0]?.value as Uint8Array).toString('latin1')).not.toContain('canary');
    expect(seen[0]?.key).toMatch(/^ck1:\{[\w-]{43}\}$/);
    expect(inspect(core.byText, { depth: 9, maxArrayLength: 9999 })).not.toContain('canary');
    expect(cacheOf(load).stats()).toMatchObject({ hits: 1, misses: 1 });
  });

  it('is decrypted anew for each caller', async () => {
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    const load = oneNumber(async (id) => ({ id, tags: ['a'] }), { profile: 'secure' });
    (await load(1)).tags.push('first');
    (await load(1)).tags.push('second');
    expect(await load(1)).toEqual({ id: 1, tags: ['a'] });
  });

  it('shares entries through a backend under the same key, and misses under another', async () => {
    const backend = memoryBackend();
    const masterKey = keygen();
    configure({ backend, encryption: { masterKey } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    await load(1);
    await flush();
    configure({ encryption: { masterKey } });
    expect(await load(1)).toBe('run 1');
    configure({ encryption: { masterKey: keygen() } });
    expect(await load(1)).toBe('run 2');
  });

  it('can be invalidated, peeked at and set', async () => {
    configure({ backend: memoryBackend(), encryption: { masterKey: keygen() } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    await load(1);
    expect(await cacheOf(load).peek(1)).toMatchObject({ value: 'run 1', tier: 'memory' });
    expect(await cacheOf(load).invalidate(1)).toBe(true);
    expect(await cacheOf(load).peek(1)).toBeUndefined();
    await cacheOf(load).set([1], 'set');
    expect(await load(1)).toBe('set');
  });

  it('has key names that tell nothing', () => {
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    const load = oneNumber(async () => 'x', secure);
    const plain = oneNumber(async () => 'x', { ...load.descriptor, profile: 'default' });
    expect(cacheOf(load).key(1)).not.toBe(cacheOf(plain).key(1));
  });

  it('works synchronously once its cipher is loaded', async () => {
    configure({ backend: 'none', encryption: { masterKey: keygen() } });
    let runs = 0;
    const calc = syncNumber(() => `run ${++runs}`, secure);
    calc(0);
    await flush();
    const first = calc(1);
    expect([calc(1), calc(1)]).toEqual([first, first]);
    const other = syncNumber(() => `other ${++runs}`, secure);
    const kept = other(1); // everything is loaded: kept from the first call on
    expect(other(1)).toBe(kept);
  });
});

describe('a secure function without a master key', () => {
  it('rejects each call when the user wrote the profile', async () => {
    noTestRun();
    configure({ backend: 'none' });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    await expect(load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_NO_MASTER_KEY' });
    await expect(cacheOf(load).peek(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_NO_MASTER_KEY' });
    const calc = syncNumber(() => 'x', secure);
    expect(() => calc(1)).toThrow(expect.objectContaining({ code: 'ERR_CACHEKIT_NO_MASTER_KEY' }));
    expect(runs).toBe(0);
  });

  it('is kept encrypted in this process when the compiler inferred the profile', async () => {
    noTestRun();
    const backend = memoryBackend();
    const set = vi.spyOn(backend, 'set');
    configure({ backend });
    let runs = 0;
    const load = oneNumber(async () => `canary ${++runs}`, { ...secure, inferred: true });
    expect([await load(1), await load(1)]).toEqual(['canary 1', 'canary 1']);
    await flush();
    expect(set).not.toHaveBeenCalled();
    expect(inspect([...load.site.core.entries()][0]?.value, { maxArrayLength: 9999 })).not.toContain(
      'canary',
    );
  });

  it('runs uncached while an asynchronous key is not there, and is cached afterwards', async () => {
    const key = gate<string>();
    configure({ backend: 'none', encryption: { masterKey: () => key.promise } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 2']);
    key.open(keygen());
    await key.promise;
    await new Promise((resolve) => setImmediate(resolve));
    expect([await load(1), await load(1)]).toEqual(['run 3', 'run 3']);
  });

  it('waits for a slow key, however many calls there are meanwhile', async () => {
    const clock = manualClock();
    const key = gate<string>();
    let asked = 0;
    const masterKey = (): Promise<string> => {
      asked++;
      return key.promise;
    };
    configure({ backend: 'none', clock, encryption: { masterKey } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    for (let i = 0; i < 5; i++) {
      await load(1);
      await clock.advance(1500);
    }
    expect(asked).toBe(1);
    key.open(keygen());
    await clock.advance(0);
    expect([await load(1), await load(1)]).toEqual(['run 6', 'run 6']);
  });

  it('is given another attempt when the key never comes', async () => {
    const clock = manualClock();
    let asked = 0;
    const masterKey = (): Promise<string> =>
      ++asked === 1 ? new Promise(() => undefined) : Promise.resolve(keygen());
    configure({ backend: 'none', clock, encryption: { masterKey } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    await load(1);
    await clock.advance(30_001);
    await load(1);
    await clock.advance(0);
    expect([await load(1), await load(1)]).toEqual(['run 3', 'run 3']);
  });

  it('takes a key from anything that can be waited for', async () => {
    const masterKey = keygen();
    // As promises of other realms and libraries are.
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
    const later = { then: (resolve: (key: string) => void) => resolve(masterKey) };
    configure({ backend: 'none', encryption: { masterKey: () => later as unknown as Promise<string> } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, secure);
    await load(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([await load(1), await load(1)]).toEqual(['run 2', 'run 2']);
  });

  it('rejects while a function cannot read its key, and no longer', async () => {
    const clock = manualClock();
    let isThere = false;
    const masterKey = (): string => {
      if (!isThere) throw new Error('canary: no such file');
      return keygen();
    };
    configure({ backend: 'none', clock, encryption: { masterKey } });
    const load = oneNumber(async () => 'x', secure);
    const error: unknown = await load(1).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_CACHEKIT_MASTER_KEY' });
    expect(inspect(error)).not.toContain('canary');
    isThere = true;
    await clock.advance(1000);
    expect(await load(1)).toBe('x');
  });

  it('rejects when the key of the environment is unusable, and does not show it', async () => {
    vi.stubEnv('CACHEKIT_MASTER_KEY', 'canary-not-a-key');
    forgetEnvironment();
    configure({ backend: 'none' });
    const load = oneNumber(async () => 'x', secure);
    const error: unknown = await load(1).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_CACHEKIT_MASTER_KEY' });
    expect(inspect(error)).not.toContain('canary');
  });

  it('has its key refused by configure() at once', () => {
    expect(() => configure({ encryption: { masterKey: 'short' } })).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_MASTER_KEY' }),
    );
  });
});
