// `cachekit/emit/v1`: the only module that emitted code imports. Emitted code calls `hit`, `run` and `runSync` of a
// site.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import { createSite } from '../site/create-site.ts';
import type { EmittedSite } from '../site/emitted-site.ts';

/** Wraps the body of a function with `@cacheInvalidate`. */
export { invalidateAfter } from '../site/handle/invalidate-after.ts';

/** Makes a #private method accessible to `cacheOf()`. */
export { ownMethod as own } from '../site/handle/own-method.ts';

/** Number of an object, which represents it in the key of a function with `self=instance`. */
export { objectNumber as self } from '../site/object-number.ts';

/**
 * Creates the site of one function. Runs no code of the user, so a bundler may drop the call together with the
 * function.
 */
/* @__NO_SIDE_EFFECTS__ */
export function site(descriptor: CacheDescriptor): EmittedSite {
  return createSite(descriptor);
}
