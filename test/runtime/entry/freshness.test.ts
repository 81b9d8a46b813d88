import { describe, expect, it } from 'vitest';
import {
  entryTimes,
  jittered,
  lifeOf,
  phaseOf,
  type StaleWindows,
} from '../../../runtime/entry/freshness.ts';

const none: StaleWindows = { swrMs: 0, staleIfErrorMs: 0 };
const times = entryTimes(1000, 1000, 500, none);

describe('lifeOf', () => {
  it('ends at the hard expiry', () => {
    expect(lifeOf(times, 1499)).toEqual({ ageMs: 499, softLeftMs: 1, hardLeftMs: 1 });
    expect(lifeOf(times, 1500)).toBeUndefined();
  });

  it('is not there for an entry from more than a minute ahead, nor for times that are no numbers', () => {
    const ahead = entryTimes(100_000, 100_000, 500_000, none);
    expect(lifeOf(ahead, 40_000)).toBeDefined();
    expect(lifeOf(ahead, 39_999)).toBeUndefined();
    expect(lifeOf(times, Number.NaN)).toBeUndefined();
    expect(lifeOf({ ...times, storedAtMs: Number.NaN }, 1100)).toBeUndefined();
  });
});

describe('phaseOf', () => {
  const stored = entryTimes(0, 0, 1000, { swrMs: 300, staleIfErrorMs: 2000 });
  const phaseAt = (nowMs: number, windows: StaleWindows): string => {
    const life = lifeOf(stored, nowMs);
    return life === undefined ? 'expired' : phaseOf(life, windows);
  };

  it('goes from fresh through both windows to gone', () => {
    const windows = { swrMs: 300, staleIfErrorMs: 2000 };
    const phases = [999, 1000, 1299, 1300, 2999, 3000].map((at) => phaseAt(at, windows));
    expect(phases).toEqual(['fresh', 'swr', 'swr', 'grace', 'grace', 'expired']);
  });

  it("is the reader's: a writer's longer windows do not make a value usable", () => {
    expect(phaseAt(1000, none)).toBe('gone');
    expect(phaseAt(1499, { swrMs: 0, staleIfErrorMs: 500 })).toBe('grace');
    expect(phaseAt(1500, { swrMs: 0, staleIfErrorMs: 500 })).toBe('gone');
  });

  it('gives grace for as long as the entry was fresh', () => {
    const windows = { swrMs: 0, staleIfErrorMs: 'ttl' } as const;
    expect(phaseAt(1999, windows)).toBe('grace');
    expect(phaseAt(2000, windows)).toBe('gone');
  });
});

describe('entryTimes', () => {
  it('counts the life from the end of the run, the age from its beginning', () => {
    expect(entryTimes(1000, 3000, 500, none)).toEqual({
      storedAtMs: 1000,
      softExpiryMs: 3500,
      hardExpiryMs: 3500,
    });
  });

  it('keeps what may be served stale, in the longer of both windows', () => {
    expect(entryTimes(0, 0, 500, { swrMs: 100, staleIfErrorMs: 'ttl' }).hardExpiryMs).toBe(1000);
    expect(entryTimes(0, 0, 500, { swrMs: 900, staleIfErrorMs: 200 }).hardExpiryMs).toBe(1400);
  });
});

describe('jittered', () => {
  it('only ever shortens, by the share at most', () => {
    expect([jittered(1000, 0.1, 0), jittered(1000, 0.1, 0.999), jittered(1000, 0, 0.5)]).toEqual([
      1000, 900.1, 1000,
    ]);
  });
});
