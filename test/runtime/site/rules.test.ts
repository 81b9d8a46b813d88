import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cached,
  cacheOf,
  configure,
  flush,
  invalidateNamespace,
  invalidateTags,
  runWithTenant,
} from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, syncNumber, type User } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const user = (id: number, ...tags: string[]): User => ({ id, tags });

describe('unless and when', () => {
  it('keep a result or a call out of the cache', async () => {
    configure({ backend: 'none' });
    let runs = 0;
    const load = oneNumber(async (id) => user(id, `run ${++runs}`), {
      rules: {
        unless: ((result: User, id: number) => result.id === 1 && id === 1) as never,
        when: ((id: number) => id !== 2) as never,
      },
    });
    for (const id of [1, 1, 2, 2, 3, 3]) await load(id);
    expect(runs).toBe(5);
    expect(cacheOf(load).stats()).toMatchObject({ bypasses: 2, misses: 3, hits: 1 });
  });

  it('that throw mean "not stored"', async () => {
    configure({ backend: 'none' });
    const notices = recordEvents('cachekit:notice');
    let runs = 0;
    const fail = (): never => {
      throw new Error('canary');
    };
    const load = oneNumber(async (id) => user(id, `${++runs}`), { rules: { unless: fail } });
    const other = oneNumber(async (id) => user(id, `${++runs}`), { rules: { when: fail } });
    const owned = oneNumber(async (id) => user(id, `${++runs}`), { rules: { tenant: fail } });
    const keyed = cached(async (id: number) => user(id, `${++runs}`), { key: fail });
    for (const fn of [load, other, owned, keyed]) for (const _ of [1, 2]) await fn(1);
    expect(runs).toBe(8);
    const said = notices.events.filter(({ code }) => code === 'CACHEKIT_CALLBACK');
    expect(said.map(({ message }) => /^(.*?) of /.exec(message)?.[1])).toEqual([
      '`unless`, `ttl` or `tags`',
      '`when`',
      '`tenant`',
      '`key`',
    ]);
    expect(JSON.stringify(notices.events)).not.toContain('canary');
    notices.stop();
  });
});

describe('ttl from the result', () => {
  it('is asked for each result', async () => {
    configure({ backend: 'none' });
    const load = cached(async (id: number) => user(id), {
      ttl: (result, id) => (result.id === 1 && id === 1 ? '1h' : '1s'),
    });
    await load(1);
    await load(2);
    const [long, short] = [await load.cache.peek(1), await load.cache.peek(2)];
    expect(long?.expiresInMs).toBeGreaterThan(3_000_000);
    expect(short?.expiresInMs).toBeLessThan(1001);
  });
});

const stores = [
  ['in memory', () => ({ backend: 'none' as const })],
  ['with a backend', () => ({ backend: memoryBackend() })],
] as const;

describe.each(stores)('tags %s', (_name, config) => {
  it('are at most 255: a result with more is not stored, in no tier', async () => {
    configure(config());
    const notices = recordEvents('cachekit:notice');
    let runs = 0;
    const many = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `t${at}`);
    const load = oneNumber(async (id) => user(id, `run ${++runs}`), {
      settings: { tags: ['all'] },
      rules: { tags: ((result: User) => many(result.id)) as never },
    });
    for (const id of [254, 254, 255, 255]) await load(id);
    expect(runs).toBe(3);
    await flush();
    notices.stop();
    const said = notices.events.filter(({ code }) => !code.includes('NOT_COMPILED'));
    expect(said.map(({ code }) => code)).toEqual(['CACHEKIT_CALLBACK']);
  });

  it('void what was stored with one of them, and nothing else', async () => {
    configure(config());
    let runs = 0;
    const load = oneNumber(async (id) => user(id, `run ${++runs}`), {
      settings: { tags: ['all'] },
      rules: { tags: ((result: User) => [`user:${result.id}`]) as never },
    });
    const other = oneNumber(async (id) => user(id, `run ${++runs}`));
    const again = async (): Promise<(string | undefined)[]> => {
      const values = [await load(1), await load(2), await other(1)];
      await flush();
      return values.map(({ tags }) => tags[0]);
    };
    expect(await again()).toEqual(['run 1', 'run 2', 'run 3']);
    expect(await invalidateTags('user:1')).toBe(true);
    expect(await again()).toEqual(['run 4', 'run 2', 'run 3']);
    expect(await invalidateTags('nobody', 'all')).toBe(true);
    expect(await again()).toEqual(['run 5', 'run 6', 'run 3']);
  });

  it('of a run that had begun before are no way around the invalidation', async () => {
    configure(config());
    const opened = gate();
    let runs = 0;
    const load = oneNumber(
      async (id) => {
        const run = ++runs;
        if (run === 1) await opened.promise;
        return user(id, `run ${run}`);
      },
      { settings: { tags: ['all'] } },
    );
    const first = load(1);
    await new Promise((resolve) => setImmediate(resolve));
    const told = invalidateTags('all');
    opened.open();
    await told;
    expect((await first).tags).toEqual(['run 1']);
    await flush();
    expect((await load(1)).tags).toEqual(['run 2']);
  });

  it('of a run that had begun before: who comes after the invalidation gets another run', async () => {
    configure(config());
    const gates = [gate(), gate()];
    let runs = 0;
    const load = oneNumber(
      async (id) => {
        const run = ++runs;
        await gates[run - 1]?.promise;
        return user(id, `run ${run}`);
      },
      { rules: { tags: (() => ['late']) as never } },
    );
    const first = load(1);
    await vi.waitFor(() => expect(runs).toBe(1), 20_000);
    const before = load(1);
    await invalidateTags('late');
    const after = [load(1), load(1)];
    gates[0]?.open();
    gates[1]?.open();
    const values = await Promise.all([first, before, ...after]);
    expect(values.map(({ tags }) => tags[0])).toEqual(['run 1', 'run 1', 'run 2', 'run 2']);
    expect(runs).toBe(2);
    expect(cacheOf(load).stats()).toMatchObject({ calls: 4, misses: 4 });
  });

  it('are texts', () => {
    expect(() => invalidateTags(1 as never)).toThrow('ERR_CACHEKIT_CONFIG');
  });
});

describe.each(stores)('invalidateNamespace %s', (_name, config) => {
  it('voids all functions of it', async () => {
    configure(config());
    let runs = 0;
    const body = async (id: number): Promise<User> => user(id, `run ${++runs}`);
    const inside = oneNumber(body, { settings: { namespace: 'ns' } });
    const outside = oneNumber(body);
    await Promise.all([inside(1), outside(1)]);
    await flush();
    expect(await invalidateNamespace('ns')).toBe(true);
    await Promise.all([inside(1), outside(1)]);
    expect(runs).toBe(3);
    expect(() => invalidateNamespace('No!')).toThrow('ERR_CACHEKIT_CONFIG');
  });
});

describe('tenant', () => {
  it('is part of the key', async () => {
    configure({ backend: 'none' });
    let runs = 0;
    let who = 'a';
    const load = oneNumber(async (id) => user(id, `run ${++runs}`), { rules: { tenant: () => who } });
    const value = async () => (await load(1)).tags[0];
    expect([await value(), await value()]).toEqual(['run 1', 'run 1']);
    who = 'b';
    expect([await value(), await value()]).toEqual(['run 2', 'run 2']);
    who = 'a';
    await cacheOf(load).invalidate(1);
    expect(await value()).toBe('run 3');
    who = 'b';
    expect(await value()).toBe('run 2');
  });

  it('of secure functions is that of runWithTenant where the marker names none', async () => {
    configure({ backend: memoryBackend() });
    let runs = 0;
    const load = oneNumber(async (id) => user(id, `run ${++runs}`), { profile: 'secure' });
    const value = async (tenant: string) => runWithTenant(tenant, async () => (await load(1)).tags[0]);
    expect([await value('a'), await value('b'), await value('a')]).toEqual(['run 1', 'run 2', 'run 1']);
    expect(() => runWithTenant('', () => 1)).toThrow('ERR_CACHEKIT_CONFIG');
  });
});

describe('batch', () => {
  it('loads the misses of many() in one run, in order', async () => {
    configure({ backend: 'none' });
    const lists: number[][] = [];
    const load = cached(async (id: number) => user(id, 'alone'), {
      batch: async (list) => {
        lists.push(list.map(([id]) => id));
        return list.map(([id]) => user(id, 'together'));
      },
    });
    await load(2);
    const values = await load.cache.many([[1], [2], [3], [1]]);
    expect(values.map(({ id, tags }) => [id, tags[0]])).toEqual([
      [1, 'together'],
      [2, 'alone'],
      [3, 'together'],
      [1, 'together'],
    ]);
    expect(lists).toEqual([[1, 3]]);
    expect((await load(3)).tags).toEqual(['together']);
  });

  it('that fails fails all of them, and nothing is stored; a wrong length is an error of ours', async () => {
    configure({ backend: 'none' });
    let mode: 'fail' | 'short' = 'fail';
    const load = cached(async (id: number) => user(id), {
      batch: async () => {
        if (mode === 'fail') throw new Error('down');
        return [];
      },
    });
    await expect(load.cache.many([[1], [2]])).rejects.toThrow('down');
    mode = 'short';
    await expect(load.cache.many([[1], [2]])).rejects.toThrow('ERR_CACHEKIT_CONFIG');
    expect(await load.cache.peek(1)).toBeUndefined();
  });
});

describe('a synchronous function', () => {
  it('has tags and conditions too', async () => {
    configure({ backend: 'none' });
    let runs = 0;
    const calc = syncNumber((id) => user(id, `run ${++runs}`), {
      settings: { tags: ['all'] },
      rules: { unless: ((result: User) => result.id === 2) as never },
    });
    for (const id of [1, 1, 2, 2]) calc(id);
    expect(runs).toBe(3);
    await invalidateTags('all');
    calc(1);
    expect(runs).toBe(4);
  });
});
