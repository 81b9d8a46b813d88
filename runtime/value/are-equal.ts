// Deep equality as Node has it, which sees properties besides elements without listing the elements.
import type * as util from 'node:util';

let isDeepStrictEqual: typeof util.isDeepStrictEqual | undefined;

/** `node:util` is loaded when it is needed: it takes as long as the whole of this package. */
export function areEqual(a: unknown, b: unknown): boolean {
  isDeepStrictEqual ??= process.getBuiltinModule('node:util').isDeepStrictEqual;
  return isDeepStrictEqual(a, b);
}
