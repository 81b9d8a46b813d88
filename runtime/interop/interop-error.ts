// The error of interop/v1. Its message says where the problem is, what it is and how to fix it, but contains no part of
// the data.
import { CacheKitError } from '../errors/cachekit-error.ts';

/** `where`: a path such as `args[0].owner`, or a position such as `byte 12`. `problem`: sentences with a fix. */
export function interopError(where: string, problem: string): CacheKitError {
  return new CacheKitError('ERR_CACHEKIT_INTEROP', `${where}: ${problem}`);
}
