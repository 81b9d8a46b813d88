// apache-arrow, where Node itself resolves it: what is missing is said in our words.
import { createRequire } from 'node:module';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import type { ArrowBuild } from './arrow-build.ts';

/** `resolve`: path of the build that the importing code would get. @throws ERR_CACHEKIT_CONFIG */
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
  // Also of an ES module, which is the same one that `import` gives.
  return createRequire(import.meta.url)(path) as ArrowBuild; // that package
}
