// How late this process was: what a busy machine adds to every time that a test measures, and no promise is about.

const EVERY_MS = 5;
/** Timers are late by as much on an idle machine too. */
const USUAL_MS = 2;

/** Begins to look. Call what it returns to end that: by how much a timer was late at worst, ms. */
export function watchLateness(): () => number {
  return watchTimer(Math.max);
}

/** The same for one time that is measured alone: by how much all timers were late together, ms. */
export function watchStandstill({ isAlive = true } = {}): () => number {
  return watchTimer((sum, lateMs) => (lateMs > USUAL_MS ? sum + lateMs : sum), isAlive);
}

/** `isAlive`: the process does not end while it looks. */
export interface Late {
  /** Of `performance.now()`. */
  readonly atMs: number;
  readonly lateMs: number;
}

/** The same for a time whose beginning is known only later: call what it returns for what was late from when to when. */
export function watchLates(): () => readonly Late[] {
  const lates: Late[] = [];
  const end = watchTimer((_, lateMs) => {
    if (lateMs > USUAL_MS) lates.push({ atMs: performance.now(), lateMs });
    return 0;
  });
  return () => (end(), lates);
}

function watchTimer(add: (before: number, lateMs: number) => number, isAlive = true): () => number {
  let [foundMs, dueMs] = [0, performance.now() + EVERY_MS];
  const timer = setInterval(() => {
    foundMs = add(foundMs, performance.now() - dueMs);
    dueMs = performance.now() + EVERY_MS;
  }, EVERY_MS);
  if (!isAlive) timer.unref();
  return () => {
    clearInterval(timer);
    // It may stand still right now.
    return add(foundMs, performance.now() - dueMs);
  };
}
