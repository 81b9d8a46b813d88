// Our own TypeScript 6, loaded when the first marked file needs it: a project without markers never pays for it.
import { createRequire } from 'node:module';
import type TS from 'typescript';
import { isSupported } from './supported-typescript.ts';

let loaded: typeof TS | undefined;

/** @throws when the `typescript` that resolves from this package is not version 6. */
export function loadTypeScript(): typeof TS {
  if (loaded !== undefined) return loaded;
  // require: the module is CommonJS, and callers are synchronous.
  const ts = createRequire(import.meta.url)('typescript') as typeof TS; // the package's own export
  if (!isSupported(ts))
    throw new Error(
      `CK1402: @cachekit/transformer needs its own TypeScript 6.0, found ${ts.version ?? 'none'}. Reinstall @cachekit/transformer.`,
    );
  return (loaded = ts);
}
