// Deadlines on a clock moved by hand, and on the real one where the event loop itself is what counts.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../runtime/config/clock.ts';
import { DeadlineQueue } from '../../../runtime/reliability/deadline-queue.ts';
import { stepClock } from '../../helpers/step-clock.ts';

function queued() {
  const clock = stepClock();
  const queue = new DeadlineQueue(clock);
  const seen: [name: string, atMs: number][] = [];
  const add = (name: string, dueMs: number) => {
    const deadline = { dueMs, onDue: () => void seen.push([name, clock.monotonicMs()]) };
    queue.add(deadline);
    return deadline;
  };
  return { clock, queue, seen, add };
}

describe('deadlines', () => {
  test('come when they are due, whatever the order they were added in', async () => {
    const { clock, seen, add } = queued();
    add('late', 300);
    add('soon', 100);
    add('middle', 200);
    expect(clock.timers).toBe(1);
    await clock.advance(99);
    expect(seen).toEqual([]);
    await clock.advance(500);
    expect(seen).toEqual([
      ['soon', 100],
      ['middle', 200],
      ['late', 300],
    ]);
    expect(clock.timers).toBe(0);
  });

  test('a deleted one never comes, and no timer outlasts the time of the last one', async () => {
    const { clock, queue, seen, add } = queued();
    const first = add('first', 100);
    const second = add('second', 200);
    queue.delete(first);
    await clock.advance(150);
    expect(seen).toEqual([]);
    queue.delete(second);
    queue.delete(second);
    await clock.advance(50);
    expect(clock.timers).toBe(0);
    await clock.advance(500);
    expect(seen).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  test('a thousand that come and go one after the other share one timer', async () => {
    const { clock } = queued();
    let timersSet = 0;
    const counting = {
      ...clock,
      setTimer: (run: () => void, ms: number) => (timersSet++, clock.setTimer(run, ms)),
    };
    const queue = new DeadlineQueue(counting);
    for (let i = 0; i < 1000; i++) {
      const deadline = { dueMs: 100 + i, onDue: () => undefined };
      queue.add(deadline);
      queue.delete(deadline);
    }
    expect(timersSet).toBe(1);
    await clock.advance(100);
    expect({ timersSet, waiting: clock.timers }).toEqual({ timersSet: 1, waiting: 0 });
  });

  test('may be added and deleted while others come', async () => {
    const { clock, queue, seen, add } = queued();
    const doomed = { dueMs: 100, onDue: () => void seen.push(['doomed', 0]) };
    queue.add({
      dueMs: 100,
      onDue: () => {
        queue.delete(doomed);
        add('chained', 250);
      },
    });
    queue.add(doomed);
    await clock.advance(1000);
    expect(seen).toEqual([['chained', 250]]);
  });

  test('a time that is no number is over at once', async () => {
    const { clock, seen, add } = queued();
    add('later', 1000);
    add('never', Number.NaN);
    await clock.advance(1);
    expect(seen.map(([name]) => name)).toEqual(['never']);
  });

  test('each comes within 1 ms of its time, once, and never after it was deleted', async () => {
    const plans = fc.array(fc.record({ dueMs: fc.nat(500), deletedMs: fc.option(fc.nat(500)) }), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(plans, async (all) => {
        const { clock, queue, seen, add } = queued();
        all.forEach(({ dueMs, deletedMs }, i) => {
          const deadline = add(`${i}`, dueMs);
          if (deletedMs !== null) clock.setTimer(() => queue.delete(deadline), deletedMs);
        });
        await clock.advance(600);
        all.forEach(({ dueMs, deletedMs }, i) => {
          const times = seen.filter(([name]) => name === `${i}`).map(([, atMs]) => atMs);
          // Deleted within the last millisecond: either will do.
          const isDue = deletedMs === null || deletedMs > dueMs;
          const isGone = deletedMs !== null && deletedMs < dueMs - 1;
          expect(times.length).toBeGreaterThanOrEqual(isDue ? 1 : 0);
          expect(times.length).toBeLessThanOrEqual(isGone ? 0 : 1);
          for (const atMs of times) expect(Math.abs(atMs - dueMs)).toBeLessThanOrEqual(1);
        });
        expect(clock.timers).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe('on the real clock', () => {
  test('after the process was busy, what has arrived meanwhile is heard first', async () => {
    const queue = new DeadlineQueue(systemClock);
    const order: string[] = [];
    const { port1, port2 } = new MessageChannel();
    const outcome = new Promise<void>((resolve) => {
      const deadline = {
        dueMs: systemClock.monotonicMs() + 20,
        onDue: () => (order.push('due'), resolve()),
      };
      queue.add(deadline);
      port2.on('message', () => {
        order.push('answer');
        queue.delete(deadline);
        resolve();
      });
    });
    port1.postMessage('the answer');
    const untilMs = performance.now() + 80;
    while (performance.now() < untilMs);
    await outcome;
    port1.close();
    expect(order).toEqual(['answer']);
  });

  test('a process with a deadline ends by itself', () => {
    const module = fileURLToPath(new URL('../../../runtime/reliability/', import.meta.url));
    const program = `
      import { DeadlineQueue } from ${JSON.stringify(`${module}deadline-queue.ts`)};
      import { systemClock } from ${JSON.stringify(`${module}../config/clock.ts`)};
      new DeadlineQueue(systemClock).add({ dueMs: systemClock.monotonicMs() + 60_000, onDue() {} });
    `;
    const ended = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      timeout: 20_000,
      encoding: 'utf8',
    });
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({ status: 0, stderr: '' });
  });
});
