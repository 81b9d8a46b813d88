import { describe, expect, it } from 'vitest';
import { parseDurationMs } from '../../../transformer/3-plan/parse-duration.ts';

describe('duration', () => {
  it.each([
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
    ['300', 300_000],
    [300, 300_000],
    [0.25, 250],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(['', '0', '0ms', '-5m', '5 minutes', '5M', '1.5h', '1e3', 'm', '5m ', '999999999999999999w'])(
    'refuses %j',
    (text) => {
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 0.0001])(
    'refuses the number %d',
    (seconds) => {
      expect(parseDurationMs(seconds)).toBeUndefined();
    },
  );
});
