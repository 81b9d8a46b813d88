// `@cachekit/plugins/rspack`.
import type { RspackPluginInstance } from '@rspack/core';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/**
 * ```ts
 * export default { entry: './src/main.ts', plugins: [cachekit()] };
 * ```
 */
export default function cachekit(options?: PluginOptions): RspackPluginInstance {
  return unplugin.rspack(options);
}
