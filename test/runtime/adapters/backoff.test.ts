// Reconnecting: soon, then twice a second, never in step; a refused login waits for people, but not for long.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryDelayMs } from '../../../runtime/adapters/redis/backoff.ts';

test.each([
  ['a server that is away', false, 500],
  ['a refused login', true, 5000],
] as const)('%s: attempts begin 50 ms apart, then further, and are spread', (_, isRefused, mostMs) => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 20_000, noNaN: true }), (failures, sinceMs) => {
      const delayMs = retryDelayMs(failures, sinceMs, isRefused);
      expect(delayMs).toBeGreaterThanOrEqual(50);
      expect(delayMs).toBeLessThanOrEqual(mostMs);
      // Long ago is as good as waited.
      expect(retryDelayMs(failures, sinceMs + mostMs, isRefused)).toBe(50);
    }),
  );
  expect(retryDelayMs(0, 0, isRefused)).toBe(50);
  const fleet = Array.from({ length: 1000 }, () => retryDelayMs(10, 0, isRefused) / mostMs);
  for (let tenth = 0; tenth < 10; tenth++) {
    const from = 0.5 + tenth * 0.05;
    const share = fleet.filter((part) => part >= from && part < from + 0.05).length;
    expect(share).toBeGreaterThan(50);
    expect(share).toBeLessThan(170);
  }
});
