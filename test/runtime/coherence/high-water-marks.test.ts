import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HighWaterMarks } from '../../../runtime/coherence/high-water-marks.ts';

type Origin = Parameters<HighWaterMarks['admit']>[1];

const origin = (storedAtMs: number, born = 0, inc = 1): Origin => ({
  stamp: { inc, born },
  times: { storedAtMs, softExpiryMs: storedAtMs + 1, hardExpiryMs: storedAtMs + 1 },
});

describe('HighWaterMarks', () => {
  it('admits what is as new as the newest, and nothing older', () => {
    const marks = new HighWaterMarks();
    expect(marks.admit('a', origin(100))).toBe(true);
    expect(marks.admit('a', origin(100))).toBe(true);
    expect(marks.admit('a', origin(99))).toBe(false);
    expect(marks.admit('a', origin(101))).toBe(true);
    expect(marks.admit('a', origin(100))).toBe(false);
    expect(marks.admit('b', origin(1))).toBe(true);
  });

  it('takes what was begun after more invalidations for newer, whatever the clock says', () => {
    const marks = new HighWaterMarks();
    marks.admit('a', origin(600_000, 7));
    expect(marks.admit('a', origin(1000, 8))).toBe(true);
    expect(marks.admit('a', origin(999, 8))).toBe(false);
    expect(marks.admit('a', origin(999, 7))).toBe(false);
    expect(marks.admit('a', origin(1001, 8))).toBe(true);
  });

  it('begins again with another registry', () => {
    const marks = new HighWaterMarks();
    marks.admit('a', origin(600_000, 9, 1));
    expect(marks.admit('a', origin(1000, 2, 2))).toBe(true);
    expect(marks.admit('a', origin(999, 2, 2))).toBe(false);
  });

  it('goes by what this process stored itself, with a clock that was set back too', () => {
    const marks = new HighWaterMarks();
    marks.admit('a', origin(600_000));
    marks.stored('a', origin(1000.7));
    expect(marks.admit('a', origin(1000))).toBe(true);
    expect(marks.admit('a', origin(999))).toBe(false);
  });

  it('admits nothing from before an invalidation that has no log', () => {
    const marks = new HighWaterMarks();
    marks.removed('a', 500);
    expect(marks.admit('a', origin(499, 0, 0))).toBe(false);
    expect(marks.admit('a', origin(500, 0, 0))).toBe(true);
  });

  it('forgets the names used longest ago, and admits everything of those', () => {
    const marks = new HighWaterMarks(2);
    for (const name of ['a', 'b', 'a', 'c']) marks.admit(name, origin(100));
    expect(marks.admit('a', origin(99))).toBe(false);
    expect(marks.admit('b', origin(99))).toBe(true);
  });

  it('never admits an entry after a newer one of its name, in any order of arrival', () => {
    const arrival = fc.record({ name: fc.constantFrom('a', 'b'), at: fc.nat(20), born: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40 }), (arrivals) => {
        const marks = new HighWaterMarks();
        const admitted: typeof arrivals = [];
        for (const next of arrivals) {
          const newest = admitted.findLast(({ name }) => name === next.name);
          const isOlder = newest !== undefined && next.at < newest.at && next.born <= newest.born;
          const isAdmitted = marks.admit(next.name, origin(next.at, next.born));
          expect(isOlder && isAdmitted).toBe(false);
          if (isAdmitted) admitted.push(next);
        }
      }),
    );
  });

  it('remembers 16,384 names and no more', () => {
    const marks = new HighWaterMarks();
    for (let i = 0; i <= 16_384; i++) marks.admit(`name ${i}`, origin(100));
    expect(marks.admit('name 1', origin(99))).toBe(false);
    expect(marks.admit('name 0', origin(99))).toBe(true);
  });
});
