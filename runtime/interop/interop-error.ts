// The one error of interop/v1: where, what and how to fix it. Never a value, a text or a byte of what was given.
import { CacheKitError } from '../errors/cachekit-error.ts';

/** `where`: a path such as `args[0].owner`, or a position such as `byte 12`. `problem`: sentences with the way out. */
export function interopError(where: string, problem: string): CacheKitError {
  return new CacheKitError('ERR_CACHEKIT_INTEROP', `${where}: ${problem}`);
}
