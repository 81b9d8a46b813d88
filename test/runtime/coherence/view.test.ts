import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../../runtime/coherence/constants.ts';
import { View } from '../../../runtime/coherence/view.ts';
import { manualClock } from '../../../runtime/testing/index.ts';

const KEY = 'ck1:{key}';

function newView(mostGroups?: number): View {
  const view = new View(manualClock(), mostGroups);
  view.reset(7, 100, 0);
  return view;
}

describe('a stored entry', () => {
  it('is invalid before there is a registry', () => {
    const view = new View(manualClock());
    expect(view.valid({ inc: 0, born: 0 }, [], KEY)).toBe('invalid');
    expect(view.stamp()).toBeUndefined();
  });

  it('is invalid in another incarnation, smaller or larger', () => {
    const view = newView();
    expect(view.valid({ inc: 6, born: 100 }, [], KEY)).toBe('invalid');
    expect(view.valid({ inc: 8, born: 100 }, [], KEY)).toBe('invalid');
    expect(view.valid({ inc: 7, born: 100 }, [], KEY)).toBe('valid');
  });

  it('is invalid if its key or one of its groups was invalidated after it was born', () => {
    const view = newView();
    view.apply('key', KEY, 110, false);
    view.apply('group', 'f:f', 120, false);
    expect(view.valid({ inc: 7, born: 109 }, [], KEY)).toBe('invalid');
    expect(view.valid({ inc: 7, born: 110 }, [], KEY)).toBe('valid');
    expect(view.valid({ inc: 7, born: 119 }, ['t:t', 'f:f'], KEY)).toBe('invalid');
    expect(view.valid({ inc: 7, born: 119 }, ['t:t'], KEY)).toBe('valid');
    expect(view.valid({ inc: 7, born: 120 }, ['t:t', 'f:f'], KEY)).toBe('valid');
  });

  it('is invalid while an invalidation of it has no position yet, whenever it was born', () => {
    const view = newView();
    view.begin('key', KEY);
    view.begin('group', 't:t');
    const late = { inc: 7, born: 10_000 };
    expect(view.valid(late, [], KEY)).toBe('invalid');
    expect(view.valid(late, ['t:t'], 'ck1:{other}')).toBe('invalid');
    expect(view.valid(late, ['t:u'], 'ck1:{other}')).toBe('valid');
    view.begin('key', KEY);
    view.settle('key', KEY);
    expect(view.valid(late, [], KEY)).toBe('invalid'); // one of two
    view.settle('key', KEY);
    view.settle('group', 't:t');
    expect(view.valid(late, ['t:t'], KEY)).toBe('valid');
  });

  it('is invalid below the floor, and with a stamp that is no number', () => {
    const view = newView();
    view.raiseFloor(50);
    expect(view.valid({ inc: 7, born: 49 }, [], KEY)).toBe('invalid');
    expect(view.valid({ inc: 7, born: 50 }, [], KEY)).toBe('valid');
    expect(view.valid({ inc: 7, born: Number.NaN }, [], KEY)).toBe('invalid');
  });

  it('is unknown when it is older than what the view holds, until the registry was asked', () => {
    const view = newView(2);
    for (const [at, id] of ['t:a', 't:b', 't:c'].entries()) view.apply('group', id, 110 + at, false);
    const entry = { inc: 7, born: 105 };
    expect(view.valid(entry, ['t:x'], KEY)).toBe('unknown');
    expect(view.valid(entry, ['t:x', 't:c'], KEY)).toBe('invalid'); // enough is known
    expect(view.unknownIds(entry, ['t:a', 't:c', 't:x'])).toEqual(['t:a', 't:x']);
    const positions = new Map([
      ['t:a', 110],
      ['t:x', 0],
    ]);
    view.learn(7, 0, positions);
    expect(view.valid(entry, ['t:x'], KEY)).toBe('valid');
    expect(view.valid(entry, ['t:a'], KEY)).toBe('invalid');
    view.learn(7, 106, new Map());
    expect(view.valid(entry, ['t:x'], KEY)).toBe('invalid'); // the floor came later
  });

  it('is not judged by an answer that is older than a record of the group', () => {
    const view = newView(1);
    view.learn(7, 0, new Map([['t:a', 0]]));
    view.apply('group', 't:a', 110, false);
    view.apply('group', 't:b', 111, false); // there is no room for t:a any more
    expect(view.valid({ inc: 7, born: 105 }, ['t:a'], KEY)).toBe('unknown');
  });

  it('is not judged by an answer about another registry', () => {
    const view = newView(1);
    view.apply('group', 't:a', 110, false);
    view.apply('group', 't:b', 111, false);
    view.learn(6, 0, new Map([['t:a', 0]]));
    expect(view.valid({ inc: 7, born: 105 }, ['t:a'], KEY)).toBe('unknown');
  });
});

describe('what this process made itself', () => {
  it('is invalid from an invalidation on, but what began after it is valid, also before it has a position', () => {
    const view = newView();
    const before = view.stamp();
    view.begin('group', 't:t');
    const after = view.stamp();
    expect(before && view.valid(before, ['t:t'], KEY)).toBe('invalid');
    expect(after && view.valid(after, ['t:t'], KEY)).toBe('valid');
    view.apply('group', 't:t', 130, true);
    view.settle('group', 't:t');
    expect(after && view.valid(after, ['t:t'], KEY)).toBe('valid');
    view.apply('group', 't:t', 140, false); // somebody else's
    expect(after && view.valid(after, ['t:t'], KEY)).toBe('invalid');
  });

  it('is invalid after a gap, and after another registry', () => {
    const view = newView();
    const before = view.stamp();
    view.unverify();
    expect(before && view.valid(before, [], KEY)).toBe('invalid');
    expect(before && view.mayKeep(before)).toBe(false);
    const after = view.stamp();
    expect(after && view.mayKeep(after)).toBe(true);
    view.reset(8, 200, 0);
    expect(after && view.mayKeep(after)).toBe(false);
  });

  it('may not be kept once marks of keys that came since are forgotten', async () => {
    const clock = manualClock();
    const view = new View(clock);
    view.reset(7, 100, 0);
    const began = view.stamp();
    view.apply('key', KEY, 110, false);
    await clock.advance(LEASE_MS);
    expect(began && view.mayKeep(began)).toBe(true); // still there
    view.apply('key', 'ck1:{other}', 120, false);
    expect(began && view.mayKeep(began)).toBe(false);
    expect(began && view.valid(began, [], KEY)).toBe('invalid');
  });
});

it('a view with room for few groups says the same as one with room for all, or says that it does not know', () => {
  const ids = ['t:a', 't:b', 't:c', 't:d', 't:e'];
  const records = fc.array(fc.constantFrom(...ids), { maxLength: 30 });
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 4 }), (all, room) => {
      const [small, large] = [newView(room), newView()];
      for (const [at, id] of all.entries())
        for (const view of [small, large]) view.apply('group', id, 101 + at, false);
      for (let born = 100; born <= 101 + all.length; born++)
        for (const id of ids) {
          const right = large.valid({ inc: 7, born }, [id], KEY);
          const said = small.valid({ inc: 7, born }, [id], KEY);
          expect([right, 'unknown']).toContain(said);
        }
    }),
  );
});
