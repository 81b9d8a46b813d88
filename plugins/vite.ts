// `@cachekit/plugins/vite`: Vite and Vitest.
import { mayContainMarker } from '@cachekit/transformer/bundler';
import type { Plugin } from 'vite';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/** What the hook of Vitest gives; typed here, so that Vitest need not be installed. */
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
    // Vitest keeps transformed modules on disk by their own text. Ours depend on types in other files: never from there.
    configureVitest(context: VitestContext) {
      context.defineCacheKeyGenerator?.(({ sourceCode }) => (mayContainMarker(sourceCode) ? false : null));
    },
  } as Plugin; // configureVitest is declared by Vitest's own types
}
