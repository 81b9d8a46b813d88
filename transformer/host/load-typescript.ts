// Loads our own TypeScript 6 when the first marked file needs it, so that a project without markers never pays for it.
import { createRequire } from 'node:module';
import type TS from 'typescript';
import { isSupported } from './supported-typescript.ts';

let loaded: typeof TS | undefined;

/**
 * The `typescript` that resolves from this package, loaded once per process.
 *
 * @throws when it is not version 6 (CK1402).
 */
export function loadTypeScript(): typeof TS {
  if (loaded !== undefined) return loaded;
  // `require` and not `import()`: callers are synchronous, and the module is CommonJS anyway.
  const ts = createRequire(import.meta.url)('typescript') as typeof TS; // the package's own export
  if (!isSupported(ts))
    throw new Error(
      `CK1402: @cachekit/transformer needs its own TypeScript 6.0, found ${ts.version ?? 'none'}. Reinstall @cachekit/transformer.`,
    );
  return (loaded = ts);
}
