// Entries that belong to one object: by number in emitted code, by the object of the call in cached().
import { beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../runtime/config/env.ts';
import { resolveSettings } from '../../../runtime/config/resolve-settings.ts';
import type { CacheDescriptor } from '../../../runtime/contract/cache-descriptor.ts';
import { self, site } from '../../../runtime/emit/v1.ts';
import { cached, cacheOf } from '../../../runtime/index.ts';
import { resetCacheKit } from '../../../runtime/testing/index.ts';

beforeEach(resetCacheKit);

const descriptor = (changes: Partial<CacheDescriptor> = {}): CacheDescriptor => ({
  v: 1,
  id: 'app/src/counter#Counter.times',
  profile: 'default',
  package: 'app',
  settings: { self: 'instance' },
  shape: '0123456789abcdef',
  code: 'fedcba9876543210',
  serializer: 'std',
  index: 2,
  keys: (kit) => ({ key: (factor: number, object: number | undefined) => kit.any(factor) + kit.any(object) }),
  ...changes,
});

describe('the number of an object', () => {
  it('is its own, and stays', () => {
    const [one, other] = [{}, () => undefined];
    expect(self(one)).toBe(self(one));
    expect(self(one)).not.toBe(self(other));
  });

  it('is undefined for what is no object', () => {
    expect([undefined, null, 1, 'text'].map(self)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('self=instance', () => {
  it('keeps entries in this process, whatever a namespace says', () => {
    const config = { namespaces: { app: { backend: 'redis://localhost:1' } } };
    const { environment } = readEnvironment({}, '24.21.0');
    const backendOf = (one: CacheDescriptor) => resolveSettings(one, undefined, config, environment).backend;
    expect(backendOf(descriptor())).toEqual({ kind: 'none' });
    expect(backendOf(descriptor({ settings: {} })).kind).not.toBe('none');
  });

  it('has handles per object', async () => {
    const ran: string[] = [];
    const counter = site(descriptor({ fn: () => Reflect.get(Counter.prototype, 'times') }));
    class Counter {
      readonly step: number;
      constructor(step: number) {
        this.step = step;
      }
      times(factor: number): Promise<number> {
        const hit = counter.hit(factor, self(this));
        if (hit !== undefined) return hit as Promise<number>; // what the site stores for this function
        const body = async (own: unknown): Promise<number> => {
          ran.push(`${this.step} ${String(own)}`);
          return this.step * Number(own);
        };
        return counter.run([factor, self(this)], body) as Promise<number>; // as above
      }
    }
    const [one, two] = [new Counter(1), new Counter(2)];
    expect([await one.times(3), await two.times(3), await one.times(3)]).toEqual([3, 6, 3]);
    await cacheOf(one, 'times').invalidate(3);
    expect([await one.times(3), await two.times(3)]).toEqual([3, 6]);
    expect(ran).toEqual(['1 3', '2 3', '1 3']);
  });

  it('of cached() tells the objects of its calls apart', async () => {
    let runs = 0;
    const times = cached(
      async function (this: { step: number }, factor: number): Promise<number> {
        runs += 1;
        return this.step * factor;
      },
      { self: 'instance', name: 'times' },
    );
    const [one, two] = [
      { step: 1, times },
      { step: 2, times },
    ];
    expect([await one.times(3), await two.times(3), await one.times(3), await two.times(3)]).toEqual([
      3, 6, 3, 6,
    ]);
    expect(runs).toBe(2);
    await cacheOf(one, 'times').invalidate(3);
    expect([await one.times(3), await two.times(3)]).toEqual([3, 6]);
    expect(runs).toBe(3);
  });

  it('of cached() joins the result of a key function', async () => {
    const load = cached(
      async function (this: { name: string }, id: number): Promise<string> {
        return this.name + Math.floor(id);
      },
      { self: 'instance', name: 'load', key: Math.floor },
    );
    const [a, b] = [
      { name: 'a', load },
      { name: 'b', load },
    ];
    expect([await a.load(1.2), await b.load(1.4), await a.load(1.9)]).toEqual(['a1', 'b1', 'a1']);
  });
});
