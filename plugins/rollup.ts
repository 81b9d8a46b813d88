// `@cachekit/plugins/rollup`.
import type { Plugin } from 'rollup';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/**
 * ```ts
 * export default { input: 'src/main.ts', plugins: [cachekit(), typescript()] };
 * ```
 */
export default function cachekit(options?: PluginOptions): Plugin {
  return unplugin.rollup(options);
}
