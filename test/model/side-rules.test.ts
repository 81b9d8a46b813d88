// Rules beside the log: each holds, and without it something old is served.
import { describe, expect, it } from 'vitest';
import type { Outcome } from './explore.ts';
import { grace, interop, joining, lateTags, oneFile } from './side-rules.ts';

const RULES: readonly (readonly [string, Outcome, Outcome])[] = [
  ['an old value kept for errors is checked when it is served', grace(true), grace(false)],
  ['a caller does not join a run that began before a record', joining(true), joining(false)],
  ['entries are born before the run, whatever tags the result names', lateTags(true), lateTags(false)],
  [
    'an interop stamp belongs to the bytes beside it',
    interop({ isStampBound: true, isForeignRefused: true }),
    interop({ isStampBound: false, isForeignRefused: true }),
  ],
  [
    'an interop entry without stamp is refused after an invalidation',
    interop({ isStampBound: true, isForeignRefused: true }),
    interop({ isStampBound: true, isForeignRefused: false }),
  ],
  ['a fill older than the log is refused', oneFile(true), oneFile(false)],
];

describe('a rule beside the log', () => {
  it.each(RULES)('%s', (_, whole, without) => {
    expect(whole.trace.join(' -> ')).toBe('');
    expect(whole.isComplete).toBe(true);
    expect(without.wrong).toBeDefined();
  });
});
