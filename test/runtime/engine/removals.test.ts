// A proof that could not fail would prove nothing: each rule taken out of the engine is found by some history.
// Those that are found within a few histories run here; ENGINE=full runs all of them (minutes).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildEngine } from './engine-copies.ts';
import { histories } from './play.ts';
import { REMOVALS } from './removals.ts';

const MOST_RUNS = 200;
const textOf = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../runtime/${file}`, import.meta.url)), 'utf8');

/** A busy machine, and a rule that is found late. */
const TIMEOUT_MS = 300_000;

const IS_FULL = process.env['ENGINE'] === 'full';
const played = Object.entries(REMOVALS).filter(([, { seed }]) => IS_FULL || seed !== undefined);

describe('without a rule', () => {
  it.each(Object.entries(REMOVALS))('%s: there is one to take out', (_, { removal, store }) => {
    const count = removal && textOf(removal.file).split(removal.text).length - 1;
    expect(count ?? (store === undefined ? 0 : 1)).toBe(1);
  });

  it.each(played)(
    '%s: it is seen',
    async (_, { kind, removal, store, seed = 1 }) => {
      const text = await buildEngine(removal);
      const property = histories(kind, { text, ...(store !== undefined && { store }) });
      // Always the same histories: whether they find it is not left to chance.
      const found = await fc.check(property, { numRuns: MOST_RUNS, seed, endOnFailure: true });
      expect(found.failed).toBe(true);
    },
    TIMEOUT_MS,
  );
});
