// `@cachekit/plugins/webpack`.
import type { WebpackPluginInstance } from 'webpack';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/**
 * ```ts
 * export default { entry: './src/main.ts', plugins: [cachekit()] };
 * ```
 */
export default function cachekit(options?: PluginOptions): WebpackPluginInstance {
  return unplugin.webpack(options);
}
