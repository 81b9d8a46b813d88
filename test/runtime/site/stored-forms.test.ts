// Values as callers see them, from every tier: what a hit gives is what the miss gave, down to the order of properties.
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CacheDescriptor } from '../../../runtime/contract/cache-descriptor.ts';
import { cacheOf, configure, flush } from '../../../runtime/index.ts';
import { keepDecoded } from '../../../runtime/site/call/keep-value.ts';
import { settle } from '../../../runtime/site/settle.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { writeValue } from '../../../transformer/5-generate/write-value.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { reachText } from '../../transformer/5-generate/classes.ts';
import { evaluate } from '../../transformer/5-generate/evaluate.ts';
import { layout, reorder, seeded } from '../../transformer/5-generate/reorder.ts';
import { field, object, REFS, shapeArb, valueArb } from '../../transformer/5-generate/shapes.ts';
import { gate, oneNumber, syncNumber } from './hand-written.ts';

beforeEach(resetCacheKit);

const string: TypeShape = { kind: 'primitive', name: 'string' };
const userShape = object([
  field('name', string),
  field('at', { kind: 'date' }),
  field('tags', { kind: 'array', element: string, readonly: false }),
]);
const makeUser = () => ({ name: 'Ada', at: new Date(1), tags: ['a'] });
const generated = (shape: TypeShape): Pick<CacheDescriptor, 'value'> => ({
  value: evaluate(writeValue(shape, REFS, reachText)),
});

/** The same store seen by a process that has nothing in memory. */
function forget(backend: ReturnType<typeof memoryBackend>): void {
  configure({ backend });
}

describe('a hit', () => {
  it('has the properties of the miss in their order, in every tier', { timeout: 60_000 }, async () => {
    const typed = shapeArb.chain((shape) => fc.record({ shape: fc.constant(shape), value: valueArb(shape) }));
    await fc.assert(
      fc.asyncProperty(typed, fc.integer(), fc.boolean(), async ({ shape, value }, seed, isShuffled) => {
        const backend = memoryBackend();
        forget(backend);
        const result = isShuffled ? reorder(value, seeded(seed)) : value;
        const load = oneNumber(async () => result, generated(shape));
        const answers = [await load(1), await load(1)];
        await flush();
        forget(backend);
        answers.push(await load(1), await load(1));
        for (const answer of answers) {
          expect(layout(answer)).toBe(layout(result));
          expect(isDeepStrictEqual(answer, result)).toBe(true);
        }
        expect(cacheOf(load).stats()).toMatchObject({ l1Hits: 2, l2Hits: 1, misses: 1 });
      }),
      { numRuns: 100 },
    );
  });

  it('never takes the place of a list that has properties besides its elements', async () => {
    configure({ backend: memoryBackend() });
    const load = oneNumber(
      async () => ({ ...makeUser(), tags: Object.assign(['a'], { more: 1 }) }),
      generated(userShape),
    );
    const answers = [await load(1), await load(1)];
    await flush();
    expect(answers.map(({ tags }) => tags.more)).toEqual([1, 1]);
    expect(cacheOf(load).stats()).toMatchObject({ hits: 0, misses: 2 });
  });

  it('of the second tier is nobody else’s: neither memory nor those who waited share it', async () => {
    const extra = { ...makeUser(), more: [{ deep: 1 }] };
    for (const made of [makeUser(), { tags: ['a'], at: new Date(1), name: 'Ada' }, extra]) {
      const backend = memoryBackend();
      forget(backend);
      const expected = structuredClone(made);
      const load = oneNumber(async () => structuredClone(made), generated(userShape));
      await load(1);
      await flush();
      forget(backend);
      const [first, second] = await Promise.all([load(1), load(1)]);
      for (const mine of [first, second]) {
        expect(mine).toEqual(expected);
        mine.tags.push('mine');
        mine.at.setTime(5);
        if ('more' in mine) (mine as typeof extra).more.length = 0;
      }
      const third = await load(1);
      expect(third).toEqual(expected);
      third.tags.push('again');
      expect(await load(1)).toEqual(expected);
      expect(cacheOf(load).stats()).toMatchObject({ l2Hits: 2, misses: 1 });
    }
  });

  it('of a synchronous function is nobody else’s either', async () => {
    configure({ backend: 'memory' });
    const calc = syncNumber(makeUser, generated(userShape));
    calc(1);
    await flush();
    calc.site.core.dropEntries();
    calc(1).tags.push('mine');
    expect(calc(1)).toEqual(makeUser());
    expect(cacheOf(calc).stats()).toMatchObject({ l2Hits: 1, l1Hits: 1, misses: 1 });
  });

  it('is copied and looked at once more when no decoder of ours made it', () => {
    const load = oneNumber(async () => makeUser(), generated(userShape));
    const held = makeUser();
    const kept = keepDecoded(load.site.core, settle(load.site.core), held, undefined);
    held.tags.push('theirs');
    expect(kept?.value).toEqual(makeUser());
    expect(
      keepDecoded(load.site.core, settle(load.site.core), { ...held, more: () => 1 }, undefined),
    ).toBeUndefined();
  });

  it('that memory took from the second tier counts with about the size it would have had from the function', async () => {
    const backend = memoryBackend();
    forget(backend);
    const big = () => ({ name: 'x'.repeat(3000), at: new Date(1), tags: Array<string>(500).fill('tag') });
    const load = oneNumber(async () => big(), generated(userShape));
    const size = (): number => [...load.site.core.entries()].reduce((sum, entry) => sum + entry.sizeBytes, 0);
    await load(1);
    const fresh = size();
    await flush();
    forget(backend);
    await load(1);
    expect(size() / fresh).toBeGreaterThan(0.9);
    expect(size() / fresh).toBeLessThan(1.5);
  });
});

describe('an instance of a class', () => {
  it('is returned and not cached, and one notice says what to do', async () => {
    class User {
      name = 'Ada';
      at = new Date(1);
      tags = ['a'];
    }
    const warned = gate<Error>();
    const warnings: Error[] = [];
    const listen = (warning: Error): void => {
      warnings.push(warning);
      warned.open(warning);
    };
    process.on('warning', listen);
    try {
      let runs = 0;
      const load = oneNumber(async () => (runs++, new User()), generated(userShape));
      expect([await load(1), await load(1), await load(2)].every((user) => user instanceof User)).toBe(true);
      expect(runs).toBe(3);
      await warned.promise;
      await vi.waitFor(() => expect(warnings).toHaveLength(1), 20_000);
      expect(warnings[0]?.message).toContain('Instances are returned but not cached; return a plain object');
      expect(warnings[0]?.message).toContain(load.descriptor.id);
    } finally {
      process.off('warning', listen);
    }
  });
});

describe('a result that does not fit its declared type', () => {
  it('is returned and not cached, and one notice says where it does not fit, without a value', async () => {
    const notices = recordEvents('cachekit:notice');
    let runs = 0;
    const rows: TypeShape = { kind: 'array', element: userShape, readonly: false };
    const load = oneNumber(
      async () => (runs++, [makeUser(), { ...makeUser(), at: 'canary' }]),
      generated(rows),
    );
    for (let i = 0; i < 3; i++) expect(await load(1)).toMatchObject([{}, { at: 'canary' }]);
    notices.stop();
    expect(runs).toBe(3);
    expect(notices.events.map(({ message }) => message)).toEqual([
      `A result of \`${load.descriptor.id}\` does not fit its declared type: [].at is a string. It is returned but not cached; correct the type, or convert the value.`,
    ]);
  });
});
