// Probes a backend in the background until it works again: one probe at a time, and no caller waits for it.
import type { Clock } from '../config/clock.ts';

/** `misconfigured`: a password or permission was refused, which only a person can fix. */
export type ProbeOutcome = 'well' | 'ill' | 'misconfigured';

/** What a prober needs. */
export interface ProberOptions {
  readonly clock: Clock;
  /** Interval of probes after the first ones have failed. */
  readonly recoveryTimeoutMs: number;
  /** Bounded in time; never rejects. */
  readonly probe: () => Promise<ProbeOutcome>;
  /** False: the breakers need no further probes. */
  readonly isWanted: () => boolean;
}

/** The background probes of one backend. */
export interface Prober {
  /** Begins to probe, unless it does so already. `after`: the state of the backend, which decides the first delay. */
  start(after: ProbeOutcome): void;
  /** Ends the probes for good. */
  stop(): void;
  /** Epoch ms of the next probe, or null. */
  readonly nextAtMs: number | null;
}

/** Number of probes that come quickly, as most outages are short. */
const FIRST_PROBES = 8;
const FIRST_EVERY_MS = 250;
/** After a success, the further probes that the breaker asks for come soon. */
const AFTER_SUCCESS_MS = 100;
/** While the backend is misconfigured, the interval doubles from one second: short enough for the person who fixes it. */
const MISCONFIGURED_FIRST_MS = 1000;
const MISCONFIGURED_MAX_MS = 5000;
const MAX_DOUBLINGS = 10;

/** Interval from the start of one probe to the next. Long ones have jitter, so that a fleet does not probe in step. */
function spacingMs(outcome: ProbeOutcome, count: number, recoveryTimeoutMs: number): number {
  if (outcome === 'well') return AFTER_SUCCESS_MS;
  if (outcome === 'misconfigured') {
    const doubledMs = MISCONFIGURED_FIRST_MS * 2 ** Math.min(count, MAX_DOUBLINGS);
    return withJitter(Math.min(MISCONFIGURED_MAX_MS, doubledMs));
  }
  return count < FIRST_PROBES ? Math.min(FIRST_EVERY_MS, recoveryTimeoutMs) : withJitter(recoveryTimeoutMs);
}

/** Shortens the interval by up to a quarter. */
const withJitter = (ms: number): number => ms * (0.75 + Math.random() / 4);

/** A prober that has not started yet. */
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
