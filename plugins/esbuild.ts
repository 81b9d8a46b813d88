// `@cachekit/plugins/esbuild`. Does not use unplugin, which reads every module a second time and loads code for other
// bundlers: that would be a good part of the time that esbuild takes for a build.
import { readFileSync } from 'node:fs';
import type { BundlerProject, CompiledFile } from '@cachekit/transformer/bundler';
import type { OnLoadArgs, OnLoadResult, PartialMessage, Plugin } from 'esbuild';
import type { UnpluginMessage } from 'unplugin';
import { openProject, scriptsOf } from './open-project.ts';
import { createReporter, type ShownLine } from './report.ts';
import { COMPONENTS, MARKED, NATIVE, NOT_OURS } from './sources.ts';
import type { PluginOptions } from './unplugin.ts';

export type { PluginOptions };

/** Sources and components, without queries, which esbuild keeps apart. It applies this before it calls JavaScript. */
const FILTER = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;

/**
 * ```ts
 * await build({ entryPoints: ['src/main.ts'], bundle: true, plugins: [cachekit()] })
 * ```
 */
export default function cachekit(options: PluginOptions = {}): Plugin {
  return {
    name: 'cachekit',
    setup(build) {
      const { platform, sourcemap, loader } = build.initialOptions;
      const isMapped = sourcemap !== undefined && sourcemap !== false;
      const reporter = createReporter({ framework: 'esbuild', isServer: () => false });
      let project: BundlerProject | undefined;
      let opening: Promise<BundlerProject> | undefined;
      build.onStart(() => {
        reporter.start();
        project?.refresh();
      });
      if (loader?.['.node'] === undefined)
        build.onResolve({ filter: new RegExp(`^${NATIVE}$`) }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: FILTER, namespace: 'file' }, async ({ path, suffix }: OnLoadArgs) => {
        if (NOT_OURS.test(path + suffix)) return undefined;
        const code = COMPONENTS.test(path) ? await scriptsOf(path) : readSource(path);
        if (code === undefined || !MARKED.test(code)) return undefined;
        project ??= await (opening ??= openProject(options));
        const compiled = await project.compile(path, code);
        const found = platform === 'browser' ? await project.browserProblems(compiled.plans) : [];
        const errors: PartialMessage[] = [];
        const warnings: PartialMessage[] = [];
        const context = {
          error: (message: string | UnpluginMessage) => void errors.push(toEsbuild(message)),
          warn: (message: string | UnpluginMessage) => void warnings.push(toEsbuild(message)),
        };
        reporter.report(context, [...compiled.diagnostics, ...found], { file: path, code });
        return resultOf(compiled, { errors, warnings }, isMapped);
      });
    },
  };
}

/** Synchronous, which for files of some kilobytes is faster than the thread pool. */
function readSource(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // esbuild reports it
  }
}

function resultOf(
  { code, map, dependencies, configFiles = [] }: CompiledFile,
  messages: Pick<OnLoadResult, 'errors' | 'warnings'>,
  isMapped: boolean,
): OnLoadResult {
  return {
    ...messages,
    // esbuild does not know that the output depends on types of other files and on the options in the tsconfig.
    watchFiles: [...dependencies, ...configFiles],
    ...(code !== undefined && {
      contents: isMapped && map !== undefined ? `${code}\n//# sourceMappingURL=${urlOf(map)}` : code,
      loader: 'default', // the loader the build is configured to use for this file name
    }),
  };
}

function urlOf(map: object): string {
  return `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}

function toEsbuild(message: string | UnpluginMessage): PartialMessage {
  if (typeof message === 'string') return { text: message };
  const { message: text, loc, meta } = message;
  if (loc === undefined) return { text };
  const { file = '', line, column } = loc;
  return { text, location: { file, line, column, ...(meta as ShownLine) } };
}
