// The project of one build. Loaded when the first mark is seen: most of what a plugin loads is not needed without one.
import type { BundlerProject } from '@cachekit/transformer/bundler';
import type { PluginOptions } from './unplugin.ts';

export async function openProject(options: PluginOptions): Promise<BundlerProject> {
  const { openBundlerProject } = await import('@cachekit/transformer/bundler');
  return openBundlerProject({ ...options, cwd: process.cwd() });
}
