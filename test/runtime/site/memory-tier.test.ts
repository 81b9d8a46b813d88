import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, configure, withoutCache } from '../../../runtime/index.ts';
import { manualClock, resetCacheKit } from '../../../runtime/testing/index.ts';
import { byQuery, gate, noArguments, oneNumber, syncNumber, textValue, twoParts } from './hand-written.ts';

beforeEach(async () => {
  await resetCacheKit();
  configure({ backend: 'none' });
});

describe('memory hits', () => {
  it('run the function once per argument', async () => {
    let runs = 0;
    const load = oneNumber(async (id) => ({ id, tags: [`run ${++runs}`] }));
    const first = await load(1);
    expect([await load(1), await load(1)]).toEqual([first, first]);
    await load(2);
    expect(runs).toBe(2);
  });

  it('keep 0 and -0 apart, and find NaN', async () => {
    let runs = 0;
    const load = oneNumber(async (id) => `${Object.is(id, -0) ? '-0' : id} ${++runs}`, { value: textValue });
    expect([await load(0), await load(-0), await load(Number.NaN)]).toEqual(['0 1', '-0 2', 'NaN 3']);
    expect([await load(0), await load(-0), await load(Number.NaN)]).toEqual(['0 1', '-0 2', 'NaN 3']);
  });

  it('keep -0 and NaN apart in the second of two arguments as well', async () => {
    let runs = 0;
    const load = twoParts(async () => `run ${++runs}`);
    expect([
      await load('a', 0),
      await load('a', -0),
      await load('a', Number.NaN),
      await load('a', null),
    ]).toEqual(['run 1', 'run 2', 'run 3', 'run 4']);
    expect([
      await load('a', Number.NaN),
      await load('a', -0),
      await load('a', 0),
      await load('a', null),
    ]).toEqual(['run 3', 'run 2', 'run 1', 'run 4']);
  });

  it('need no argument where none enters the key', async () => {
    let runs = 0;
    const load = noArguments(async () => `run ${++runs}`);
    expect([await load(), await load()]).toEqual(['run 1', 'run 1']);
  });

  it('hand out one stored promise for immutable values, and it is a promise', async () => {
    const load = oneNumber(async (id) => `v${id}`, { value: textValue });
    await load(1);
    expect(load(1)).toBeInstanceOf(Promise);
    expect(load(1)).toBe(load(1));
  });

  it('find an equal object, and not one that was changed since', async () => {
    let runs = 0;
    const search = byQuery(async (q) => `${q.userId} ${++runs}`);
    const query = { userId: 1, words: ['a'] };
    expect(await search(query)).toBe('1 1');
    expect(await search({ words: ['a'], userId: 1 })).toBe('1 1');
    query.words.push('b');
    expect(await search(query)).toBe('1 2');
    expect(await search({ userId: 1, words: ['a'] })).toBe('1 1');
  });

  it('use the arguments as they were before the function changed them', async () => {
    let runs = 0;
    const search = byQuery(async (q) => {
      q.words?.push('changed');
      return `run ${++runs}`;
    });
    await search({ userId: 1, words: ['a'] });
    expect(await search({ userId: 1, words: ['a'] })).toBe('run 1');
    expect(await search({ userId: 1, words: ['a', 'changed'] })).toBe('run 2');
  });

  it('are found by canonical text for arguments that the typed index cannot keep', async () => {
    let runs = 0;
    const search = byQuery(async () => `run ${++runs}`);
    const odd = { userId: 1, extra: true } as never;
    expect([await search(odd), await search({ ...(odd as object) } as never)]).toEqual(['run 1', 'run 1']);
    expect(await search({ userId: 1 })).toBe('run 2');
    expect(search.site.core.byText.size).toBe(1);
  });

  it('are right in buckets of more than 64 entries', async () => {
    let runs = 0;
    const search = byQuery(async (q) => `${q.words?.[0]} ${++runs}`);
    const words = Array.from({ length: 200 }, (_, at) => `w${at}`);
    const first = [];
    for (const word of words) first.push(await search({ userId: 7, words: [word] }));
    const second = [];
    for (const word of words) second.push(await search({ userId: 7, words: [word] }));
    expect(second).toEqual(first);
    expect(runs).toBe(200);
    expect(search.site.core.byText.size).toBe(136);
  });

  it('never happen for an object where the types promise a primitive', async () => {
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    const lie = { a: 1 };
    expect(await load(lie as never)).toBe('run 1');
    lie.a = 2;
    expect(await load(lie as never)).toBe('run 2');
    lie.a = 1;
    expect(await load(lie as never)).toBe('run 1');
  });
});

describe('isolation', () => {
  it('holds between the first caller, the store and later callers', async () => {
    const load = oneNumber(async (id) => ({ id, tags: ['a'] }));
    const first = await load(1);
    first.tags.push('changed by the first');
    const second = await load(1);
    expect(second).toEqual({ id: 1, tags: ['a'] });
    second.tags.push('changed by the second');
    expect(await load(1)).toEqual({ id: 1, tags: ['a'] });
  });

  it('holds between waiters of one run, whatever the first caller does at once', async () => {
    const load = oneNumber(async (id) => ({ id, tags: ['a'] }));
    const results = await Promise.all([
      load(1).then((user) => {
        user.tags.push('changed');
        return user;
      }),
      load(1),
      load(1),
    ]);
    expect(results.map((user) => user.tags)).toEqual([['a', 'changed'], ['a'], ['a']]);
    expect(results[1]).not.toBe(results[2]);
  });

  it('holds for a value with own properties beyond the declared ones, and keeps them', async () => {
    const load = oneNumber(async (id) => ({ id, tags: ['a'], more: { deep: [1] } }));
    (await load(1)).more.deep.push(2);
    const second = await load(1);
    expect(second).toEqual({ id: 1, tags: ['a'], more: { deep: [1] } });
    second.more.deep.push(3);
    expect((await load(1)).more.deep).toEqual([1]);
  });

  it('holds for waiters of a value that cannot be stored: each runs its own', async () => {
    let runs = 0;
    const load = oneNumber(async () => ({ run: ++runs, connect: () => 1 }) as never);
    const [a, b] = await Promise.all([load(1), load(1)]);
    expect(a).not.toBe(b);
    expect(runs).toBe(2);
  });
});

describe('values that are not what the types promise', () => {
  it('are returned and never stored', async () => {
    let runs = 0;
    const load = oneNumber(async () => ({ id: 'no number', run: ++runs }) as never);
    expect([await load(1), await load(1)]).toEqual([
      { id: 'no number', run: 1 },
      { id: 'no number', run: 2 },
    ]);
    expect(cacheOf(load).stats()).toMatchObject({ entries: 0, misses: 2 });
  });

  it('are stored when null or undefined is declared', async () => {
    let runs = 0;
    const load = oneNumber(async () => (runs++, undefined), {
      value: () => ({ accepts: (v) => v === undefined, write: (to) => to.nil(), read: () => undefined }),
    });
    expect([await load(1), await load(1)]).toEqual([undefined, undefined]);
    expect(runs).toBe(1);
  });
});

describe('single flight', () => {
  it('runs once for 1,000 callers of a cold key', async () => {
    let runs = 0;
    const ready = gate();
    const load = oneNumber(async (id) => {
      runs++;
      await ready.promise;
      return { id, tags: [] as string[] };
    });
    const calls = Array.from({ length: 1000 }, () => load(1));
    ready.open();
    const results = await Promise.all(calls);
    expect(runs).toBe(1);
    expect(new Set(results).size).toBe(1000);
  });

  it('gives the original error to all, and stores no failure', async () => {
    let runs = 0;
    const problem = new Error('no');
    const load = oneNumber(async () => {
      runs++;
      throw problem;
    });
    const outcomes = await Promise.allSettled([load(1), load(1), load(1)]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason === problem)).toEqual([
      true,
      true,
      true,
    ]);
    await expect(load(1)).rejects.toBe(problem);
    expect(runs).toBe(2);
  });

  it('leaves exactly one unhandled rejection when nobody awaits a failure', async () => {
    const seen: unknown[] = [];
    const listener = (error: unknown): void => void seen.push(error);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    const problem = new Error('nobody awaits this');
    const load = oneNumber(async () => {
      throw problem;
    });
    void load(1);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
    expect(seen).toEqual([problem]);
  });

  // Before, following an asynchronous call slows down every promise of the process: there is no guard (docs/roadmap.md).
  const isGuarded = Number(process.versions.node.split('.')[0]) >= 24;

  it.runIf(isGuarded)(
    'lets a function that calls itself with the same key run instead of waiting for itself',
    async () => {
      let depth = 0;
      const load: (id: number) => Promise<string> = oneNumber(
        async (id): Promise<string> => {
          depth++;
          await Promise.resolve();
          return depth < 3 ? `${await load(id)}!` : 'deep';
        },
        { value: textValue },
      );
      expect(await load(1)).toBe('deep!!');
    },
  );

  it('passes on what the function throws synchronously', () => {
    const problem = new TypeError('at once');
    const load = oneNumber((): Promise<never> => {
      throw problem;
    });
    expect(() => load(1)).toThrow(problem);
    expect(() => load(1)).toThrow(problem);
  });
});

describe('ttl', () => {
  it('ends an entry, by the monotonic clock', async () => {
    const clock = manualClock();
    configure({ clock, defaults: { ttl: '10s' } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    await clock.advance(9900);
    expect(await load(1)).toBe('run 1');
    clock.jump(3_600_000);
    expect(await load(1)).toBe('run 1');
    await clock.advance(120);
    expect(await load(1)).toBe('run 2');
  });

  it('of the call site wins over the default', async () => {
    const clock = manualClock();
    configure({ clock, defaults: { ttl: '10s' } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue, settings: { ttlMs: 60_000 } });
    await load(1);
    await clock.advance(59_900);
    expect(await load(1)).toBe('run 1');
  });
});

describe('synchronous functions', () => {
  it('are cached, isolated, and throw as they did', () => {
    let runs = 0;
    const calc = syncNumber((id) => {
      if (id < 0) throw new RangeError('negative');
      runs++;
      return { id, tags: ['a'] };
    });
    calc(1).tags.push('changed');
    expect(calc(1)).toEqual({ id: 1, tags: ['a'] });
    expect(runs).toBe(1);
    expect(() => calc(-1)).toThrow(RangeError);
  });

  it('may return undefined, and are not run again for it', () => {
    let runs = 0;
    const calc = syncNumber((): undefined => void runs++, {
      value: () => ({ accepts: (v) => v === undefined, write: (to) => to.nil(), read: () => undefined }),
    });
    expect([calc(1), calc(1), calc(1)]).toEqual([undefined, undefined, undefined]);
    expect(runs).toBe(1);
    expect(cacheOf(calc).stats()).toMatchObject({ calls: 3, hits: 2, misses: 1 });
  });

  it('that invalidate themselves while they run store nothing', () => {
    let runs = 0;
    const calc = syncNumber((id) => {
      runs++;
      void cacheOf(calc).invalidate(id);
      return { id, tags: [] };
    });
    calc(1);
    calc(1);
    expect(runs).toBe(2);
  });
});

describe('calls that do not use the cache', () => {
  it('run when the arguments have no key', async () => {
    let runs = 0;
    const search = byQuery(async () => `run ${++runs}`);
    const unkeyable = { userId: 1, words: [() => 1] } as never;
    expect([await search(unkeyable), await search(unkeyable)]).toEqual(['run 1', 'run 2']);
    expect(cacheOf(search).stats()).toMatchObject({ bypasses: 2, entries: 0 });
  });

  it('run when the cache is off', async () => {
    configure({ enabled: false });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 2']);
  });

  it('run inside withoutCache, also after await, and use the cache again afterwards', async () => {
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    const inside = await withoutCache(async () => {
      const before = await load(1);
      await Promise.resolve();
      return [before, await load(1)];
    });
    expect(inside).toEqual(['run 2', 'run 3']);
    expect(await load(1)).toBe('run 1');
  });
});
