// The rules of the coherence protocol, searched exhaustively in small worlds: whole they hold, and each of them is needed.
// `MODEL=full npx vitest run test/model` searches all worlds to the end (minutes, a quarter of a gigabyte).
import { describe, expect, it } from 'vitest';
import type { Bounds, Removal } from './bounds.ts';
import { explore } from './explore.ts';
import { protocol } from './protocol.ts';
import { REMOVALS, WORLDS } from './settings.ts';

const IS_FULL = process.env['MODEL'] === 'full';
/** Breadth first: all histories up to some length. */
const MOST_STATES = IS_FULL ? 10_000_000 : 20_000;
const TIMEOUT_MS = IS_FULL ? 1_800_000 : 60_000;

const removals = Object.entries(REMOVALS) as [Removal, Bounds][]; // keys of the table

describe('each rule of the protocol', () => {
  it.each(removals)('is needed: without %s an old value is served', (without, bounds) => {
    const found = explore(protocol({ ...bounds, without }));
    expect(found.wrong).toMatch(/serves v\d from (memory|the store), v\d was acknowledged/u);
  });

  it.each(removals)('is enough with the others: %s in the same world', (_, bounds) => {
    const found = explore(protocol(bounds));
    expect(found.trace.join(' -> ')).toBe('');
    expect(found.isComplete).toBe(true);
  });
});

describe('the whole protocol', () => {
  it.each(Object.entries(WORLDS))(
    'serves nothing old: %s',
    (_, bounds) => {
      const found = explore(protocol(bounds), MOST_STATES);
      expect(found.trace.join(' -> ')).toBe('');
      expect(found.isComplete || !IS_FULL).toBe(true);
    },
    TIMEOUT_MS,
  );
});
