// Every bundler with the plugin as its users write it, behind one function: sources in, one ES module and its messages out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rspack, type Configuration as RspackConfiguration } from '@rspack/core';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup, type Plugin as RollupPlugin } from 'rollup';
import ts from 'typescript';
import { build as viteBuild } from 'vite';
import webpack from 'webpack';
import esbuildPlugin from '../../plugins/esbuild.ts';
import rolldownPlugin from '../../plugins/rolldown.ts';
import rollupPlugin from '../../plugins/rollup.ts';
import rspackPlugin from '../../plugins/rspack.ts';
import vitePlugin from '../../plugins/vite.ts';
import webpackPlugin from '../../plugins/webpack.ts';

export interface BundleOptions {
  readonly folder: string;
  /** Relative to `folder`. */
  readonly entry: string;
  /** How often the plugin is listed. Default 1. */
  readonly times?: number;
  readonly sourceMap?: boolean;
  /** webpack and Rspack leave the removal of unused functions to their minimizers. Default false. */
  readonly minify?: boolean;
  /** Default `dist`. */
  readonly outDir?: string;
  /** Only webpack. Default false. */
  readonly cacheOnDisk?: boolean;
}

export interface Message {
  readonly text: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** From 0. */
  readonly column: number | undefined;
}

export interface Bundled {
  /** Of `main.js` in the output folder; '' when the build failed. */
  readonly code: string;
  readonly errors: readonly Message[];
  readonly warnings: readonly Message[];
}

export type Bundler = (options: BundleOptions) => Promise<Bundled>;

/** Packages stay imports, as in a server's build. */
export const isPackage = (id: string): boolean => /^(?:node:|cachekit)/.test(id);

/** It warns when JavaScript takes most of the build, which depends on what else runs. */
const noTimings = { pluginTimings: false };

/** What `rollup-plugin-esbuild` and the like do: types out, nothing else. */
export const stripTypes: RollupPlugin = {
  name: 'strip-types',
  transform(code, id) {
    if (!/\.[cm]?ts$/.test(id)) return undefined;
    const { outputText, sourceMapText } = ts.transpileModule(code, transpileOptions(id));
    return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*/, ''), map: sourceMapText ?? null };
  },
};

const transpileOptions = (fileName: string): ts.TranspileOptions => ({
  // Of `.cts` TypeScript would make CommonJS, which Rollup does not read.
  fileName: fileName.replace(/\.cts$/, '.ts'),
  compilerOptions: {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    sourceMap: true,
  },
});

export const webpackLoader = join(import.meta.dirname, 'strip-types-loader.cjs');

function repeat<T>(make: () => T, { times = 1 }: BundleOptions): T[] {
  return Array.from({ length: times }, make);
}

interface Failure {
  readonly message: string;
  readonly errors?: readonly Failure[];
  readonly id?: string | undefined;
  readonly loc?:
    | { readonly file?: string | undefined; readonly line: number; readonly column: number }
    | undefined;
}

/** Rollup, Rolldown and Vite throw one error, which may have several in it. */
function messages(error: unknown): Message[] {
  const failure = error as Failure; // what all three throw
  if (failure.errors !== undefined && failure.errors.length > 0) return failure.errors.flatMap(messages);
  return [messageOf(failure)];
}

function messageOf({ message, id, loc }: Failure): Message {
  return { text: message, file: loc?.file ?? id, line: loc?.line, column: loc?.column };
}

const failed = (errors: readonly Message[], warnings: readonly Message[]): Bundled => ({
  code: '',
  errors,
  warnings,
});

const done = ({ folder, outDir = 'dist' }: BundleOptions, warnings: readonly Message[]): Bundled => ({
  code: readFileSync(join(folder, outDir, 'main.js'), 'utf8'),
  errors: [],
  warnings,
});

const withRollup: Bundler = async (options) => {
  const { folder, entry, sourceMap = false, outDir = 'dist' } = options;
  const warnings: Message[] = [];
  try {
    const bundle = await rollup({
      input: join(folder, entry),
      external: isPackage,
      onwarn: (warning) => void warnings.push(messageOf(warning)),
      plugins: [...repeat(() => rollupPlugin({ tsconfig: folder }), options), stripTypes],
    });
    await bundle.write({ file: join(folder, outDir, 'main.js'), format: 'es', sourcemap: sourceMap });
    return done(options, warnings);
  } catch (error) {
    return failed(messages(error), warnings);
  }
};

const withRolldown: Bundler = async (options) => {
  const { folder, entry, sourceMap = false, outDir = 'dist' } = options;
  const warnings: Message[] = [];
  try {
    const bundle = await rolldown({
      input: join(folder, entry),
      platform: 'node',
      external: isPackage,
      checks: noTimings,
      onLog: (level, log) => void (level === 'warn' && warnings.push(messageOf(log))),
      plugins: repeat(() => rolldownPlugin({ tsconfig: folder }), options),
    });
    await bundle.write({ file: join(folder, outDir, 'main.js'), format: 'es', sourcemap: sourceMap });
    await bundle.close();
    return done(options, warnings);
  } catch (error) {
    return failed(messages(error), warnings);
  }
};

const withVite: Bundler = async (options) => {
  const { folder, entry, sourceMap = false, minify = false, outDir = 'dist' } = options;
  const warnings: Message[] = [];
  try {
    await viteBuild({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: repeat(() => vitePlugin({ tsconfig: folder }), options),
      build: {
        ssr: entry,
        outDir,
        sourcemap: sourceMap,
        minify,
        rolldownOptions: {
          external: isPackage,
          checks: noTimings,
          output: { entryFileNames: 'main.js' },
          onLog: (level, log) => void (level === 'warn' && warnings.push(messageOf(log))),
        },
      },
    });
    return done(options, warnings);
  } catch (error) {
    return failed(messages(error), warnings);
  }
};

const fromEsbuild = ({ text, location }: esbuild.Message): Message => ({
  text,
  file: location?.file,
  line: location?.line,
  column: location?.column,
});

const withEsbuild: Bundler = async (options) => {
  const { folder, entry, sourceMap = false, outDir = 'dist' } = options;
  try {
    const { warnings } = await esbuild.build({
      absWorkingDir: folder,
      entryPoints: [entry],
      outfile: join(outDir, 'main.js'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      sourcemap: sourceMap,
      logLevel: 'silent',
      plugins: repeat(() => esbuildPlugin({ tsconfig: folder }), options),
    });
    return done(options, warnings.map(fromEsbuild));
  } catch (error) {
    const { errors, warnings } = error as esbuild.BuildFailure; // what build() rejects with
    return failed(errors.map(fromEsbuild), warnings.map(fromEsbuild));
  }
};

/** Both want a TypeScript loader of the user's. */
export const webpackRules = [{ test: /\.[cm]?ts$/, loader: webpackLoader }];
export const rspackRules = [
  {
    test: /\.[cm]?ts$/,
    loader: 'builtin:swc-loader',
    options: { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' } },
  },
];

/** The parts of a configuration that both understand. */
export function webpackLike(options: BundleOptions) {
  const { folder, entry, sourceMap = false, minify = false, outDir = 'dist' } = options;
  return {
    context: folder,
    entry: `./${entry}`,
    mode: 'production' as const,
    target: 'node22' as const,
    devtool: sourceMap ? ('source-map' as const) : (false as const),
    externalsType: 'module' as const,
    externals: [/^cachekit/],
    experiments: { outputModule: true },
    output: { path: join(folder, outDir), filename: 'main.js', module: true, library: { type: 'module' } },
    optimization: { minimize: minify },
    performance: { hints: false as const },
  };
}

interface Stats {
  readonly errors?: readonly { readonly message: string; readonly moduleIdentifier?: string }[];
  readonly warnings?: readonly { readonly message: string; readonly moduleIdentifier?: string }[];
}

/** Of webpack and Rspack: the place is in the text. */
function fromStats({ message }: { readonly message: string }): Message {
  const [, file, line, column, text] = /(\/\S+?):(\d+):(\d+) (CK\d+: [\s\S]*)/.exec(message) ?? [];
  if (text === undefined) return { text: message, file: undefined, line: undefined, column: undefined };
  return { text, file, line: Number(line), column: Number(column) - 1 };
}

interface Compiler {
  run(
    end: (error: Error | null, stats?: { toJson(options: object): unknown; hasErrors(): boolean }) => void,
  ): unknown;
  close(end: () => void): unknown;
}

function runCompiler(compiler: Compiler, options: BundleOptions): Promise<Bundled> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error !== null || stats === undefined) return reject(error ?? new Error('no stats'));
      const { errors = [], warnings = [] } = stats.toJson({
        all: false,
        errors: true,
        warnings: true,
      }) as Stats; // both lists were asked for
      const ended = stats.hasErrors()
        ? failed(errors.map(fromStats), warnings.map(fromStats))
        : done(options, warnings.map(fromStats));
      compiler.close(() => resolve(ended));
    });
  });
}

const withWebpack: Bundler = (options) =>
  runCompiler(
    webpack({
      ...webpackLike(options),
      cache: options.cacheOnDisk === true && {
        type: 'filesystem',
        cacheDirectory: join(options.folder, 'cache'),
      },
      module: { rules: webpackRules },
      plugins: repeat(() => webpackPlugin({ tsconfig: options.folder }), options),
    }),
    options,
  );

const withRspack: Bundler = (options) =>
  runCompiler(
    rspack({
      ...webpackLike(options),
      module: { rules: rspackRules },
      plugins: repeat(() => rspackPlugin({ tsconfig: options.folder }), options),
    } as RspackConfiguration), // the shared part is typed for both
    options,
  );

export const bundlers: Readonly<Record<string, Bundler>> = {
  Vite: withVite,
  Rollup: withRollup,
  Rolldown: withRolldown,
  esbuild: withEsbuild,
  webpack: withWebpack,
  Rspack: withRspack,
};
