// The pages in docs/guide/hosts, done as they say: their files written, their commands run, and the app is cached.
import { exec } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { rspack, type Configuration as RspackConfiguration } from '@rspack/core';
import { describe, expect, it } from 'vitest';
import webpack, { type Configuration } from 'webpack';
import { quietEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(repository, 'node_modules');
const folder = join(repository, 'docs/guide/hosts');
const pages = readdirSync(folder).filter((file) => file.endsWith('.md'));

const app = {
  'src/main.ts': `import { weather } from './weather.ts';
declare const console: { log(text: string): void };
const first = await weather('Zurich');
const second = await weather('Zurich');
console.log(first.measured === second.measured ? 'cached' : 'not cached');
`,
  'src/weather.ts': `import type { Weather } from './types.ts';
let measured = 0;
/** @cache ttl=5m */
export async function weather(city: string): Promise<Weather> {
  return { city, measured: ++measured };
}
`,
  'src/types.ts': 'export interface Weather { city: string; measured: number }\n',
};

/** Blocks that start with a comment that names a file. */
function filesOf(page: string): Record<string, string> {
  const fences = page.matchAll(/^```(?:js|ts|jsonc)\n\/\/ (\S+)\n([\s\S]*?)^```/gm);
  return Object.fromEntries([...fences].map(([, name = '', text = '']) => [name, text]));
}

/** Blocks after an invisible `<!-- run -->`. */
function commandsOf(page: string): string[] {
  const fences = page.matchAll(/^<!-- run -->\n```sh\n([\s\S]*?)^```/gm);
  return [...fences].flatMap(([, text = '']) => text.trim().split('\n'));
}

function open(page: string): SmallProject {
  const options = { lib: ['es2024'], allowImportingTsExtensions: true, noEmit: true };
  const project = smallProject({ ...app, ...filesOf(page) }, options);
  if (!('tsconfig.json' in filesOf(page)))
    project.write('tsconfig.json', project.read('tsconfig.json').replace('"*.ts"', '"src"'));
  // What the first line of each page installs.
  const manifest = JSON.parse(project.read('package.json')) as object; // as the helper wrote it
  project.write('package.json', JSON.stringify({ ...manifest, dependencies: { cachekit: '*' } }));
  symlinkSync(modules, project.file('node_modules'), 'dir');
  return project;
}

/** As in a shell of the project; `npx` would look into the same folder first. */
async function run(project: SmallProject, command: string): Promise<string> {
  const env = {
    ...quietEnv,
    PATH: `${join(modules, '.bin')}:${quietEnv.PATH}`,
  };
  const { stdout, stderr } = await promisify(exec)(command.replace(/^npx /, ''), { cwd: project.path, env });
  return SUMMARY.test(stderr) ? stderr : stdout;
}

/** Jest's last lines: it has no word for the application it tests. */
const SUMMARY = /^Tests: +(.*)$/m;

/** What the last command of a page has to print. */
const proofOf = (output: string): string =>
  SUMMARY.exec(output)?.[1] === '1 passed, 1 total' ? 'cached\n' : output;

const runnable = pages.filter((name) => commandsOf(readFileSync(join(folder, name), 'utf8')).length > 0);

describe('done as the page says, the app is cached', () => {
  it.each(runnable)('%s', async (name) => {
    const page = readFileSync(join(folder, name), 'utf8');
    const project = open(page);
    try {
      let output = '';
      for (const command of commandsOf(page)) output = await run(project, command);
      expect(proofOf(output)).toBe('cached\n');
    } finally {
      project.remove();
    }
  });

  interface Ran {
    readonly errors: readonly { readonly message: string }[];
  }
  type Run = (end: (error: Error | null, stats?: { toJson(options: object): unknown }) => void) => unknown;
  const ran = (compiler: { run: Run; close: (end: () => void) => unknown }): Promise<Ran> =>
    new Promise((resolve, reject) => {
      compiler.run((error, stats) => {
        compiler.close(() => {
          if (error !== null || stats === undefined) reject(error ?? new Error('no stats'));
          else resolve(stats.toJson({ all: false, errors: true }) as Ran); // what was asked for
        });
      });
    });

  /** Their command lines are packages of their own; the configuration is what counts. */
  const compilers: Readonly<Record<string, (config: object) => Promise<Ran>>> = {
    'webpack.md': (config) => ran(webpack(config as Configuration)),
    'rspack.md': (config) => ran(rspack(config as RspackConfiguration)),
  };

  it.each(Object.entries(compilers))('%s, its configuration', async (name, compile) => {
    const page = readFileSync(join(folder, name), 'utf8');
    const project = open(page);
    try {
      const [file = ''] = Object.keys(filesOf(page));
      const { default: config } = (await import(pathToFileURL(project.file(file)).href)) as {
        default: object;
      };
      const output = { ...(config as { output: object }).output, path: project.file('dist') };
      const { errors } = await compile({ ...config, context: project.path, output });
      expect(errors).toEqual([]);
      expect(await run(project, 'node dist/main.js')).toBe('cached\n');
    } finally {
      project.remove();
    }
  });

  it('is tried for every page', () => {
    const tried = [...runnable, ...Object.keys(compilers)].toSorted();
    expect(pages.map((page) => basename(page)).toSorted()).toEqual(tried);
  });
});
