// What a build needs of the compiler, loaded only when the first marked file or component is seen.
import type { BundlerProject } from '@cachekit/transformer/bundler';
import type { PluginOptions } from './unplugin.ts';

/** The project of the current working directory. */
export async function openProject(options: PluginOptions): Promise<BundlerProject> {
  const { openBundlerProject } = await import('@cachekit/transformer/bundler');
  return openBundlerProject({ ...options, cwd: process.cwd() });
}

/** The scripts of a component; undefined if there is no such file. See `componentScripts` of the compiler. */
export async function scriptsOf(file: string): Promise<string | undefined> {
  const { componentScripts } = await import('@cachekit/transformer/bundler');
  return componentScripts(file);
}
