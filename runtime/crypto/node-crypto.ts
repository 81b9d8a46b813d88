// Loads `node:crypto` at its first use: evaluating it takes longer than loading this whole package, and memory-only
// caching never needs it.
import type * as crypto from 'node:crypto';

let loaded: typeof crypto | undefined;

/** Use this instead of `import`, which would touch every export of the module and thereby load WebCrypto. */
export function nodeCrypto(): typeof crypto {
  return (loaded ??= process.getBuiltinModule('node:crypto'));
}
