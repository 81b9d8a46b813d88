// The plugin for all bundlers but esbuild: compiles marked files before any other plugin sees them.
import type { BundlerProject } from '@cachekit/transformer/bundler';
import { createUnplugin, type UnpluginContext } from 'unplugin';
import type { ViteDevServer } from 'vite';
import { isForBrowsers, type BrowserBuild } from './browser-build.ts';
import { frameOf } from './frame-of.ts';
import { createMadeFrom } from './made-from.ts';
import { openProject, scriptsOf } from './open-project.ts';
import { createReporter } from './report.ts';
import { COMPONENTS, MARKED, NATIVE, NOT_OURS, SOURCES, withoutQuery } from './sources.ts';

export interface PluginOptions {
  /**
   * Default: the nearest tsconfig that contains the file, itself or through its references. All other options are in
   * the tsconfig.
   */
  readonly tsconfig?: string;
}

/** Keeps the native addon external (see NATIVE). */
const KEEP_NATIVE = {
  // Before plugins that resolve packages, even if these are listed first.
  order: 'pre' as const,
  filter: { id: new RegExp(`^${NATIVE}$`) },
  // Some bundlers ignore `filter`.
  handler: (id: string) => (id === NATIVE ? { id, external: true } : undefined),
};

/** The factory for the entries of this package. */
export const unplugin = createUnplugin<PluginOptions | undefined, false>((options = {}, meta) => {
  let project: BundlerProject | undefined;
  let opening: Promise<BundlerProject> | undefined;
  let isServer = false;
  let server: ViteDevServer | undefined;
  const madeFrom = createMadeFrom();
  const build: BrowserBuild = { compiler: undefined };
  const reporter = createReporter({ framework: meta.framework, isServer: () => isServer, frameOf });
  const ensureProject = async (): Promise<BundlerProject> =>
    (project ??= await (opening ??= openProject(options)));
  /** Components whose marks `refuseComponents` has reported, or found none. */
  const looked = new Set<string>();
  // Loads nothing. `load` is the only hook that sees a component before its framework has compiled it.
  const refuseComponents = {
    filter: { id: { include: COMPONENTS, exclude: NOT_OURS } },
    async handler(this: UnpluginContext, file: string): Promise<undefined> {
      const code = await scriptsOf(file);
      if (code !== undefined) looked.add(file);
      if (code === undefined || !MARKED.test(code)) return undefined;
      const { diagnostics } = await (await ensureProject()).compile(file, code);
      reporter.report(this, diagnostics, { file, code });
      return undefined;
    },
  };
  return {
    name: 'cachekit',
    enforce: 'pre',
    vite: {
      configResolved(config) {
        isServer = config.command === 'serve';
      },
      configureServer(started) {
        server = started;
      },
    },
    webpack(compiler) {
      build.compiler = compiler;
      new compiler.webpack.ExternalsPlugin('import', NATIVE).apply(compiler);
    },
    rspack(compiler) {
      build.compiler = compiler;
      new compiler.webpack.ExternalsPlugin('import', NATIVE).apply(compiler);
    },
    // webpack and Rspack use the externals above; this hook would be called for every import.
    ...(meta.framework === 'webpack' || meta.framework === 'rspack' ? {} : { resolveId: KEEP_NATIVE }),
    load: refuseComponents,
    buildStart() {
      reporter.start();
      project?.refresh();
    },
    watchChange(id) {
      const file = withoutQuery(id);
      if (file.endsWith('.json')) project?.refresh();
      else project?.update(file);
      if (server !== undefined) madeFrom.forget(server, file);
    },
    transform: {
      filter: { id: { include: SOURCES, exclude: NOT_OURS }, code: MARKED },
      async handler(code, id) {
        // Some bundlers ignore the filter by text.
        if (!MARKED.test(code)) return undefined;
        const file = withoutQuery(id);
        // The script of a component, which some frameworks pass on by itself.
        if (looked.has(file)) return undefined;
        const compiled = await (await ensureProject()).compile(file, code);
        // Bundlers do not know that the output depends on types of other files and on the options in the tsconfig.
        const inputs = [...compiled.dependencies, ...(compiled.configFiles ?? [])];
        for (const input of inputs) this.addWatchFile(input);
        madeFrom.note(file, inputs);
        const found = isForBrowsers(build, this)
          ? await (await ensureProject()).browserProblems(compiled.plans)
          : [];
        reporter.report(this, [...compiled.diagnostics, ...found], { file, code });
        return compiled.code === undefined ? undefined : { code: compiled.code, map: compiled.map };
      },
    },
    /** Rollup passes the error that ended the build, which is reported instead of ours. */
    buildEnd(...[failure]: unknown[]) {
      if (failure instanceof Error) return;
      // In watch mode Rollup goes on with the files that the error names, and does not name them for an error from here.
      reporter.end(meta.framework === 'rollup' ? this.getWatchFiles() : undefined);
    },
  };
});
