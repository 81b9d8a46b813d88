// A clock that tests move: `configure({ clock: manualClock() })`.
import type { Clock } from '../config/clock.ts';
import { inNextTurn } from '../flow/real-timers.ts';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves wall clock and monotonic clock, runs due timers in order, and lets the work they start settle. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock only, as when the time of a computer is corrected. */
  jump(ms: number): void;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** `startMs`: epoch ms of the wall clock. Default 2026-01-01. */
export function manualClock(startMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  let wallMs = startMs;
  let monotonicMs = 0;
  const timers = new Set<Timer>();

  const moveTo = (atMs: number): void => {
    wallMs += atMs - monotonicMs;
    monotonicMs = atMs;
  };
  const nextDue = (endMs: number): Timer | undefined => {
    const due = [...timers].filter((timer) => timer.atMs <= endMs);
    return due.toSorted((a, b) => a.atMs - b.atMs)[0];
  };
  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    setTimer(run, delayMs) {
      const timer = { atMs: monotonicMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const endMs = monotonicMs + ms;
      for (let timer = nextDue(endMs); timer !== undefined; timer = nextDue(endMs)) {
        timers.delete(timer);
        moveTo(timer.atMs);
        timer.run();
        await settle();
      }
      moveTo(endMs);
      await settle();
    },
    jump(ms) {
      wallMs += ms;
    },
  };
}

/** Waits for one turn of the event loop, in which pending promises settle. */
async function settle(): Promise<void> {
  await new Promise<void>(inNextTurn);
}
