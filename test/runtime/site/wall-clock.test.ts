// The wall clock jumps, time itself goes on: nothing lives longer or shorter for it.
import { beforeEach, expect, it } from 'vitest';
import { configure, flush } from '../../../runtime/index.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber } from './hand-written.ts';

beforeEach(resetCacheKit);

const HOUR_MS = 3_600_000;
const TTL_MS = 600_000;

const jumps = [HOUR_MS, -HOUR_MS].flatMap((jumpMs) =>
  [true, false].map(
    (l1) => [jumpMs > 0 ? 'ahead' : 'back', l1 ? 'memory' : 'a backend', jumpMs, l1] as const,
  ),
);

it.each(jumps)('an hour %s: entries of %s live as long as they should', async (_, __, jumpMs, l1) => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  configure({ backend: memoryBackend({ clock }), clock, l1: l1 && {} });
  let runs = 0;
  const load = oneNumber(async (id) => ({ id, tags: [`run ${++runs}`] }), {
    settings: { ttlMs: TTL_MS, jitter: 0, refreshAhead: false },
  });
  await load(1);
  await flush();
  clock.jump(jumpMs);
  await load(1);
  await flush();
  // What a jump makes look expired may run again, once.
  const before = runs;
  await clock.advance(TTL_MS / 2);
  await load(1);
  expect(runs).toBe(before);
  await clock.advance(TTL_MS + 60_000);
  await load(1);
  expect(runs).toBe(before + 1);
});
