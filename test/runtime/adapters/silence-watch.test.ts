// Commands and answers against the watch, with timers moved by hand.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SilenceWatch } from '../../../runtime/adapters/redis/silence-watch.ts';

beforeEach(() =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] }),
);
afterEach(() => vi.useRealTimers());

function watched() {
  let silences = 0;
  const watch = new SilenceWatch(1000, () => silences++);
  return { watch, silences: () => silences };
}

test('a command that nobody answers is found between one limit and one and a half', () => {
  const { watch, silences } = watched();
  watch.sent();
  vi.advanceTimersByTime(999);
  expect(silences()).toBe(0);
  vi.advanceTimersByTime(510);
  expect(silences()).toBe(1);
  watch.stop();
});

test('answers that always come, however many commands follow, are no silence', () => {
  const { watch, silences } = watched();
  for (let i = 0; i < 100; i++) {
    watch.sent();
    watch.sent();
    vi.advanceTimersByTime(100);
    watch.answered();
    watch.answered();
  }
  expect(silences()).toBe(0);
});

test('one answer that is missing is found although later ones come', () => {
  const { watch, silences } = watched();
  watch.sent();
  for (let i = 0; i < 20; i++) {
    vi.advanceTimersByTime(100);
    watch.sent();
  }
  expect(silences()).toBeGreaterThan(0);
  watch.stop();
});

test('no timer is left when nothing waits', () => {
  const { watch } = watched();
  watch.sent();
  watch.answered();
  vi.advanceTimersByTime(510);
  expect(vi.getTimerCount()).toBe(0);
});

test('given up after the limit: lost at once; before it: only late', () => {
  const { watch, silences } = watched();
  watch.gaveUp(250);
  expect(silences()).toBe(0);
  watch.gaveUp(1000);
  expect(silences()).toBe(1);
});
