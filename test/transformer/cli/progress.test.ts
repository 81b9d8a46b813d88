import { expect, it } from 'vitest';
import { createProgress } from '../../../transformer/cli/progress.ts';

function shown() {
  const written: string[] = [];
  const clock = { nowMs: 0 };
  const progress = createProgress({ write: (text) => written.push(text) }, () => clock.nowMs);
  return { written, clock, progress };
}

it('shows nothing of work that is done within a second', () => {
  const { written, clock, progress } = shown();
  progress.step(1, 100);
  clock.nowMs = 999;
  progress.step(99, 100);
  progress.end();
  expect(written).toEqual([]);
});

it('is one line that says how far it is, ten times a second at most, and goes away', () => {
  const { written, clock, progress } = shown();
  for (clock.nowMs = 1000; clock.nowMs < 1250; clock.nowMs += 10) progress.step(clock.nowMs, 2000);
  progress.end();
  expect(written).toEqual([
    '\r1000 of 2000 files',
    '\r1100 of 2000 files',
    '\r1200 of 2000 files',
    `\r${' '.repeat('1200 of 2000 files'.length)}\r`,
  ]);
});
