// `cachekit/emit/v1`: the only module that emitted code imports. A site answers `hit`, `run` and `runSync`.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import { createSite } from '../site/create-site.ts';
import type { EmittedSite } from '../site/emitted-site.ts';

/** Around the body of a function with `@cacheInvalidate`. */
export { invalidateAfter } from '../site/handle/invalidate-after.ts';

/** A #private method in `cacheOf()`. */
export { ownMethod as own } from '../site/handle/own-method.ts';

/** What stands for the object in the key of a function with `self=instance`. */
export { objectNumber as self } from '../site/object-number.ts';

/** Makes the site of one function. Runs nothing of the user's, so a bundler may drop it with the function. */
/* @__NO_SIDE_EFFECTS__ */
export function site(descriptor: CacheDescriptor): EmittedSite {
  return createSite(descriptor);
}
