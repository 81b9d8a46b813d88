// Reconnecting: soon, then once a second, never in step; a refused password waits for people.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../runtime/adapters/redis/backoff.ts';

test('attempts begin 50 ms to 1 s apart, whatever came before, and are spread', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 5000, noNaN: true }), (failures, sinceMs) => {
      const delayMs = retryDelayMs(failures, sinceMs, false);
      expect(delayMs).toBeGreaterThanOrEqual(50);
      expect(delayMs).toBeLessThanOrEqual(1000);
      // Long ago is as good as waited.
      expect(retryDelayMs(failures, sinceMs + 1000, false)).toBe(50);
    }),
  );
  const fleet = Array.from({ length: 1000 }, () => retryDelayMs(10, 0, false));
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = fleet.filter((ms) => ms >= 500 + tenth * 50 && ms < 550 + tenth * 50).length;
    expect(share).toBeGreaterThan(50);
    expect(share).toBeLessThan(170);
  }
});

test('a refused password is tried again each half minute', () => {
  expect(retryDelayMs(0, 0, true)).toBe(30_000);
});
