// Functions that never end: without a cache they hold nobody but their own caller.
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { cacheOf, configure, flush, type Clock } from '../../../runtime/index.ts';
import { manualClock, memoryBackend, recordEvents, resetCacheKit } from '../../../runtime/testing/index.ts';
import { gate, oneNumber, textValue } from './hand-written.ts';
import { warmTier } from './warm-tier.ts';

beforeAll(warmTier);
beforeEach(resetCacheKit);

it.each([
  ['without a backend', (_clock: Clock) => 'none' as const, 'run 3'],
  ['with one', (clock: Clock) => memoryBackend({ clock }), 'run 2'],
])('%s: later callers wait for such a run no longer than its lease lives', async (_kind, open, next) => {
  const clock = manualClock();
  configure({ backend: open(clock), clock });
  let runs = 0;
  const stuck = gate<string>();
  const slow = oneNumber(async () => (++runs === 1 ? stuck.promise : `run ${runs}`), { value: textValue });
  const early = slow(1);
  while (runs === 0) await new Promise(setImmediate); // the backend opens first
  await clock.advance(60_000);
  const joined = slow(1);
  await clock.advance(60_000);
  const later = slow(1);
  // The lock of the stuck run may not have ended yet.
  for (let polls = 0; polls < 100 && runs === 1; polls++) {
    await new Promise(setImmediate);
    await clock.advance(100);
  }
  expect(await later).toBe('run 2');
  stuck.open('old');
  expect(await early).toBe('old');
  expect(await joined).toBe('old');
  await flush();
  expect(await cacheOf(slow).peek(1)).toMatchObject({ value: 'run 2' });
  configure({}); // as another process
  expect(await slow(1)).toBe(next);
});

it('flush() waits for a run that nobody asked for, but not for ever', async () => {
  const clock = manualClock();
  configure({ backend: 'none', clock });
  let runs = 0;
  const load = oneNumber(async () => (++runs === 1 ? 'first' : new Promise<string>(() => undefined)), {
    value: textValue,
    settings: { ttlMs: 1000, swrMs: 60_000, jitter: 0 },
  });
  await load(1);
  await clock.advance(2000);
  expect(await load(1)).toBe('first');
  await new Promise(setImmediate);
  expect(runs).toBe(2);
  let isFlushed = false;
  const flushing = flush().then(() => (isFlushed = true));
  await clock.advance(9000);
  expect(isFlushed).toBe(false);
  await clock.advance(1000);
  await flushing;
});

it('its lock is not renewed for ever', async () => {
  const clock = manualClock();
  configure({ backend: memoryBackend({ clock }), clock });
  let runs = 0;
  const load = oneNumber(async () => (++runs === 1 ? 'opens' : new Promise<string>(() => undefined)), {
    value: textValue,
    settings: { lock: true },
  });
  await load(0);
  await flush();
  const backend = recordEvents('cachekit:backend');
  const locks = (): number => backend.events.filter(({ operation }) => operation === 'lock').length;
  void load(1);
  while (runs === 1) await new Promise(setImmediate);
  await clock.advance(100_000);
  expect(locks()).toBeGreaterThan(90);
  await clock.advance(30_000);
  const after = locks();
  await clock.advance(60_000);
  expect(locks()).toBe(after);
  backend.stop();
});
