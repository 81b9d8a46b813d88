// The abort check that every operation of an in-process store begins with.
import { BackendError } from './backend-error.ts';

/** Runs the operation unless the signal is aborted already. @throws BackendError of kind `timeout` if it is. */
export async function whenWanted<T>(signal: AbortSignal, run: () => T): Promise<Awaited<T>> {
  if (signal.aborted) throw new BackendError('timeout', 'The operation was aborted before it began.');
  return await run();
}
