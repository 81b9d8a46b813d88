// One plugin for all bundlers but esbuild: marked files get their generated text before anything else sees them.
import type { BundlerProject } from '@cachekit/transformer/bundler';
import { createUnplugin } from 'unplugin';
import type { ViteDevServer } from 'vite';
import { isForBrowsers, type BrowserBuild } from './browser-build.ts';
import { createMadeFrom } from './made-from.ts';
import { openProject } from './open-project.ts';
import { createReporter } from './report.ts';
import { MARKED, NATIVE, NOT_OURS, SOURCES, withoutQuery } from './sources.ts';

export interface PluginOptions {
  /** Default: the nearest tsconfig, through its references, that contains the file. All other options live in it. */
  readonly tsconfig?: string;
}

const KEEP_NATIVE = {
  // Before a plugin that resolves packages, also where that is listed first.
  order: 'pre' as const,
  filter: { id: new RegExp(`^${NATIVE}$`) },
  // Not every bundler filters.
  handler: (id: string) => (id === NATIVE ? { id, external: true } : undefined),
};

/** The factory behind the bundler entries of this package. */
export const unplugin = createUnplugin<PluginOptions | undefined, false>((options = {}, meta) => {
  let project: BundlerProject | undefined;
  let opening: Promise<BundlerProject> | undefined;
  let isServer = false;
  let server: ViteDevServer | undefined;
  const madeFrom = createMadeFrom();
  const build: BrowserBuild = { compiler: undefined };
  const reporter = createReporter({ framework: meta.framework, isServer: () => isServer });
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
    // The two above would ask about every import.
    ...(meta.framework === 'webpack' || meta.framework === 'rspack' ? {} : { resolveId: KEEP_NATIVE }),
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
        // Not every bundler filters by text.
        if (!MARKED.test(code)) return undefined;
        const file = withoutQuery(id);
        project ??= await (opening ??= openProject(options));
        const compiled = await project.compile(file, code);
        // Types of other files are inputs, and bundlers do not see imports of types; nor do they see our options.
        const inputs = [...compiled.dependencies, ...(compiled.configFiles ?? [])];
        for (const input of inputs) this.addWatchFile(input);
        madeFrom.note(file, inputs);
        const found = isForBrowsers(build, this) ? await project.browserProblems(compiled.plans) : [];
        reporter.report(this, [...compiled.diagnostics, ...found], { file, code });
        return compiled.code === undefined ? undefined : { code: compiled.code, map: compiled.map };
      },
    },
    /** Rollup passes the error that ended the build, which is told instead of ours. */
    buildEnd(...[failure]: unknown[]) {
      if (!(failure instanceof Error)) reporter.end();
    },
  };
});
