// Keeps the process alive while a caller waits. Our own timers are unref'd; if only they can end a wait, the process
// would exit instead (with code 13 for a top-level `await`).

/** Any interval does: all that counts is that the event loop has a timer. */
const EVERY_MS = 1000;

/** Waits for the promise and keeps the process alive until it settles. The promise must be bounded in time. */
export async function keepAlive<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, EVERY_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
