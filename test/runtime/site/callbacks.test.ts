// Callbacks of options that give what their types forbid: `any` and plain JavaScript can.
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, configure, flush, invalidateTags } from '../../../runtime/index.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from './hand-written.ts';

beforeEach(resetCacheKit);

/** How often the function of two equal calls ran. A rejection that nobody handles fails the test run. */
async function runsWith(rules: object): Promise<number> {
  configure({ backend: 'none' });
  let runs = 0;
  const load = oneNumber(async () => `${++runs}`, { value: textValue, rules: rules as never });
  await load(1);
  await load(1);
  await new Promise(setImmediate);
  return runs;
}

const failing = async (): Promise<never> => {
  throw new Error('nobody hears this');
};

describe('an answer of another type', () => {
  it.each([
    ['when', undefined, 2],
    ['when', 0, 2],
    ['when', 'yes', 1],
    ['unless', undefined, 1],
    ['unless', 0, 1],
    ['unless', ['an error'], 2],
  ])('%s: %j counts as in `if`', async (name, answer, runs) => {
    expect(await runsWith({ [name]: () => answer })).toBe(runs);
  });

  it.each(['when', 'unless', 'tags', 'tenant'])('%s: a promise means "not stored"', async (name) => {
    expect(await runsWith({ [name]: async () => true })).toBe(2);
    expect(await runsWith({ [name]: failing })).toBe(2);
  });

  it('ttl: the same', async () => {
    configure({ backend: 'none' });
    let runs = 0;
    const load = oneNumber(async () => `${++runs}`, { value: textValue });
    Object.assign(load.site.core, { options: { ttl: failing } });
    await load(1);
    await load(1);
    await new Promise(setImmediate);
    expect(runs).toBe(2);
  });
});

describe('a ttl without an end', () => {
  it.each([Number.MAX_SAFE_INTEGER, 1e300])('of %d ms is stored like any other', async (ttlMs) => {
    configure({ backend: memoryBackend() });
    let runs = 0;
    const settings = { ttlMs, swrMs: ttlMs, staleIfErrorMs: ttlMs };
    const load = oneNumber(async () => `${++runs}`, { value: textValue, settings });
    await load(1);
    await flush();
    configure({}); // as another process
    expect(await load(1)).toBe('1');
    expect(cacheOf(load).stats()).toMatchObject({ l2Hits: 1 });
  });
});

describe('set()', () => {
  it.each([
    ['unless', { rules: { unless: () => true } }, 'given'],
    ['cacheNull: false', { settings: { tags: ['users'], cacheNull: false } }, null],
  ])('with %s: the value is stored, and its tags find it', async (_name, changes, value) => {
    configure({ backend: 'none' });
    const accepts = (given: unknown): boolean => given === null || typeof given === 'string';
    const load = oneNumber(async (): Promise<string | null> => 'made', {
      settings: { tags: ['users'] },
      value: (kit) => ({ ...textValue(kit), accepts }),
      ...changes,
    });
    await cacheOf(load).set([1], value);
    expect(await cacheOf(load).peek(1)).toMatchObject({ value });
    await invalidateTags('users');
    expect(await cacheOf(load).peek(1)).toBeUndefined();
  });

  it('stores nothing whose tags nobody knows', async () => {
    configure({ backend: 'none' });
    const tags = (): never => {
      throw new Error('canary');
    };
    const load = oneNumber(async () => 'made', { value: textValue, rules: { tags } });
    await cacheOf(load).set([1], 'given');
    expect(await cacheOf(load).peek(1)).toBeUndefined();
  });
});
