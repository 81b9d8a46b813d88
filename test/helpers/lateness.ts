// How late this process was: what a busy machine adds to every time that a test measures, and no promise is about.

const EVERY_MS = 5;

/** Begins to look. Call what it returns to end that: by how much a timer was late at worst, ms. */
export function watchLateness(): () => number {
  let [worstMs, dueMs] = [0, performance.now() + EVERY_MS];
  const timer = setInterval(() => {
    worstMs = Math.max(worstMs, performance.now() - dueMs);
    dueMs = performance.now() + EVERY_MS;
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    // It may stand still right now.
    return Math.max(worstMs, performance.now() - dueMs);
  };
}
