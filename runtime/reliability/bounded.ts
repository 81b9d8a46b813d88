// Runs something that may hang, throw or reject, and says within a bound how it went.
import { BackendError } from '../backend/backend-error.ts';
import type { Clock } from '../config/clock.ts';
import { DeadlineQueue } from './deadline-queue.ts';

/** What a deadline that passed looks like. */
export function lateError(): BackendError {
  return new BackendError('timeout', 'The backend did not answer in time.');
}

/** Any error that is not a BackendError counts as transient. */
export function asBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError('transient', 'The backend failed.', { cause: error });
}

/** A backend that throws instead of rejecting fails like any other. */
async function started<T>(run: () => Promise<T>): Promise<T> {
  return run();
}

/** Resolves to what went wrong, or undefined, at most `deadlineMs` from now; the signal is aborted then. Never rejects. */
export function bounded(
  clock: Clock,
  deadlineMs: number,
  run: (signal: AbortSignal) => Promise<unknown>,
): Promise<BackendError | undefined> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const deadlines = new DeadlineQueue(clock);
    const deadline = {
      dueMs: clock.monotonicMs() + deadlineMs,
      onDue: () => {
        resolve(lateError());
        controller.abort();
      },
    };
    deadlines.add(deadline);
    const end = (error: BackendError | undefined): void => {
      deadlines.delete(deadline);
      resolve(error);
    };
    started(() => run(controller.signal)).then(
      () => end(undefined),
      (thrown: unknown) => end(asBackendError(thrown)),
    );
  });
}
