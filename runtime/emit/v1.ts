// `cachekit/emit/v1`: the only module that emitted code imports. A site answers `hit`, `run` and `runSync`.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import { createSite } from '../site/create-site.ts';
import type { EmittedSite } from '../site/site-core.ts';

/** Makes the site of one function. Runs nothing of the user's, so a bundler may drop it with the function. */
/* @__NO_SIDE_EFFECTS__ */
export function site(descriptor: CacheDescriptor): EmittedSite {
  return createSite(descriptor);
}
