// `many()` with more calls than a backend takes at once: it asks in turn, so nothing is run that is stored.
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { cacheOf, configure, flush } from '../../../runtime/index.ts';
import { memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

const list = Array.from({ length: 600 }, (_, id) => [id] as [number]);

it('reads all that is stored, and stores all that is not', async () => {
  configure({ backend: memoryBackend(), backpressure: { maxConcurrent: 4, maxQueued: 1 } });
  const backend = recordEvents('cachekit:backend');
  let runs = 0;
  const load = oneNumber(async (id) => `${(runs++, id)}`, { value: textValue });
  await load(-1); // opens the backend
  await cacheOf(load).many(list);
  await flush();
  expect(runs).toBe(601);
  configure({}); // as another process
  await load(-1);
  expect(await cacheOf(load).many(list)).toEqual(list.map(([id]) => `${id}`));
  expect(runs).toBe(601);
  expect(cacheOf(load).stats()).toMatchObject({ l2Hits: 601 });
  expect(backend.events.filter(({ outcome }) => outcome === 'rejected')).toEqual([]);
  backend.stop();
});

it('gives `batch` all misses at once, also when asking for them takes its time', async () => {
  configure({ backend: memoryBackend(), backpressure: { maxConcurrent: 4, maxQueued: 1 } });
  const sizes: number[] = [];
  const load = oneNumber(async (id) => `${id}`, { value: textValue });
  Object.assign(load.site.core, {
    options: {
      batch: async (all: readonly (readonly [number])[]) => {
        sizes.push(all.length);
        return all.map(([id]) => `${id}`);
      },
    },
  });
  await load(-1);
  expect(await cacheOf(load).many(list)).toHaveLength(600);
  expect(sizes).toEqual([600]);
});
