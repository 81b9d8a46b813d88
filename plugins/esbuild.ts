// `@cachekit/plugins/esbuild`.
import type { Plugin } from 'esbuild';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/**
 * ```ts
 * await build({ entryPoints: ['src/main.ts'], bundle: true, plugins: [cachekit()] })
 * ```
 */
export default function cachekit(options?: PluginOptions): Plugin {
  return unplugin.esbuild(options);
}
