// Loads apache-arrow where Node resolves it, with an error that says what to install if it is missing.
import { createRequire } from 'node:module';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import type { ArrowBuild } from './arrow-build.ts';

/**
 * `resolve` gives the path of the build that the importing code would get.
 * @throws ERR_CACHEKIT_CONFIG when apache-arrow is not installed
 */
export function loadArrow(resolve: () => string): ArrowBuild {
  let path: string;
  try {
    path = resolve();
  } catch (cause) {
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      `cachekit/arrow stores tables of apache-arrow, which is not installed where ${import.meta.dirname} finds it. Install it beside cachekit: npm i apache-arrow`,
      { cause },
    );
  }
  // `require` loads an ES module too, and gives the same instance as `import`.
  return createRequire(import.meta.url)(path) as ArrowBuild; // `path` is that package
}
