import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheOf, configure } from '../../../runtime/index.ts';
import { resetCacheKit } from '../../../runtime/testing/index.ts';
import { byQuery, oneNumber, textValue, twoParts } from './hand-written.ts';

beforeEach(resetCacheKit);

describe('the memory budget of a namespace', () => {
  it('bounds entries over all its sites, and evicted ones are gone from their index', async () => {
    configure({ backend: 'none', l1: { maxEntries: 10 } });
    const a = oneNumber(async (id) => `a${id}`, { value: textValue });
    const b = twoParts(async (x: string) => `b${x}`);
    const c = byQuery(async (q) => `c${q.userId}`);
    for (let id = 0; id < 50; id++)
      await Promise.all([a(id), b(`${id % 3}`, id), c({ userId: id % 3, words: [`${id}`] })]);
    const live = [a, b, c].map((fn) => [...fn.site.core.entries()].length);
    expect(live.reduce((sum, count) => sum + count, 0)).toBe(10);
    expect(live).toEqual([a, b, c].map((fn) => fn.site.core.counters.entries));
  });

  it('bounds bytes', async () => {
    configure({ backend: 'none', l1: { maxSize: '64kb' } });
    const load = oneNumber(async (id) => ({ id, tags: ['x'.repeat(1000)] }));
    for (let id = 0; id < 200; id++) await load(id);
    const { bytes, entries, maxBytes } = cacheOf(load).stats();
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(bytes).toBeGreaterThan(maxBytes / 2);
    expect(entries).toBeGreaterThan(10);
  });

  it('keeps what is hit, evicts what is not', async () => {
    configure({ backend: 'none', l1: { maxEntries: 20 } });
    let runs = 0;
    const load = oneNumber(async (id) => (runs++, `v${id}`), { value: textValue });
    for (let id = 1; id < 500; id++) await Promise.all([load(0), load(id)]);
    expect(runs).toBe(500);
  });

  it('never makes a result wrong: the cached function answers like the function itself', async () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 9 }),
      word: fc.constantFrom('a', 'b', 'c'),
      invalidate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        configure({ backend: 'none', l1: { maxEntries: 5 } });
        const search = byQuery(async (q) => JSON.stringify([q.userId, q.words]));
        for (const { id, word, invalidate } of steps) {
          const query = { userId: id, words: [word] };
          if (invalidate) await cacheOf(search).invalidate(query);
          expect(await search(query)).toBe(JSON.stringify([id, [word]]));
        }
        expect(cacheOf(search).stats()).toMatchObject({ calls: steps.length });
        expect([...search.site.core.entries()].length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 50 },
    );
  });
});
