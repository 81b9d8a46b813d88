import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../runtime/testing/index.ts';

describe('manualClock', () => {
  it('moves both clocks, and runs due timers in order at their time', async () => {
    const clock = manualClock(1000);
    const seen: [string, number][] = [];
    clock.setTimer(() => seen.push(['late', clock.monotonicMs()]), 30);
    clock.setTimer(() => {
      seen.push(['early', clock.monotonicMs()]);
      clock.setTimer(() => seen.push(['chained', clock.monotonicMs()]), 5);
    }, 10);
    const cancel = clock.setTimer(() => seen.push(['cancelled', 0]), 20);
    cancel();
    await clock.advance(40);
    expect(seen).toEqual([
      ['early', 10],
      ['chained', 15],
      ['late', 30],
    ]);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1040, 40]);
  });

  it('jumps only the wall clock', () => {
    const clock = manualClock(1000);
    clock.jump(-500);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([500, 0]);
  });
});
