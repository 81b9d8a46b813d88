// `node:crypto`, loaded with its first use: to evaluate it takes longer than the whole of this package, and what is
// cached in memory only never needs it.
import type * as crypto from 'node:crypto';

let loaded: typeof crypto | undefined;

/** Also in the second tier: an `import` would make a list of all that it exports, and load WebCrypto for that. */
export function nodeCrypto(): typeof crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}
