// Background work: the only place where a promise may be left running. Tracked, bounded, and drained by flush() and
// close().
import { within } from './within.ts';

/** If this much work is running, the second tier cannot keep up: further work is dropped, not queued. */
const MAX_RUNNING = 10_000;

const running = new Set<Promise<unknown>>();

/**
 * Starts work that nobody waits for. Resolves when it has ended, also if it failed. undefined: too much is running, and
 * the work is dropped. A rejection is ignored, so the work has to handle the failures it can expect.
 */
export function runInBackground(work: () => Promise<unknown>): Promise<void> | undefined {
  if (running.size >= MAX_RUNNING) return undefined;
  const done = settle(work);
  running.add(done);
  void forgetWhenDone(done);
  return done;
}

async function settle(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // A cache fault in the background: the caller has its answer already, and the entry is a miss later.
  }
}

async function forgetWhenDone(done: Promise<void>): Promise<void> {
  await done;
  running.delete(done);
}

/** Waits for all running work, and for the work it starts. */
export async function drainBackground(): Promise<void> {
  while (running.size > 0) await Promise.all(running);
}

/** Waits like `drainBackground`, but not longer than `deadlineMs`. */
export async function drainWithin(deadlineMs: number): Promise<void> {
  await within(drainBackground(), deadlineMs, undefined);
}
