// Deep strict equality of Node, which compares additional properties of arrays without listing the elements.
import type * as util from 'node:util';

let isDeepStrictEqual: typeof util.isDeepStrictEqual | undefined;

/** Loads `node:util` at its first use, because that takes as long as loading this whole package. */
export function areEqual(a: unknown, b: unknown): boolean {
  isDeepStrictEqual ??= process.getBuiltinModule('node:util').isDeepStrictEqual;
  return isDeepStrictEqual(a, b);
}
