// The bundler plugins beyond the e2e builds: watching types, warnings, Vitest's cache.
import { basename, join } from 'node:path';
import { inspect } from 'node:util';
import { rspack } from '@rspack/core';
import * as esbuild from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup, type Plugin as RollupPlugin } from 'rollup';
import { build as viteBuild, createLogger, createServer } from 'vite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import webpack, { type WebpackPluginInstance } from 'webpack';
import esbuildPlugin from '../../plugins/esbuild.ts';
import rolldownPlugin from '../../plugins/rolldown.ts';
import rollupPlugin from '../../plugins/rollup.ts';
import rspackPlugin from '../../plugins/rspack.ts';
import vitePlugin from '../../plugins/vite.ts';
import webpackPlugin from '../../plugins/webpack.ts';
import { stripTypes, webpackLike, webpackRules } from '../helpers/bundlers.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const load = `import type { Item } from './types.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id } as Item;
}
`;

let project: SmallProject;
afterEach(() => {
  vi.unstubAllEnvs();
  project.remove();
});

const options = (folder: string) =>
  ({
    absWorkingDir: folder,
    entryPoints: ['load.ts'],
    write: false,
    format: 'esm',
    logLevel: 'silent',
    plugins: [esbuildPlugin({ tsconfig: folder })],
  }) satisfies esbuild.BuildOptions;

describe('esbuild', () => {
  it('compiles again when a type in another file changed', async () => {
    project = smallProject({ 'types.ts': 'export interface Item { id: number }\n', 'load.ts': load });
    const context = await esbuild.context(options(project.path));
    try {
      const before = await context.rebuild();
      project.write('types.ts', 'export interface Item { id: number; label: string }\n');
      const after = await context.rebuild();
      expect(before.outputFiles[0]?.text).not.toContain('label');
      expect(after.outputFiles[0]?.text).toContain('label');
    } finally {
      await context.dispose();
    }
  });

  it('compiles a project without markers without a tsconfig', async () => {
    project = smallProject({ 'load.ts': 'export const one = 1;\n' });
    const { outputFiles } = await esbuild.build({
      ...options(project.path),
      plugins: [esbuildPlugin({ tsconfig: '/nowhere' })],
    });
    expect(outputFiles[0]?.text).toContain('one = 1');
  });

  it('shows the line of a message, with what is wrong underlined', async () => {
    project = smallProject({
      'types.ts': 'export interface Item { id: number }\n',
      'load.ts': load.replace('/** @cache */', '/* é */ /** @cache tll=5m */\r'),
    });
    const { errors } = await esbuild
      .build(options(project.path))
      .catch((error: esbuild.BuildFailure) => error);
    const [shown] = await esbuild.formatMessages(errors ?? [], { kind: 'error' });
    expect(shown).toContain(`load.ts:2:20:
      2 │ /* é */ /** @cache tll=5m */
        ╵                    ~~~`);
  });
});

describe('a bundle for browsers', () => {
  const files = {
    'types.ts': 'export interface Item { id: number }\n',
    'load.ts': load,
    'index.html': '<script type="module" src="/load.ts"></script>',
  };
  const said = (error: unknown): string =>
    [
      String(error),
      ...((error as { errors?: { text: string }[] }).errors ?? []).map(({ text }) => text),
    ].join();

  it('refuses cached functions: Vite', async () => {
    project = smallProject(files);
    const { path: root } = project;
    const plugins = [vitePlugin({ tsconfig: root })];
    // A test run is no build for browsers: this one says that it is not one.
    vi.stubEnv('VITEST', undefined);
    const built = viteBuild({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins,
      build: { write: false },
    });
    await expect(built.catch(said)).resolves.toContain('CK1404');
  });

  it('refuses cached functions: esbuild', async () => {
    project = smallProject(files);
    const built = esbuild.build({ ...options(project.path), platform: 'browser' });
    await expect(built.catch(said)).resolves.toContain('CK1404');
  });

  it('refuses cached functions: webpack, whose default is the web', async () => {
    project = smallProject(files);
    const { target: _node, ...config } = webpackLike({ folder: project.path, entry: 'load.ts' });
    const compiler = webpack({
      ...config,
      module: { rules: webpackRules },
      plugins: [webpackPlugin({ tsconfig: project.path })],
    });
    const text = await new Promise<string>((resolve, reject) => {
      compiler?.run((error, stats) => (error === null ? resolve(stats?.toString() ?? '') : reject(error)));
    });
    expect(text).toContain('CK1404');
  });
});

describe('a bundle that holds the runtime', () => {
  /** As far as bundlers see the package that compresses: a file for this machine behind a require. */
  const files = {
    'main.js': "export const native = () => import('lz4-napi').catch(() => undefined);\n",
    'node_modules/lz4-napi/package.json': '{ "name": "lz4-napi", "version": "2.0.0", "main": "index.js" }',
    'node_modules/lz4-napi/index.js': "module.exports = require('./native.node');\n",
    'node_modules/lz4-napi/native.node': '\u0000\u0001{',
  };
  const kept = /import\(\s*["'`]lz4-napi["'`]\s*\)/;

  it('leaves out its native code: esbuild', async () => {
    project = smallProject(files);
    const own = {
      ...options(project.path),
      entryPoints: ['main.js'],
      bundle: true,
      platform: 'node' as const,
    };
    const { outputFiles } = await esbuild.build(own);
    expect(outputFiles[0]?.text).toMatch(kept);
    // Whoever says what to do with such files is asked.
    const { outputFiles: copied } = await esbuild.build({
      ...own,
      outdir: 'dist',
      loader: { '.node': 'file' },
    });
    expect(copied.map(({ path }) => path).join()).toMatch(/native-\w+\.node/);
  });

  it.each([
    ['Vite', vitePlugin],
    ['Rolldown', rolldownPlugin],
  ])('leaves out its native code: %s', async (name, plugin) => {
    project = smallProject(files);
    const { path: root } = project;
    const input = project.file('main.js');
    if (name === 'Vite') {
      const build = { ssr: input, outDir: 'dist' };
      const plugins = [plugin()];
      await viteBuild({
        root,
        configFile: false,
        logLevel: 'silent',
        ssr: { noExternal: true },
        plugins,
        build,
      });
    } else {
      const bundle = await rolldown({ input, platform: 'node', plugins: [plugin()] });
      await bundle.write({ dir: project.file('dist') });
      await bundle.close();
    }
    expect(project.read('dist/main.js')).toMatch(kept);
  });

  it('leaves out its native code: Rollup', async () => {
    project = smallProject(files);
    // As `@rollup/plugin-node-resolve` does, which asks those that come after it, and as one that asks nobody would.
    const resolvePackages: RollupPlugin = {
      name: 'packages',
      resolveId: (id) => (id === 'lz4-napi' ? project.file('node_modules/lz4-napi/index.js') : undefined),
    };
    for (const plugins of [
      [rollupPlugin(), resolvePackages],
      [resolvePackages, rollupPlugin()],
    ]) {
      const bundle = await rollup({ input: project.file('main.js'), plugins });
      await bundle.write({ dir: project.file('dist'), entryFileNames: 'main.js' });
      await bundle.close();
      expect(project.read('dist/main.js')).toMatch(kept);
    }
  });

  it.each([
    ['webpack', webpack, webpackPlugin()],
    ['Rspack', rspack, rspackPlugin()],
  ])('leaves out its native code: %s', async (_name, create, plugin) => {
    project = smallProject(files);
    const { externals: _all, ...config } = webpackLike({ folder: project.path, entry: 'main.js' });
    // Rspack takes what webpack takes.
    const compiler = (create as typeof webpack)({ ...config, plugins: [plugin as WebpackPluginInstance] });
    const text = await new Promise<string>((resolve, reject) => {
      compiler?.run((error, stats) => (error === null ? resolve(stats?.toString() ?? '') : reject(error)));
    });
    expect(text).not.toContain('native.node');
    expect(project.read('dist/main.js')).toMatch(kept);
  });
});

it('names the place in the text of an error, of which some hosts of Rollup print nothing else', async () => {
  project = smallProject({ 'types.ts': 'export type Item = () => void;\n', 'load.ts': load });
  const plugins = [rollupPlugin({ tsconfig: project.path }), stripTypes];
  const error = await rollup({ input: project.file('load.ts'), external: /^cachekit/, plugins }).catch(
    String,
  );
  expect(error).toContain(`${project.file('load.ts')}:3:41 CK1106: `);
});

const literalKey = 'ck1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
const configured = `import { configure } from 'cachekit';
configure({ encryption: { masterKey: '${literalKey}' } });
${load}`;
const withKey = { 'types.ts': 'export interface Item { id: number }\n', 'load.ts': configured };

/** The frame of the error that Vite's dev server shows for `load.ts`. */
async function frameInDev(folder: string): Promise<unknown> {
  const server = await createServer({
    root: folder,
    configFile: false,
    customLogger: createLogger('silent'),
    plugins: [vitePlugin({ tsconfig: folder })],
    server: { middlewareMode: true },
    appType: 'custom',
  });
  try {
    await server.ssrLoadModule('/load.ts');
    return undefined;
  } catch (error) {
    return (error as { frame?: unknown }).frame;
  } finally {
    await server.close();
  }
}

describe('a master key in the code', () => {
  it('is not shown: esbuild', async () => {
    project = smallProject(withKey);
    const { errors } = await esbuild
      .build(options(project.path))
      .catch((error: esbuild.BuildFailure) => error);
    const shown = (await esbuild.formatMessages(errors ?? [], { kind: 'error' })).join('\n');
    expect(shown).toContain('CK1306');
    expect(shown).toContain('load.ts:2:');
    expect(shown).not.toContain(literalKey);
  });

  it('is not shown: Rollup', async () => {
    project = smallProject(withKey);
    const plugins = [rollupPlugin({ tsconfig: project.path }), stripTypes];
    const error = (await rollup({
      input: project.file('load.ts'),
      external: /^cachekit/,
      plugins,
      onwarn: () => {},
    }).catch((failure: unknown) => failure)) as object;
    expect(error).toMatchObject({ frame: '  2 │ (not shown, as it contains a secret)' });
    expect(inspect(error)).not.toContain(literalKey);
  });

  it('is not shown: the dev server of Vite, which would make a frame of its own', async () => {
    project = smallProject(withKey);
    expect(await frameInDev(project.path)).toBe('  2 │ (not shown, as it contains a secret)');
  });
});

/** What a framework does with its files: comments are gone before plugins see the text. */
const MADE = 'export const made = 1;\n';
const COMPONENT = /\.(?:vue|svelte|astro)$/;
const framework = {
  name: 'framework',
  enforce: 'pre' as const,
  transform: (_code: string, id: string) => (COMPONENT.test(id) ? MADE : undefined),
};
const buildWith: Readonly<Record<string, (entry: string, folder: string) => Promise<unknown>>> = {
  Vite: (entry, root) =>
    viteBuild({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [framework, vitePlugin()],
      build: { ssr: entry, write: false },
    }),
  Rollup: (input) => rollup({ input, plugins: [framework, rollupPlugin()] }),
  Rolldown: async (input) => (await rolldown({ input, plugins: [framework, rolldownPlugin()] })).generate(),
  esbuild: (entry) =>
    esbuild.build({
      entryPoints: [entry],
      write: false,
      logLevel: 'silent',
      plugins: [
        esbuildPlugin(),
        {
          name: 'framework',
          setup: (build) => build.onLoad({ filter: COMPONENT }, () => ({ contents: MADE })),
        },
      ],
    }),
  webpack: (entry, folder) => pack(webpack, webpackPlugin(), entry, folder),
  Rspack: (entry, folder) => pack(rspack as unknown as typeof webpack, rspackPlugin(), entry, folder),
};

/** Rspack takes what webpack takes. */
function pack(create: typeof webpack, plugin: unknown, entry: string, folder: string): Promise<unknown> {
  project.write('framework.cjs', `module.exports = () => ${JSON.stringify(MADE)};`);
  const compiler = create({
    ...webpackLike({ folder, entry: basename(entry) }),
    module: { rules: [{ test: COMPONENT, use: join(folder, 'framework.cjs') }] },
    plugins: [plugin as WebpackPluginInstance],
  });
  return new Promise((resolve, reject) => {
    compiler?.run((error, stats) => {
      if (error !== null || stats?.hasErrors() === true) reject(error ?? new Error(stats?.toString()));
      else resolve(stats);
    });
  });
}

describe.each(Object.entries(buildWith))('a mark in a component: %s', (bundler, build) => {
  const marked = '/** @cache */\nasync function load(id: number): Promise<number> {\n  return id;\n}\n';
  const shown = `<pre>{\`${marked}\`}</pre>\n`;
  it.each([
    ['app.svelte', `<script lang="ts">\n${marked}</script>\n${shown}`],
    ['app.vue', `<script setup lang="ts">\n${marked}</script>\n<template>${shown}</template>\n`],
    ['app.astro', `---\n${marked}---\n${shown}`],
  ])('says that %s is not compiled', async (name, text) => {
    const built = async (source: string): Promise<string> => {
      project = smallProject({ [name]: source });
      const error = await build(project.file(name), project.path).then(
        () => 'built',
        (thrown: unknown) => `${String(thrown)} ${JSON.stringify(thrown)}`,
      );
      project.remove();
      return error;
    };
    const line = text.split('\n').indexOf('/** @cache */') + 1;
    const said = await built(text);
    expect(said).toMatch(
      new RegExp(`CK1401: The script of a component .* Move the function to a \\.ts file`),
    );
    expect(said).toContain(name);
    expect(said).toMatch(bundler === 'esbuild' ? `"line":${line},` : `${name}:${line}:`);
    await expect(built(text.replace(marked, 'const one = 1;\n'))).resolves.toBe('built');
  });
});

describe('vite', () => {
  it('leaves the frame to the dev server, whose overlay shows no other', async () => {
    project = smallProject({ 'types.ts': 'export type Item = () => void;\n', 'load.ts': load });
    expect(await frameInDev(project.path)).toMatch(/^3 {2}\| {2}export async function load.*\n {3}\| +\^$/m);
  });

  it('keeps marked modules out of the cache that Vitest has on disk', () => {
    project = smallProject({});
    let generate: ((module: { sourceCode: string }) => unknown) | undefined;
    const plugin = vitePlugin() as { configureVitest?: (context: object) => void };
    plugin.configureVitest?.({
      defineCacheKeyGenerator: (given: typeof generate) => void (generate = given),
    });
    expect(generate?.({ sourceCode: load })).toBe(false);
    expect(generate?.({ sourceCode: 'export const one = 1;' })).toBeNull();
  });

  it('names the place of a warning in a build', async () => {
    project = smallProject({
      'types.ts': 'export interface Item { id: number; any: unknown }\n',
      'load.ts': load,
    });
    const warnings: string[] = [];
    const customLogger = { ...createLogger('silent'), warn: (text: string) => void warnings.push(text) };
    await viteBuild({
      root: project.path,
      configFile: false,
      customLogger,
      plugins: [vitePlugin()],
      build: {
        ssr: project.file('load.ts'),
        write: false,
        rolldownOptions: { external: [/^cachekit/] },
      },
    });
    expect(warnings.join('\n')).toMatch(/load\.ts:3:\d+ CK2006/);
  });

  it('runs before anything else changes the text', () => {
    project = smallProject({});
    expect(vitePlugin()).toMatchObject({ name: 'cachekit', enforce: 'pre' });
  });
});
