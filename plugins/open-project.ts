// Opens the project of a build. The compiler is loaded only when the first marked file is seen.
import type { BundlerProject } from '@cachekit/transformer/bundler';
import type { PluginOptions } from './unplugin.ts';

/** The project of the current working directory. */
export async function openProject(options: PluginOptions): Promise<BundlerProject> {
  const { openBundlerProject } = await import('@cachekit/transformer/bundler');
  return openBundlerProject({ ...options, cwd: process.cwd() });
}
