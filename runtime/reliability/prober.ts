// Finds out in the background whether a backend works again: one question at a time, no caller waits for it.
import type { Clock } from '../config/clock.ts';

/** `misconfigured`: only people can help. */
export type ProbeOutcome = 'well' | 'ill' | 'misconfigured';

export interface ProberOptions {
  readonly clock: Clock;
  /** Between probes once the first ones failed, ms. */
  readonly recoveryTimeoutMs: number;
  /** Bounded in time; never rejects. */
  readonly probe: () => Promise<ProbeOutcome>;
  /** False: nobody needs the answer any more. */
  readonly isWanted: () => boolean;
}

export interface Prober {
  /** Begins unless it runs already. */
  start(after: ProbeOutcome): void;
  stop(): void;
  /** Epoch ms of the next probe, or null. */
  readonly nextAtMs: number | null;
}

const FIRST_PROBES = 8;
const FIRST_EVERY_MS = 250;
/** A backend that just answered: two more answers, spread a little, and it is in use again. */
const AFTER_SUCCESS_MS = 100;
/** A refused password or permission is mended by people, who look whether it helped: doubling from one second. */
const MISCONFIGURED_FIRST_MS = 1000;
const MISCONFIGURED_MOST_MS = 5000;
const MOST_DOUBLINGS = 10;

/** Probes begin this far apart. Later ones are spread by up to a quarter, so that a fleet does not ask in step. */
function spacingMs(outcome: ProbeOutcome, count: number, recoveryTimeoutMs: number): number {
  if (outcome === 'well') return AFTER_SUCCESS_MS;
  if (outcome === 'misconfigured') {
    const doubledMs = MISCONFIGURED_FIRST_MS * 2 ** Math.min(count, MOST_DOUBLINGS);
    return spread(Math.min(MISCONFIGURED_MOST_MS, doubledMs));
  }
  return count < FIRST_PROBES ? Math.min(FIRST_EVERY_MS, recoveryTimeoutMs) : spread(recoveryTimeoutMs);
}

const spread = (ms: number): number => ms * (0.75 + Math.random() / 4);

export function createProber(options: ProberOptions): Prober {
  const { clock } = options;
  let cancel: (() => void) | undefined;
  let nextAtMs: number | null = null;
  let isRunning = false;
  let isStopped = false;
  let count = 0;

  const schedule = (delayMs: number): void => {
    nextAtMs = clock.nowMs() + delayMs;
    cancel = clock.setTimer(() => void run(), delayMs);
  };
  const run = async (): Promise<void> => {
    nextAtMs = null;
    const beganMs = clock.monotonicMs();
    count++;
    const outcome = await options.probe();
    if (isStopped || !options.isWanted()) {
      isRunning = false;
      return;
    }
    const spentMs = clock.monotonicMs() - beganMs;
    schedule(Math.max(0, spacingMs(outcome, count, options.recoveryTimeoutMs) - spentMs));
  };

  return {
    start(after) {
      if (isRunning || isStopped) return;
      isRunning = true;
      count = 0;
      schedule(spacingMs(after, count, options.recoveryTimeoutMs));
    },
    stop() {
      isStopped = true;
      cancel?.();
    },
    get nextAtMs() {
      return nextAtMs;
    },
  };
}
