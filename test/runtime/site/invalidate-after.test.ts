// What a function with @cacheInvalidate does at run time: its own result and errors, and targets that are out of date.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached } from '../../../runtime/cached.ts';
import { configure, flush } from '../../../runtime/config/configure.ts';
import { invalidateAfter, type InvalidationTarget } from '../../../runtime/site/handle/invalidate-after.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { watchStandstill } from '../../helpers/lateness.ts';

const ran: string[] = [];
const load = cached(
  async (id: number, options?: { page: number }) => {
    ran.push(`${id}${options === undefined ? '' : `/${options.page}`}`);
    return id;
  },
  { name: 'invalidate-after/load', version: '1' },
);
const one: InvalidationTarget = [() => [load], () => [1]];

const notices: string[] = [];
const listen = (warning: Error & { code?: string }): void =>
  void notices.push(`${warning.code} ${warning.message}`);

beforeEach(async () => {
  await resetCacheKit();
  ran.length = 0;
  notices.length = 0;
  process.on('warning', listen);
});
afterEach(() => process.off('warning', listen));

/** Calls whose entries are gone. */
async function gone(): Promise<readonly string[]> {
  ran.length = 0;
  await load(1);
  await load(2);
  return ran.splice(0);
}

describe('an asynchronous writer', () => {
  it('gives its result, after the targets are gone', async () => {
    await gone();
    const result = { id: 1 };
    const promise = invalidateAfter(async (id: number) => (id === 1 ? result : undefined), [1], [one]);
    expect(await promise).toBe(result);
    expect(await gone()).toEqual(['1']);
  });

  it('that fails gives its own error, and invalidates nothing', async () => {
    await gone();
    const error = new Error('its own');
    const promise = invalidateAfter(() => Promise.reject(error), [], [one]);
    await expect(promise).rejects.toBe(error);
    expect(await gone()).toEqual([]);
  });

  it('invalidates what it was called with, though its body changes the object', async () => {
    const options = { page: 1 };
    await load(1, { page: 1 });
    await load(1, { page: 2 });
    const body = async () => void (options.page = 2);
    await invalidateAfter(body, [], [[() => [load], () => [1, options]]]);
    ran.length = 0;
    await load(1, { page: 1 });
    await load(1, { page: 2 });
    expect(ran).toEqual(['1/1']);
  });

  it('names a target by its result', async () => {
    await gone();
    const target: InvalidationTarget = [
      () => [load],
      () => [1],
      (a, r: { add: number }) => [Number(a[0]) + r.add],
    ];
    await invalidateAfter(async () => ({ add: 1 }), [], [target]);
    expect(await gone()).toEqual(['2']);
  });

  it('invalidates all calls where no arguments are given', async () => {
    await gone();
    await invalidateAfter(async () => 1, [], [[() => [load]]]);
    expect(await gone()).toEqual(['1', '2']);
  });

  it('does not wait for a backend that hangs', async () => {
    const never = new Promise<never>(() => undefined);
    configure({ backend: { ...memoryBackend(), delete: () => never, get: () => never } });
    const [startMs, standstill] = [performance.now(), watchStandstill()];
    expect(await invalidateAfter(async () => 7, [], [one])).toBe(7);
    expect(performance.now() - startMs - standstill()).toBeLessThan(2000);
  });
});

describe('a synchronous writer', () => {
  it('gives its value at once, with memory clean', async () => {
    await gone();
    expect(invalidateAfter(() => 5, [], [one])).toBe(5);
    expect(await gone()).toEqual(['1']);
    await flush();
  });

  it('that throws, throws the same and invalidates nothing', async () => {
    await gone();
    const error = new Error('its own');
    const body = () => {
      throw error;
    };
    expect(() => invalidateAfter(body, [], [one])).toThrow(error);
    expect(await gone()).toEqual([]);
  });

  it('passes a then of somebody else on untouched', () => {
    let asked = 0;
    const lazy = Object.defineProperty({}, `${'th'}en`, { get: () => void asked++ });
    expect(invalidateAfter(() => lazy, [], [one])).toBe(lazy);
    expect(asked).toBe(0);
  });
});

describe('a target that cannot be told', () => {
  it.each<readonly [string, InvalidationTarget]>([
    ['a function that is not cached', [() => [() => 1], () => []]],
    [
      'a name that is not there yet',
      [
        () => {
          throw new ReferenceError('secret 42');
        },
        () => [],
      ],
    ],
    [
      'arguments that throw',
      [
        () => [load],
        () => {
          throw new Error('secret 42');
        },
      ],
    ],
    ['a result of another form', [() => [load], () => [], (_a, r: { a: { b: number } }) => [r.a.b]]],
    ['a tag without text', [0, () => ['']]],
  ])('%s stops neither the writer nor the other targets, and is said once', async (_what, target) => {
    await gone();
    expect(await invalidateAfter(async () => 1, [], [target, one, target])).toBe(1);
    expect(await gone()).toEqual(['1']);
    await new Promise((resolve) => setImmediate(resolve));
    const said = notices.filter((text) => text.startsWith('CACHEKIT_INVALIDATION_FAILED'));
    expect(said).toHaveLength(1);
    expect(said[0]).not.toContain('42');
  });
});
