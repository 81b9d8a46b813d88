// Stands for `this` in a handle that was made without an object: a key that reads it is an error, not a wrong key.
import { CacheKitError } from '../../errors/cachekit-error.ts';

/** @throws ERR_CACHEKIT_NEEDS_SELF */
function refuse(): never {
  throw new CacheKitError(
    'ERR_CACHEKIT_NEEDS_SELF',
    "This method reads `this`, and the handle was made without an object. Use cacheOf(object, 'method').",
  );
}

/** The `this` of calls through `cacheOf(method)`: every access throws. */
export const MISSING_SELF: object = new Proxy(
  {},
  { get: refuse, set: refuse, has: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse },
);

/** For `self=instance`, whose keys need an object. @throws ERR_CACHEKIT_NEEDS_SELF for `MISSING_SELF` */
export function requireSelf(self: unknown): void {
  if (self === MISSING_SELF) refuse();
}

/**
 * For an error of a call whose `this` was `self`. Access to a `#private` field of `MISSING_SELF` is a TypeError, because
 * the language refuses it before the proxy is asked.
 * @throws ERR_CACHEKIT_NEEDS_SELF instead of such a TypeError, otherwise `error`
 */
export function rethrowOrNeedsSelf(self: unknown, error: unknown): never {
  const isPrivate = error instanceof TypeError && /private (?:member|field|method)/.test(error.message);
  if (self === undefined && isPrivate) refuse();
  throw error;
}
