// Tests of users may replace the timers of the process, and put them back while something of ours is under way.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { cacheOf, configure, flush } from '../../../runtime/index.ts';
import { manualClock, memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from '../site/hand-written.ts';
import { warmTier } from '../site/warm-tier.ts';

const TTL_MS = 1000;

beforeAll(warmTier);
beforeEach(resetCacheKit);
afterEach(() => void vi.useRealTimers());

function counting(swrMs?: number) {
  let runs = 0;
  const settings = { ttlMs: TTL_MS, jitter: 0, ...(swrMs !== undefined && { swrMs }) };
  return oneNumber(async () => `run ${++runs}`, { value: textValue, settings });
}

test('a write that began under fake timers ends, under them and after them', async () => {
  configure({ backend: memoryBackend() });
  const load = counting();
  vi.useFakeTimers();
  await load(1);
  await flush();
  await load(2);
  vi.useRealTimers();
  await flush();
  expect(cacheOf(load).stats().misses).toBe(2);
});

test('a refresh that began under fake timers ends', async () => {
  configure({ backend: memoryBackend() });
  const load = counting(60_000);
  vi.useFakeTimers();
  await load(1);
  vi.advanceTimersByTime(2 * TTL_MS);
  expect(await load(1)).toBe('run 1');
  vi.useRealTimers();
  await flush();
  expect(await load(1)).toBe('run 2');
});

test('a call under fake timers waits for the lock of another run, and ends', async () => {
  configure({ backend: memoryBackend() });
  const load = counting();
  vi.useFakeTimers();
  await load(1);
  await cacheOf(load).invalidate(1);
  expect(await load(1)).toBe('run 2');
});

test('the time of fake timers is followed, also after others that were put back', async () => {
  const load = counting(60_000);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  for (let call = 0; call < 3; call++) expect(await load(1)).toBe('run 1');
  vi.useRealTimers();
  await resetCacheKit();
  vi.useFakeTimers();
  for (let call = 0; call < 3; call++) expect(await load(1)).toBe('run 2');
  vi.advanceTimersByTime(2 * TTL_MS);
  expect(await load(1)).toBe('run 2');
  await flush();
  expect(await load(1)).toBe('run 3');
});

test('a manual clock advances under fake timers', async () => {
  vi.useFakeTimers();
  const clock = manualClock();
  await clock.advance(1);
  expect(clock.monotonicMs()).toBe(1);
});
