// Every bundler in its watch mode, behind one interface: each finished build is a round.
import { rspack, type Configuration as RspackConfiguration } from '@rspack/core';
import * as esbuild from 'esbuild';
import { watch as watchRolldown } from 'rolldown';
import { watch as watchRollup } from 'rollup';
import { createServer } from 'vite';
import webpack from 'webpack';
import esbuildPlugin from '../../plugins/esbuild.ts';
import rolldownPlugin from '../../plugins/rolldown.ts';
import rollupPlugin from '../../plugins/rollup.ts';
import rspackPlugin from '../../plugins/rspack.ts';
import vitePlugin from '../../plugins/vite.ts';
import webpackPlugin from '../../plugins/webpack.ts';
import { isPackage, rspackRules, stripTypes, webpackLike, webpackRules } from './bundlers.ts';
import type { SmallProject } from './small-project.ts';

export interface Round {
  /** '' when the build failed. */
  readonly code: string;
  /** Messages of the errors, one after the other. */
  readonly errors: string;
}

export interface Watcher {
  stop(): Promise<unknown> | void;
}

/** Watches `main.ts`, which the module `load.ts` belongs to, and tells of each build. */
export type StartWatcher = (
  project: SmallProject,
  tell: (round: Round) => void,
) => Promise<Watcher> | Watcher;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const conditions = ['@cachekit/source', 'node', 'import', 'default'];

/** A page asks for a module again after each change. */
const vite: StartWatcher = async (project, tell) => {
  const server = await createServer({
    root: project.path,
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    plugins: [
      vitePlugin({ tsconfig: project.path }),
      { name: 'tell', hotUpdate: () => void setImmediate(ask) },
    ],
  });
  const ask = async (): Promise<void> => {
    try {
      await server.ssrLoadModule('/load.ts');
      const result = await server.transformRequest('/load.ts', { ssr: true });
      tell({ code: result?.code ?? '', errors: '' });
    } catch (error) {
      tell({ code: '', errors: messageOf(error) });
    }
  };
  server.watcher.on('change', () => void setImmediate(ask));
  await ask();
  return { stop: () => server.close() };
};

interface WatchEvent {
  readonly code: string;
  readonly error?: unknown;
  readonly result?: unknown;
}

interface WithClose {
  close(): unknown;
}

/** Rollup and Rolldown have the same events. */
function onEvent(project: SmallProject, tell: (round: Round) => void): (event: WatchEvent) => void {
  return (event) => {
    if (event.code === 'BUNDLE_END') tell({ code: project.read('out/main.js'), errors: '' });
    if (event.code === 'ERROR') tell({ code: '', errors: messageOf(event.error) });
    if (event.code === 'BUNDLE_END' || event.code === 'ERROR')
      void (event.result as WithClose | undefined)?.close(); // as their documentation asks
  };
}

const rollup: StartWatcher = (project, tell) => {
  const watcher = watchRollup({
    input: project.file('main.ts'),
    external: isPackage,
    plugins: [rollupPlugin({ tsconfig: project.path }), stripTypes],
    output: { file: project.file('out/main.js') },
  });
  watcher.on('event', onEvent(project, tell));
  return { stop: () => watcher.close() };
};

const rolldown: StartWatcher = (project, tell) => {
  const watcher = watchRolldown({
    input: project.file('main.ts'),
    platform: 'node',
    external: isPackage,
    plugins: [rolldownPlugin({ tsconfig: project.path })],
    output: { file: project.file('out/main.js') },
  });
  watcher.on('event', onEvent(project, tell));
  return { stop: () => watcher.close() };
};

const withEsbuild: StartWatcher = async (project, tell) => {
  const teller: esbuild.Plugin = {
    name: 'tell',
    setup(build) {
      build.onEnd(({ errors, outputFiles = [] }) =>
        tell({
          code: outputFiles[0]?.text ?? '',
          errors: errors.map((error) => error.text).join('\n'),
        }),
      );
    },
  };
  const context = await esbuild.context({
    absWorkingDir: project.path,
    entryPoints: ['main.ts'],
    bundle: true,
    format: 'esm',
    packages: 'external',
    write: false,
    logLevel: 'silent',
    plugins: [esbuildPlugin({ tsconfig: project.path }), teller],
  });
  await context.watch();
  return { stop: () => context.dispose() };
};

interface Stats {
  hasErrors(): boolean;
  toJson(options: object): { errors?: readonly { readonly message: string }[] };
}

function onStats(project: SmallProject, tell: (round: Round) => void) {
  return (error: Error | null, stats?: Stats): void => {
    if (error !== null || stats === undefined) return tell({ code: '', errors: messageOf(error) });
    const { errors = [] } = stats.toJson({ all: false, errors: true });
    tell({
      code: stats.hasErrors() ? '' : project.read('out/main.js'),
      errors: errors.map((one) => one.message).join('\n'),
    });
  };
}

const settings = (project: SmallProject) => ({
  ...webpackLike({ folder: project.path, entry: 'main.ts', outDir: 'out' }),
  cache: { type: 'memory' as const },
});

const withWebpack: StartWatcher = (project, tell) => {
  const compiler = webpack({
    ...settings(project),
    module: { rules: webpackRules },
    plugins: [webpackPlugin({ tsconfig: project.path })],
  });
  compiler.watch({ aggregateTimeout: 20 }, onStats(project, tell));
  return { stop: () => new Promise<void>((resolve) => compiler.close(() => resolve())) };
};

const withRspack: StartWatcher = (project, tell) => {
  const compiler = rspack({
    ...settings(project),
    cache: true,
    module: { rules: rspackRules },
    plugins: [rspackPlugin({ tsconfig: project.path })],
  } as RspackConfiguration); // the shared part is typed for both
  compiler.watch({ aggregateTimeout: 20 }, onStats(project, tell));
  return { stop: () => new Promise<void>((resolve) => compiler.close(() => resolve())) };
};

export const watchers: Readonly<Record<string, StartWatcher>> = {
  'Vite dev server': vite,
  Rollup: rollup,
  Rolldown: rolldown,
  esbuild: withEsbuild,
  webpack: withWebpack,
  Rspack: withRspack,
};
