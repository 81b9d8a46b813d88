// `@cachekit/plugins/vite`, for Vite and Vitest.
import { mayContainMarker } from '@cachekit/transformer/bundler';
import type { Plugin } from 'vite';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/** The argument of Vitest's hook. Typed here, so that Vitest need not be installed. */
interface VitestContext {
  defineCacheKeyGenerator?: (
    generate: (module: { readonly sourceCode: string }) => string | false | null | undefined,
  ) => void;
}

/**
 * ```ts
 * export default defineConfig({ plugins: [cachekit()] })
 * ```
 */
export default function cachekit(options?: PluginOptions): Plugin {
  return {
    ...unplugin.vite(options),
    // Vitest caches transformed modules on disk by their own text. False excludes ours, which depend on types in other
    // files.
    configureVitest(context: VitestContext) {
      context.defineCacheKeyGenerator?.(({ sourceCode }) => (mayContainMarker(sourceCode) ? false : null));
    },
  } as Plugin; // configureVitest is declared by Vitest's own types
}
