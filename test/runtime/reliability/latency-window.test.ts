// Percentiles over the last latencies.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyWindow, percentileOf } from '../../../runtime/reliability/latency-window.ts';

test('the percentile of a list is the value that share of the list does not exceed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }), (samples) => {
      const p95 = percentileOf(samples, 0.95);
      expect(samples.filter((ms) => ms <= p95).length).toBeGreaterThanOrEqual(0.95 * samples.length);
      expect(samples).toContain(p95);
    }),
  );
});

test('old samples leave the window', () => {
  const window = new LatencyWindow();
  for (let i = 0; i < 128; i++) window.add(1000);
  for (let i = 0; i < 128; i++) window.add(1);
  expect(window.p95Ms()).toBe(1);
  expect(window.averageMs()).toBe(1);
});

test('an empty window says nothing', () => {
  expect(new LatencyWindow().p95Ms()).toBe(0);
  expect(new LatencyWindow().averageMs()).toBe(0);
});
