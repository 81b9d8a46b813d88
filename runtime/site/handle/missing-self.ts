// What stands for the object of a method when a handle has none: reading it for a key is an error, not a key without it.
import { CacheKitError } from '../../errors/cachekit-error.ts';

/** @throws ERR_CACHEKIT_NEEDS_SELF */
function refuse(): never {
  throw new CacheKitError(
    'ERR_CACHEKIT_NEEDS_SELF',
    "This method reads `this`, and the handle was made without an object. Use cacheOf(object, 'method').",
  );
}

/** The `this` of calls through `cacheOf(method)`. */
export const NOBODY: object = new Proxy(
  {},
  { get: refuse, set: refuse, has: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse },
);

/** `self=instance` tells objects apart. @throws ERR_CACHEKIT_NEEDS_SELF for the one that is none */
export function expectSomebody(self: unknown): void {
  if (self === NOBODY) refuse();
}

/**
 * Reading `#private` fields of it the language refuses before the proxy is asked.
 * @throws ERR_CACHEKIT_NEEDS_SELF in the place of that, else `error`
 */
export function throwForNobody(self: unknown, error: unknown): never {
  const isPrivate = error instanceof TypeError && /private (?:member|field|method)/.test(error.message);
  if (self === undefined && isPrivate) refuse();
  throw error;
}
