// Plays histories of commands in worlds, and says what was broken.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { COMMANDS } from './commands.ts';
import { World, type WorldOptions } from './world.ts';

/** Cut off, a process serves what it has for 10 s; a second to notice, and what is on its way. */
const CUT_OFF_STALE_MS = 11_500;

export type Kind = keyof typeof COMMANDS;

/** What may happen, and what holds then besides what always holds. */
export const WORLDS: Readonly<Record<Kind, Pick<WorldOptions, 'kept' | 'loss01'>>> = {
  healthy: { kept: { staleMs: 100 } },
  slow: { kept: { staleMs: 100 } },
  trimmed: { kept: { staleMs: CUT_OFF_STALE_MS } },
  network: { kept: { staleMs: CUT_OFF_STALE_MS }, loss01: 0.03 },
  losses: { kept: {}, loss01: 0.03 },
};

const MOST_COMMANDS = 60;
/** Each comes with many messages, which are put in any order as well. */
const MOST_INTERLEAVED = 25;

export function histories(
  kind: Kind,
  how: Pick<WorldOptions, 'text' | 'store'>,
): fc.IAsyncProperty<[number, Iterable<fc.AsyncCommand<Record<string, never>, World>>]> {
  const commands = fc.commands([...COMMANDS[kind]], { maxCommands: MOST_COMMANDS, size: 'max' });
  return fc.asyncProperty(fc.nat(), commands, async (seed, played) => {
    const world = await World.create({ ...WORLDS[kind], ...how, seed });
    await fc.asyncModelRun(() => ({ model: {}, real: world }), played);
    await world.end();
    assert.deepEqual(world.broken, []);
  });
}

/** The same, and every message arrives when the scheduler says: before or after any other, and any later command. */
export function interleavings(
  kind: Kind,
  how: Pick<WorldOptions, 'text' | 'store'>,
): fc.IAsyncProperty<[number, fc.Scheduler, Iterable<fc.AsyncCommand<Record<string, never>, World>>]> {
  const commands = fc.commands([...COMMANDS[kind]], { maxCommands: MOST_INTERLEAVED, size: 'max' });
  return fc.asyncProperty(fc.nat(), fc.scheduler(), commands, async (seed, scheduler, played) => {
    const deliver = async (what: string): Promise<void> => {
      await scheduler.schedule(Promise.resolve(), what);
    };
    const world = await World.create({ text: how.text, seed, kept: {}, deliver });
    await fc.scheduledModelRun(scheduler, () => ({ model: {}, real: world }), played);
    await world.end(() => scheduler.waitIdle());
    assert.deepEqual(world.broken, []);
  });
}
