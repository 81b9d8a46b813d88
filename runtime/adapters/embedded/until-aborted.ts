// Makes an operation of the store abortable for its caller.
import { BackendError } from '../../backend/backend-error.ts';

/** Rejects with BackendError as soon as `signal` is aborted; the work itself goes on. */
export function untilAborted<T>(signal: AbortSignal, run: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void =>
      reject(new BackendError('timeout', 'The embedded store did not answer in time.'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const work = (async () => run())();
    work.then(resolve, reject);
    work.finally(() => signal.removeEventListener('abort', onAbort)).catch(() => undefined);
    return undefined;
  });
}
