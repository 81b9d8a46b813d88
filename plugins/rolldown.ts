// `@cachekit/plugins/rolldown`.
import type { Plugin } from 'rolldown';
import { unplugin, type PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/**
 * ```ts
 * export default defineConfig({ input: 'src/main.ts', platform: 'node', plugins: [cachekit()] });
 * ```
 */
export default function cachekit(options?: PluginOptions): Plugin {
  return unplugin.rolldown(options);
}
