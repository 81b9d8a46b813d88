// The whole engine, from the call to the store and back, in three processes under any history: every answer is right or
// as old as it may be, nobody waits too long, nothing throws that the function did not throw.
// More histories: ENGINE_RUNS=1000 npx vitest run test/runtime/engine
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildEngine } from './engine-copies.ts';
import { histories, interleavings } from './play.ts';
import { KEYS, World } from './world.ts';

const RUNS = Number(process.env['ENGINE_RUNS'] ?? 20);

let text = '';
beforeAll(async () => {
  text = await buildEngine();
});

describe('under any history', () => {
  it.each([
    ['while nothing fails, everybody knows within 100 ms of the acknowledgement', 'healthy'],
    ['messages lost, processes cut off and crashed: nothing older than 10 s of what was known', 'network'],
    [
      'the store loses and evicts: nobody serves what it invalidated itself, and all agree in the end',
      'losses',
    ],
  ] as const)('%s', async (_, kind) => {
    await expect(fc.assert(histories(kind, { text }), { numRuns: RUNS })).resolves.toBeUndefined();
  });

  it.each([
    ['functions slower than the news: who comes after an invalidation joins no run from before', 'slow'],
    ['a log shorter than a gap: memory is read again', 'trimmed'],
  ] as const)('%s', async (_, kind) => {
    const numRuns = Math.ceil(RUNS / 4); // each history holds its case several times
    await expect(fc.assert(histories(kind, { text }), { numRuns })).resolves.toBeUndefined();
  });
});

it('whichever message overtakes which, nobody serves what it invalidated itself, and all agree in the end', async () => {
  await expect(fc.assert(interleavings('losses', { text }), { numRuns: RUNS })).resolves.toBeUndefined();
});

it.each(['key', 'tag'] as const)(
  'a result from before the first contact is not stored over an invalidation (%s) that a lost registry has forgotten',
  async (what) => {
    let isLost = false;
    const deliver = (message: string): Promise<void> =>
      message === 'sync' && isLost ? new Promise(() => undefined) : Promise.resolve();
    const world = await World.create({ text, seed: 2, kept: {}, deliver });
    world.call(0, 1, 'near');
    await world.clock.advance(100);
    isLost = true;
    // Its function runs, and what it gives waits for the first word of the registry.
    world.call(2, 0, 'far');
    await world.clock.advance(320);
    world.invalidate(0, 0, what);
    await world.clock.advance(20);
    world.store.flush();
    isLost = false;
    await world.clock.advance(3000);
    await world.end();
    expect(world.broken).toEqual([]);
  },
);

it('cut off for 10 s, a process serves nothing more of what it has in memory', async () => {
  const world = await World.create({ text, seed: 1, kept: { staleMs: 11_500 } });
  // Twice: what a process reads before it has seen the log is not kept in memory.
  for (const at of [0, 1, 2, 0, 1, 2]) {
    for (const key of KEYS) world.call(at, key, 'near');
    await world.clock.advance(200);
  }
  world.processes[2]?.backend.setReachable(false);
  const { runs } = world;
  world.invalidate(0, 1, 'key');
  await world.clock.advance(5000);
  for (const key of KEYS) world.call(2, key, 'near');
  await world.clock.advance(500);
  expect(world.runs).toBe(runs);
  await world.clock.advance(7000);
  for (const key of KEYS) world.call(2, key, 'near');
  await world.clock.advance(500);
  expect(world.runs).toBe(runs + KEYS.length);
  expect(world.broken).toEqual([]);
});
