// `node:crypto`, loaded with its first use: to evaluate it takes longer than the whole of this package, and what is
// cached in memory only never needs it.
import type * as crypto from 'node:crypto';

let loaded: typeof crypto | undefined;

/** Everywhere but in modules that are loaded with the second tier anyway. */
export function nodeCrypto(): typeof crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}
