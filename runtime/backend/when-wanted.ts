// What every operation of a store in this process begins with.
import { BackendError } from './backend-error.ts';

/** Runs it unless the signal is aborted already. @throws BackendError */
export async function whenWanted<T>(signal: AbortSignal, run: () => T): Promise<Awaited<T>> {
  if (signal.aborted) throw new BackendError('timeout', 'The operation was aborted before it began.');
  return await run();
}
