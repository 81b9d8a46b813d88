// Runs an operation that may hang, throw or reject, and reports its outcome within a time limit.
import { BackendError } from '../backend/backend-error.ts';
import type { Clock } from '../config/clock.ts';
import { DeadlineQueue } from './deadline-queue.ts';

/** The error of an operation that missed its deadline. */
export function lateError(): BackendError {
  return new BackendError('timeout', 'The backend did not answer in time.');
}

/** The error as a BackendError: any other error counts as transient. */
export function asBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError('transient', 'The backend failed.', { cause: error });
}

/** Turns a synchronous throw into a rejection. */
async function started<T>(run: () => Promise<T>): Promise<T> {
  return run();
}

/**
 * Resolves to the error of `run`, or to undefined if it succeeded. After `deadlineMs` it resolves to a timeout and aborts
 * the signal. Never rejects.
 */
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
