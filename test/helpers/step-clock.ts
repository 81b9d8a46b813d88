// A clock moved by hand, with the timers that are set on it.
import type { Clock } from '../../runtime/config/clock.ts';

export interface StepClock extends Clock {
  /** Moves both clocks and runs due timers in order, letting promises settle after each. */
  advance(ms: number): Promise<void>;
  /** Timers that wait. */
  readonly timers: number;
}

/** Everything that promises had to do. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

export function stepClock(startMs = 1_000_000): StepClock {
  let elapsedMs = 0;
  let serial = 0;
  const timers = new Map<number, { readonly dueMs: number; readonly run: () => void }>();
  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(run, delayMs) {
      const id = serial++;
      timers.set(id, { dueMs: elapsedMs + delayMs, run });
      return () => void timers.delete(id);
    },
    async advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        await settle();
        const due = [...timers].filter(([, timer]) => timer.dueMs <= endMs);
        due.sort(([a, x], [b, y]) => x.dueMs - y.dueMs || a - b);
        const next = due[0];
        if (next === undefined) break;
        timers.delete(next[0]);
        elapsedMs = Math.max(elapsedMs, next[1].dueMs);
        next[1].run();
      }
      elapsedMs = endMs;
    },
    get timers() {
      return timers.size;
    },
  };
}
