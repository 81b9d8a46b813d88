// The only place where a promise may be left running: tracked, bounded, drained by flush() and close().

/** More than this waiting means that the second tier cannot keep up: further work is dropped, not queued. */
const MAX_RUNNING = 10_000;

const running = new Set<Promise<unknown>>();

/** Starts work that nobody waits for. Its failure is its own business: it must not reject for what it can expect. */
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

/** Waits for everything that runs now and what that starts. */
export async function drainBackground(): Promise<void> {
  while (running.size > 0) await Promise.all(running);
}

/** The same, but not longer than `deadlineMs`. */
export async function drainWithin(deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
  });
  await Promise.race([drainBackground(), deadline]);
  clearTimeout(timer);
}
