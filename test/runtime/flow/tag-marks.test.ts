// What is remembered of invalidated tags, against a list of everything that happened.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMarkedBetween, isMarkedSince, markTag, tagSequence } from '../../../runtime/flow/tag-marks.ts';

it('a mark is not hidden by a later one of the same tag', () => {
  const since = tagSequence();
  markTag('t:echo');
  const arrived = tagSequence();
  markTag('t:echo'); // the same invalidation, heard in the log
  expect(isMarkedBetween(['t:echo'], since, arrived)).toBe(true);
});

it('tells for any marks which tags were marked between two moments, and since one', () => {
  const tag = fc.constantFrom('t:a', 't:b', 't:c');
  const property = fc.property(
    fc.array(tag, { maxLength: 12 }),
    fc.nat(6),
    fc.nat(6),
    tag,
    (tags, from, length, asked) => {
      const first = tagSequence();
      for (const id of tags) markTag(id);
      const since = first + from;
      const isBetween = tags.slice(from, from + length).includes(asked);
      expect(isMarkedBetween([asked], since, since + length)).toBe(isBetween);
      expect(isMarkedSince([asked], since)).toBe(tags.slice(from).includes(asked));
    },
  );
  fc.assert(property);
});

it('forgets the oldest first, and then says yes for what began before', () => {
  const since = tagSequence();
  for (let i = 0; i < 10_001; i++) markTag(i % 2 === 0 ? 't:even' : 't:odd');
  expect(isMarkedSince(['t:never'], since)).toBe(true);
  expect(isMarkedBetween(['t:never'], since, since)).toBe(true);
  expect(isMarkedSince(['t:never'], since + 1)).toBe(false);
  expect(isMarkedBetween(['t:even'], since + 1, since + 2)).toBe(false);
  expect(isMarkedBetween(['t:even'], since + 1, since + 3)).toBe(true);
});
