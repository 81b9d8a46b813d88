import { describe, expect, it } from 'vitest';
import { entryTimes, freshness, jittered } from '../../../runtime/entry/freshness.ts';

const times = entryTimes(1000, 1000, 500);

describe('freshness', () => {
  it('ends at the expiry', () => {
    expect(freshness(times, 1499, -Infinity)).toEqual({ fresh: true, ageMs: 499, remainingMs: 1 });
    expect(freshness(times, 1500, -Infinity)).toEqual({ fresh: false, reason: 'expired' });
  });

  it('ends with an invalidation at or after the time of storing', () => {
    expect(freshness(times, 1100, 999).fresh).toBe(true);
    expect(freshness(times, 1100, 1000)).toEqual({ fresh: false, reason: 'superseded' });
  });

  it('is not there for an entry from more than a minute ahead, nor for times that are no numbers', () => {
    const ahead = entryTimes(100_000, 100_000, 500_000);
    expect(freshness(ahead, 40_000, -Infinity).fresh).toBe(true);
    expect(freshness(ahead, 39_999, -Infinity).fresh).toBe(false);
    expect(freshness(times, Number.NaN, -Infinity).fresh).toBe(false);
    expect(freshness({ ...times, storedAtMs: Number.NaN }, 1100, -Infinity).fresh).toBe(false);
  });

  it('counts the life from the end of the run, the age from its beginning', () => {
    expect(entryTimes(1000, 3000, 500)).toEqual({ storedAtMs: 1000, softExpiryMs: 3500, hardExpiryMs: 3500 });
  });
});

describe('jittered', () => {
  it('only ever shortens, by the share at most', () => {
    expect([jittered(1000, 0.1, 0), jittered(1000, 0.1, 0.999), jittered(1000, 0, 0.5)]).toEqual([
      1000, 900.1, 1000,
    ]);
  });
});
