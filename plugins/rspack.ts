// `@cachekit/plugins/rspack`.
import type { RspackPluginInstance } from '@rspack/core';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/**
 * ```ts
 * export default { entry: './src/main.ts', plugins: [cachekit()], module: { rules: [/* your TypeScript loader */] } };
 * ```
 */
export default function cachekit(options?: PluginOptions): RspackPluginInstance {
  return unplugin.rspack(options);
}
