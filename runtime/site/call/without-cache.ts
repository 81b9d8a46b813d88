// `withoutCache(fn)`: a scope in which cached functions run uncached.
import { AsyncScope } from '../../flow/async-scope.ts';
import { slowDown } from '../tick-clock.ts';

const scope = new AsyncScope<true>();

/**
 * Cached functions called inside run uncached, also after `await`. The scope ends when the promise that `fn` returns
 * settles: work that `fn` leaves running after that may use what memory holds.
 */
export function withoutCache<T>(fn: () => T): T {
  // Fast hits do not check for scopes, so no hit may be fast while one is open.
  const restoreSpeed = slowDown();
  let result: T;
  try {
    result = scope.run(true, fn);
  } catch (error) {
    restoreSpeed();
    throw error;
  }
  if (result instanceof Promise) void result.then(restoreSpeed, restoreSpeed);
  else restoreSpeed();
  return result;
}

/** True inside a `withoutCache` scope. */
export function isWithoutCache(): boolean {
  return scope.current() === true;
}
