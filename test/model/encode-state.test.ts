// The search writes states without what tells like ones apart: that must lose nothing. Wherever the protocol goes, a state
// read back can do the same and is as right or wrong.
import { describe, expect, it } from 'vitest';
import { protocol } from './protocol.ts';
import { REMOVALS, WORLDS } from './settings.ts';
import type { State } from './state.ts';

/** Of states reached by walks, with all their names, not by those that were read back. */
const WALKS = 20;
const STEPS = 40;

function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const hex = (model: ReturnType<typeof protocol>, state: State): string => {
  const bytes = new Uint8Array(4096);
  return Buffer.from(bytes.subarray(0, model.encode(state, bytes))).toString('hex');
};

function successors(model: ReturnType<typeof protocol>, state: State): State[] {
  const found: State[] = [];
  model.next(state, (_, change) => {
    const copy = model.copy(state);
    if (change(copy) !== false) found.push(copy);
  });
  return found;
}

const models = [
  ...Object.entries(WORLDS),
  ...Object.entries(REMOVALS).map(
    ([without, bounds]) => [`without ${without}`, { ...bounds, without }] as const,
  ),
].map(([name, bounds]) => [name, protocol(bounds as Parameters<typeof protocol>[0])] as const); // its key is a removal

describe('a state that is written and read back', () => {
  it.each(models)('goes on alike: %s', (_, model) => {
    const random = numbers(17);
    for (let walk = 0; walk < WALKS; walk++) {
      let state = model.initial;
      for (let step = 0; step < STEPS; step++) {
        const readBack = model.decode(Buffer.from(hex(model, state), 'hex'));
        expect(hex(model, readBack)).toBe(hex(model, state));
        expect(model.wrong(readBack) === undefined).toBe(model.wrong(state) === undefined);
        const next = successors(model, state);
        const written = next.map((one) => hex(model, one)).sort();
        expect(
          successors(model, readBack)
            .map((one) => hex(model, one))
            .sort(),
        ).toEqual(written);
        const chosen = next[Math.floor(random() * next.length)];
        if (chosen === undefined) break;
        state = chosen;
      }
    }
  });
});
