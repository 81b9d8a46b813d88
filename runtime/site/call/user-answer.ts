// Checks what an option callback of the user returns: untyped code may return anything, even a promise.
import { isPromise } from '../../value/node-types.ts';

/** Returns the answer unless it is a promise, whose rejection is then handled. @throws TypeError for a promise */
export function atOnce<T>(answer: T): T {
  if (!isPromise(answer)) return answer;
  answer.catch(() => undefined);
  throw new TypeError('this callback must not return a promise');
}

/** Whether the answer is truthy: untyped code may return a length, or undefined. @throws TypeError for a promise */
export function isYes(answer: unknown): boolean {
  return Boolean(atOnce(answer));
}
