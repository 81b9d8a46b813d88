import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheDescriptor } from '../../runtime/contract/cache-descriptor.ts';
import { cached, cacheOf, configure } from '../../runtime/index.ts';
import { resetCacheKit } from '../../runtime/testing/index.ts';
import { textValue } from './site/hand-written.ts';

beforeEach(async () => {
  await resetCacheKit();
  configure({ backend: 'none' });
});

/** As the compiler calls it: descriptor thunk, captured values. */
const compiled = cached as unknown as (
  fn: (...args: never[]) => unknown,
  options: object | undefined,
  thunk: () => CacheDescriptor,
  captured?: readonly unknown[],
) => ((...args: unknown[]) => Promise<string>) & {
  cache: { invalidate(...args: unknown[]): Promise<boolean> };
};

let count = 0;
const descriptor = (changes: Partial<CacheDescriptor> = {}): (() => CacheDescriptor) => {
  const id = `app/cached#${++count}`;
  return () => ({
    v: 1,
    id,
    profile: 'default',
    package: 'app',
    settings: {},
    shape: '0123456789abcdef',
    code: '1',
    serializer: 'std',
    index: 2,
    keys: (kit) => ({ key: (a: unknown, b: unknown) => kit.any(a) + kit.any(b) }),
    value: textValue,
    ...changes,
  });
};

describe('cached() without the compiler', () => {
  it('caches in memory, isolated, by canonical keys', async () => {
    let runs = 0;
    const load = cached(async (q: { a: number; b: number }) => ({ q, run: ++runs }));
    const first = await load({ a: 1, b: 2 });
    first.q.a = 9;
    expect(await load({ b: 2, a: 1 })).toEqual({ q: { a: 1, b: 2 }, run: 1 });
    expect(await load({ a: 1, b: 3 })).toMatchObject({ run: 2 });
  });

  it('works for synchronous functions, and for functions that return promises without being async', async () => {
    let runs = 0;
    const calc = cached((n: number) => n + ++runs);
    expect([calc(1), calc(1), calc(2)]).toEqual([2, 2, 4]);
    const load = cached((n: number) => Promise.resolve(n + ++runs));
    expect([await load(1), await load(1)]).toEqual([4, 4]);
  });

  it('tells calls with fewer arguments apart', async () => {
    const list = cached(async (...items: unknown[]) => items.length);
    expect([await list(), await list(undefined), await list([undefined]), await list()]).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it('refuses secure and profiles that only the build knows', () => {
    const refusal = expect.objectContaining({ code: 'ERR_CACHEKIT_NOT_COMPILED' });
    expect(() => cached.secure(async () => 1)).toThrow(refusal);
    expect(() => cached(async () => 1, { profile: 'reports' })).toThrow(refusal);
  });

  it.each([
    [{ tll: '5m' }, 'tll'],
    [{ ttl: 0 }, 'ttl'],
    [{ ttl: Number.NaN }, 'ttl'],
    [{ ttl: '5 minutes' }, 'ttl'],
    [{ ttl: Number.POSITIVE_INFINITY }, 'ttl'],
    [{ jitter: 2 }, 'jitter'],
    [{ namespace: 'Not Fit' }, 'namespace'],
    [{ maxSize: '5tb' }, 'maxSize'],
  ])('refuses %j naming the option', (options, name) => {
    expect(() => cached(async () => 1, options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_CACHEKIT_CONFIG',
        message: expect.stringContaining(`\`${name}\``),
      }),
    );
  });

  it('passes errors and `this` on', async () => {
    const problem = new Error('mine');
    const fail = cached(async () => {
      throw problem;
    });
    await expect(fail()).rejects.toBe(problem);
    const object = {
      name: 'it',
      read: cached(async function (this: { name: string }) {
        return this.name;
      }),
    };
    expect(await object.read()).toBe('it');
  });
});

describe('cached() in any form', () => {
  it('keeps name and length, and has a handle', async () => {
    const load = cached(async function loadIt(a: number, b: number) {
      return a + b;
    });
    expect([load.name, load.length]).toEqual(['loadIt', 2]);
    await load(1, 2);
    expect(await load.cache.peek(1, 2)).toMatchObject({ value: 3 });
    expect(await load.cache.invalidate(1, 2)).toBe(true);
    expect(await cacheOf(load).peek(1, 2)).toBeUndefined();
  });

  it('uses `key` for reads, writes and invalidations alike', async () => {
    let runs = 0;
    const load = cached(async (q: { id: number; noise: unknown }) => `${q.id} ${++runs}`, {
      key: (q) => q.id,
    });
    expect([await load({ id: 1, noise: () => 1 }), await load({ id: 1, noise: 2 })]).toEqual(['1 1', '1 1']);
    await load.cache.invalidate({ id: 1, noise: 3 });
    expect(await load({ id: 1, noise: 4 })).toBe('1 2');
  });

  it('runs uncached when `key` throws', async () => {
    let runs = 0;
    const load = cached(async (id: number) => id + ++runs, {
      key: () => {
        throw new Error('no key');
      },
    });
    expect([await load(1), await load(1)]).toEqual([2, 3]);
    expect(load.cache.stats()).toMatchObject({ bypasses: 2 });
  });
});

describe('cached() compiled', () => {
  it('uses the generated functions', async () => {
    let runs = 0;
    const load = compiled(async (a: number, b: number) => `${a} ${b} ${++runs}`, undefined, descriptor());
    expect([await load(1, 2), await load(1, 2), await load(2, 1)]).toEqual(['1 2 1', '1 2 1', '2 1 2']);
    await load.cache.invalidate(1, 2);
    expect(await load(1, 2)).toBe('1 2 3');
  });

  it('has captured values in the key, and shares one site between its copies', async () => {
    let runs = 0;
    const thunk = descriptor();
    const make = (tenant: string) =>
      compiled(async (id: number) => `${tenant} ${id} ${++runs}`, undefined, thunk, [tenant]);
    expect([await make('a')(1), await make('a')(1), await make('b')(1)]).toEqual(['a 1 1', 'a 1 1', 'b 1 2']);
  });

  it('never mistakes further arguments for none', async () => {
    const list = compiled(
      async (...ids: number[]) => ids.join(),
      undefined,
      descriptor({ index: 1, keys: (kit) => ({ key: (a: unknown) => kit.any(a) }) }),
    );
    expect([await list(1), await list(1, 2), await list(), await list([1, 2])]).toEqual([
      '1',
      '1,2',
      '',
      '1,2',
    ]);
    expect([await list(1), await list(1, 2), await list()]).toEqual(['1', '1,2', '']);
  });

  it('takes `key` instead of the generated key', async () => {
    let runs = 0;
    const load = compiled(
      async (a: number, b: number) => `${a} ${b} ${++runs}`,
      { key: (a: number) => a },
      descriptor(),
    );
    expect([await load(1, 2), await load(1, 3)]).toEqual(['1 2 1', '1 2 1']);
  });
});
