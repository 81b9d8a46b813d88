// No timer of ours keeps the process alive. Where somebody awaits something that only such timers will end, the process
// would end instead, with exit code 13 for an `await` at the top of a module.

/** So often the loop wakes up while somebody waits: all that counts is that it has something to do. */
const EVERY_MS = 1000;

/** The process stays until the promise is settled. It must be bounded. */
export async function keepAlive<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, EVERY_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
