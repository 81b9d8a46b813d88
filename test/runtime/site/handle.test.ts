import { beforeEach, describe, expect, it } from 'vitest';
import { site } from '../../../runtime/emit/v1.ts';
import { cacheOf, configure, subscribe } from '../../../runtime/index.ts';
import { manualClock, resetCacheKit } from '../../../runtime/testing/index.ts';
import { byQuery, gate, oneNumber, syncNumber, textValue, type User } from './hand-written.ts';

beforeEach(async () => {
  await resetCacheKit();
  configure({ backend: 'none' });
});

/** `written(id, n = id + 5)`: a default that only the function itself can compute. */
function withDefault() {
  const state = { runs: 0, evaluated: 0 };
  const made = site({
    v: 1,
    id: 'app/written',
    fn: () => written,
    profile: 'default',
    package: 'app',
    settings: {},
    shape: '0123456789abcdef',
    code: '1',
    serializer: 'std',
    index: 2,
    keys: (kit) => ({ key: (a: number, b: number) => kit.num(a) + kit.num(b) }),
    value: textValue,
  });
  function written(id: number, n: number = (state.evaluated++, id + 5)): Promise<string> {
    const hit = made.hit(id, n);
    if (hit !== undefined) return hit as Promise<string>;
    return made.run([id, n], async () => `run ${++state.runs}`) as Promise<string>;
  }
  return { written, state };
}

describe('cacheOf', () => {
  it('throws for what is not a cached function, and names it if it has a name', () => {
    const load = async () => 1;
    const saying = (what: string) =>
      expect.objectContaining({
        code: 'ERR_CACHEKIT_NOT_CACHED',
        message: expect.stringContaining(`${what} is not a cached function.`),
      });
    expect(() => cacheOf(load)).toThrow(saying('`load`'));
    expect(() => cacheOf({ load }, 'load')).toThrow(saying('`load`'));
    expect(() => cacheOf(async () => 1)).toThrow(saying('A function without a name'));
    expect(() => cacheOf(undefined as never)).toThrow(saying('The value'));
  });

  it('knows a function before its first call', () => {
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    expect(cacheOf(load)).toMatchObject({ namespace: 'app', profile: 'default' });
  });

  it('binds arguments as the function does: defaults run, the body does not', async () => {
    const { written, state } = withDefault();
    await written(1);
    expect(await cacheOf(written).peek(1, 6)).toMatchObject({ value: 'run 1', tier: 'memory' });
    expect(await cacheOf(written).invalidate(1, 6)).toBe(true);
    expect(await written(1)).toBe('run 2');
    expect(state.runs).toBe(2);
  });

  it('reaches a method that reads `this`', async () => {
    const made = site({
      v: 1,
      id: 'app/Service.load',
      fn: () => Reflect.get(Service.prototype, 'load'),
      profile: 'default',
      package: 'app',
      settings: {},
      shape: '0123456789abcdef',
      code: '1',
      serializer: 'std',
      index: 2,
      keys: (kit) => ({ key: (a: number, b: string) => kit.num(a) + kit.str(b) }),
      value: textValue,
    });
    class Service {
      readonly tenant: string;
      constructor(tenant: string) {
        this.tenant = tenant;
      }
      load(id: number): Promise<string> {
        const hit = made.hit(id, this.tenant);
        if (hit !== undefined) return hit as Promise<string>;
        return made.run([id, this.tenant], async () => `${this.tenant} ${id}`) as Promise<string>;
      }
    }
    const [a, b] = [new Service('a'), new Service('b')];
    await Promise.all([a.load(1), b.load(1)]);
    await cacheOf(a, 'load').invalidate(1);
    expect(await cacheOf(a, 'load').peek(1)).toBeUndefined();
    expect(await cacheOf(b, 'load').peek(1)).toMatchObject({ value: 'b 1' });
  });
});

describe('invalidate', () => {
  it('beats a run that is on its way: its result is not stored, and later callers do not join it', async () => {
    const ready = [gate<string>(), gate<string>()];
    let runs = 0;
    const load = oneNumber(() => ready[runs++]?.promise ?? Promise.resolve('third'), { value: textValue });
    const early = load(1);
    const done = cacheOf(load).invalidate(1);
    const late = load(1);
    expect(runs).toBe(2);
    ready[1]?.open('new');
    ready[0]?.open('old');
    expect([await early, await late, await load(1)]).toEqual(['old', 'new', 'new']);
    expect(await done).toBe(true);
  });

  it('by arguments that the typed index cannot keep removes what the index has for the same call', async () => {
    const search = byQuery(async () => 'value');
    await search({ userId: 1 });
    const odd = Object.create(null, { userId: { value: 1, enumerable: true } });
    await cacheOf(search).invalidate(odd);
    expect(await cacheOf(search).peek({ userId: 1 })).toBeUndefined();
  });

  it('of all calls drops memory and runs on their way', async () => {
    const ready = gate();
    let runs = 0;
    const load = oneNumber(async (id) => {
      runs++;
      if (id === 3) await ready.promise;
      return { id, tags: [] };
    });
    await Promise.all([load(1), load(2)]);
    const slow = load(3);
    expect(await cacheOf(load).invalidateAll()).toBe(true);
    ready.open();
    await slow;
    await Promise.all([load(1), load(2), load(3)]);
    expect(runs).toBe(6);
  });

  it('says so in an event', async () => {
    const seen: unknown[] = [];
    const stop = subscribe('cachekit:invalidate', (event) => seen.push(event));
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    await cacheOf(load).invalidate(1);
    await cacheOf(load).invalidateAll();
    stop();
    expect(seen).toEqual([
      { scope: 'call', origin: 'local', complete: true },
      { scope: 'function', origin: 'local', complete: true },
    ]);
  });
});

describe('peek, set, refresh, uncached, many', () => {
  it('peek tells age and rest of life, and hands out a copy', async () => {
    const clock = manualClock();
    configure({ clock, defaults: { ttl: '100s' } });
    const load = oneNumber(async (id) => ({ id, tags: ['a'] }));
    await load(1);
    await clock.advance(32_000);
    const entry = await cacheOf(load).peek(1);
    expect(entry).toMatchObject({ value: { id: 1, tags: ['a'] }, status: 'fresh' });
    expect(entry?.ageMs).toBeCloseTo(32_000, -2);
    expect(entry?.expiresInMs).toBeCloseTo(68_000, -2);
    entry?.value.tags.push('changed');
    expect((await load(1)).tags).toEqual(['a']);
  });

  it('set stores a copy, with a ttl of its own', async () => {
    const clock = manualClock();
    configure({ clock });
    let runs = 0;
    const load = oneNumber(async (id): Promise<User> => ({ id, tags: [`run ${++runs}`] }));
    const value = { id: 1, tags: ['set'] };
    await cacheOf(load).set([1], value, { ttl: '10s' });
    value.tags.push('changed');
    expect(await load(1)).toEqual({ id: 1, tags: ['set'] });
    await clock.advance(10_100);
    expect(await load(1)).toEqual({ id: 1, tags: ['run 1'] });
  });

  it('set refuses what the types do not promise', async () => {
    const load = oneNumber(async (id): Promise<User> => ({ id, tags: [] }));
    await expect(cacheOf(load).set([1], { id: 'x' } as never)).rejects.toMatchObject({
      code: 'ERR_CACHEKIT_UNSTORABLE',
    });
  });

  it('set is not overwritten by a run that began before it', async () => {
    const ready = gate<string>();
    const load = oneNumber(() => ready.promise, { value: textValue });
    const running = load(1);
    await cacheOf(load).set([1], 'set');
    ready.open('from the run');
    expect([await running, await load(1)]).toEqual(['from the run', 'set']);
  });

  it('refresh runs now while others get the old value, then the new one', async () => {
    const ready = [gate<string>(), gate<string>()];
    let runs = 0;
    const load = oneNumber(() => ready[runs++]?.promise ?? Promise.resolve('third'), { value: textValue });
    ready[0]?.open('old');
    await load(1);
    const refreshed = cacheOf(load).refresh(1);
    expect(await load(1)).toBe('old');
    ready[1]?.open('new');
    expect([await refreshed, await load(1)]).toEqual(['new', 'new']);
  });

  it('uncached runs, reads nothing and stores nothing', async () => {
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    expect([await cacheOf(load).uncached(1), await load(1), await cacheOf(load).uncached(1)]).toEqual([
      'run 1',
      'run 2',
      'run 3',
    ]);
    expect(await load(1)).toBe('run 2');
  });

  it('many keeps the order and runs each key once', async () => {
    let runs = 0;
    const load = oneNumber(async (id) => (runs++, { id, tags: [] }));
    const users = await cacheOf(load).many([[3], [1], [3], [2]]);
    expect(users.map((user) => user.id)).toEqual([3, 1, 3, 2]);
    expect(runs).toBe(3);
  });

  it('work for synchronous functions', async () => {
    let runs = 0;
    const calc = syncNumber((id) => ({ id, tags: [`run ${++runs}`] }));
    calc(1);
    expect(await cacheOf(calc).peek(1)).toMatchObject({ value: { tags: ['run 1'] } });
    expect(await cacheOf(calc).refresh(1)).toMatchObject({ tags: ['run 2'] });
    expect(calc(1)).toMatchObject({ tags: ['run 2'] });
    await cacheOf(calc).invalidate(1);
    expect(calc(1)).toMatchObject({ tags: ['run 3'] });
  });
});

describe('key', () => {
  it('is the same for equal calls, another for other calls, other functions and other namespaces', () => {
    const a = oneNumber(async (id) => ({ id, tags: [] }));
    const b = oneNumber(async (id) => ({ id, tags: [] }));
    const c = oneNumber(async (id) => ({ id, tags: [] }), {
      id: a.descriptor.id,
      code: 'x',
      settings: { namespace: 'c' },
    });
    expect(cacheOf(a).key(1)).toMatch(/^ck1:\{[\w-]{43}\}$/);
    expect(cacheOf(a).key(1)).toBe(cacheOf(a).key(1));
    expect(new Set([cacheOf(a).key(1), cacheOf(a).key(2), cacheOf(b).key(1), cacheOf(c).key(1)]).size).toBe(
      4,
    );
  });

  it('throws for arguments that have none', () => {
    const search = byQuery(async () => 'x');
    expect(() => cacheOf(search).key({ userId: 1, words: [() => 1] } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_UNKEYABLE' }),
    );
  });
});

describe('stats and events', () => {
  it('add up exactly: calls = hits + misses + bypasses', async () => {
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    const text = oneNumber(async () => 'x', { value: textValue });
    for (let round = 0; round < 3000; round++) {
      await load(round % 7);
      await text(round % 5);
    }
    expect(cacheOf(load).stats()).toMatchObject({ calls: 3000, hits: 2993, misses: 7, entries: 7 });
    expect(cacheOf(text).stats()).toMatchObject({ calls: 3000, hits: 2995, misses: 5, bypasses: 0 });
  });

  it('tell observers about every call, with the same counts', async () => {
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    const seen: string[] = [];
    const stop = subscribe('cachekit:call', (event) => seen.push(`${event.status} ${event.tier}`));
    for (let at = 0; at < 3; at++) await load(1);
    await load(2);
    stop();
    await load(1);
    expect(seen).toEqual(['hit memory', 'hit memory', 'hit memory', 'miss origin']);
    expect(cacheOf(load).stats()).toMatchObject({ calls: 6, hits: 4, misses: 2 });
  });
});

describe('sites of one id', () => {
  it('keep memory when a module is evaluated again unchanged', async () => {
    let runs = 0;
    const body = async (): Promise<string> => `run ${++runs}`;
    const first = oneNumber(body, { value: textValue });
    await first(1);
    const again = oneNumber(body, first.descriptor);
    expect(await again(1)).toBe('run 1');
    expect(again.site).toBe(first.site);
  });

  it('start empty when the function was edited, and the old run stores nothing', async () => {
    const ready = gate<string>();
    const old = oneNumber(() => ready.promise, { value: textValue });
    const running = old(1);
    const edited = oneNumber(async () => 'new', { ...old.descriptor, code: 'edited' });
    ready.open('old');
    await running;
    expect(await edited(1)).toBe('new');
    expect(old.site.core.counters.entries).toBe(0);
  });

  it('are invalidated together', async () => {
    let runs = 0;
    const a = oneNumber(async () => `a ${++runs}`, { value: textValue });
    const b = oneNumber(async () => `b ${++runs}`, { ...a.descriptor, settings: { ttlMs: 5000 } });
    await Promise.all([a(1), b(1)]);
    await cacheOf(a).invalidate(1);
    expect(await b(1)).toBe('b 3');
  });
});

describe('a descriptor of a newer compiler', () => {
  const newer = { v: 2 as never };

  it('runs the function uncached', async () => {
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, newer);
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 2']);
  });

  it('rejects where it is secure', async () => {
    const load = oneNumber(async () => 'secret', { ...newer, profile: 'secure' });
    await expect(load(1)).rejects.toMatchObject({ code: 'ERR_CACHEKIT_EMIT_VERSION' });
  });
});

describe('configure()', () => {
  it('holds from the next call of each function, and drops what memory held', async () => {
    const clock = manualClock();
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    await load(1);
    configure({ clock, defaults: { ttl: '1s' } });
    expect(await load(1)).toBe('run 2');
    await clock.advance(1100);
    expect(await load(1)).toBe('run 3');
  });

  it('can switch a namespace off, whatever the call site says', async () => {
    configure({ namespaces: { mine: { enabled: false } } });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, {
      value: textValue,
      settings: { namespace: 'mine' },
    });
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 2']);
  });

  it('can do without memory', async () => {
    configure({ l1: false });
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
    expect([await load(1), await load(1)]).toEqual(['run 1', 'run 2']);
  });
});
