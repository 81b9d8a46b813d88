// Entries of `self=instance` end with their object: nobody can ask for them again.
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, expect, it } from 'vitest';
import { cached } from '../../../runtime/index.ts';
import { resetCacheKit } from '../../../runtime/testing/index.ts';

beforeEach(resetCacheKit);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // what the flag brings

const times = cached(
  async function (this: { step: number }, factor: number): Promise<{ product: number }> {
    return { product: this.step * factor };
  },
  { self: 'instance', name: 'times' },
);

/** Collectors may take their time: as many turns as it needs, which is a few. */
async function until(isDone: () => boolean): Promise<void> {
  for (let turns = 0; turns < 200 && !isDone(); turns++) {
    collectGarbage();
    await turn();
  }
}

async function useAndForget(): Promise<void> {
  const object = { step: 2 };
  await times.call(object, 3);
  await times.call(object, 4);
}

it('drops what a dead object made, keeps what a living one made, and keeps no object alive', async () => {
  const living = { step: 1 };
  await times.call(living, 3);
  await useAndForget();
  expect(times.cache.stats().entries).toBe(3);
  await until(() => times.cache.stats().entries === 1);
  expect(times.cache.stats().entries).toBe(1);
  const before = times.cache.stats().hits;
  expect(await times.call(living, 3)).toEqual({ product: 3 });
  expect(times.cache.stats().hits).toBe(before + 1);
});

it('lets go of entries that memory dropped before', async () => {
  const living = { step: 1 };
  await times.call(living, 3);
  await times.cache.invalidateAll();
  expect(times.cache.stats().entries).toBe(0);
  expect(await times.call(living, 3)).toEqual({ product: 3 });
  expect(times.cache.stats().entries).toBe(1);
});
