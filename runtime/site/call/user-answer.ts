// What a callback of the user's gives. Types say what it must be; code without types may give anything.
import { isPromise } from '../../value/node-types.ts';

/** Nobody can wait for it where callbacks are asked. What it rejects with is not left unhandled. @throws TypeError for a promise */
export function atOnce<T>(answer: T): T {
  if (!isPromise(answer)) return answer;
  answer.catch(() => undefined);
  throw new TypeError('this callback must not return a promise');
}

/** As `if` takes it: an answer that is `any` to its author may be a length, or undefined. @throws TypeError for a promise */
export function isYes(answer: unknown): boolean {
  return Boolean(atOnce(answer));
}
