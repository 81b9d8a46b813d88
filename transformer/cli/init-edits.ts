// The edits that `cachekit init` makes for each host.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadTypeScript } from '../host/load-typescript.ts';
import { configPath, findConfigAbove } from '../host/project/read-config.ts';
import { UsageError } from './cli-context.ts';
import { noConfig } from './compile-all.ts';
import { addEntry, addPlugin, editScripts } from './edit-config.ts';
import { entryPlaces } from './entry-places.ts';
import { resolveFrom } from './import-runtime.ts';
import { findOtherTool, type OtherTool } from './other-tools.ts';
import { findViteConfig } from './vite-config.ts';

export const HOSTS = ['vite', 'esbuild', 'ts-patch', 'build', 'register'] as const;
export type Host = (typeof HOSTS)[number];

export interface FileEdit {
  /** Absolute path. */
  readonly file: string;
  /** The whole new content. */
  readonly text: string;
}

interface InitPlan {
  readonly edits: readonly FileEdit[];
  /** Commands for the user to run afterwards. */
  readonly next: readonly string[];
}

/** Guesses the host from the files of the project. */
export function chooseHost(cwd: string): Host | OtherTool {
  if (findViteConfig(cwd) !== undefined) return 'vite';
  if (findEsbuildScript(cwd) !== undefined) return 'esbuild';
  const other = findOtherTool(cwd);
  if (other !== undefined) return other;
  // Resolved as `tspc` will be: a workspace has it in a folder above.
  return resolveFrom(cwd, 'ts-patch') === undefined ? 'build' : 'ts-patch';
}

/** The command that builds with the host. None for esbuild, which the project's own script runs. */
const BUILD: Readonly<Partial<Record<Host, (project: string) => string>>> = {
  vite: () => 'npx vite build',
  'ts-patch': (project) => `npx tspc ${project}`,
  build: (project) => `npx cachekit build ${project}`,
  register: () => 'node --import @cachekit/plugins/register <your main file>',
};

/** @throws UsageError when a file that must be edited does not exist */
export async function planEdits(
  host: Host | OtherTool,
  cwd: string,
  project: string | undefined,
): Promise<InitPlan> {
  const tsconfig = project === undefined ? findConfigAbove(cwd) : configPath(project, cwd);
  if (tsconfig === undefined || !existsSync(tsconfig)) throw noConfig(project, { cwd });
  const places = entryPlaces(loadTypeScript(), tsconfig);
  const edits: FileEdit[] = await Promise.all(
    places.map(async ({ path: file, options }) => {
      const inherited: unknown = options['plugins'];
      const text = readFileSync(file, 'utf8');
      return {
        file,
        text: await addEntry(text, host === 'ts-patch', Array.isArray(inherited) ? inherited : []),
      };
    }),
  );
  const flag = places.some(({ path }) => path === tsconfig) ? '-p' : '-b';
  const root = dirname(tsconfig);
  if (typeof host !== 'string') {
    const byHand = `add cachekit() to ${host.config}, as ${host.page} shows`;
    return { edits, next: [...missingPackages(PLUGINS, root), byHand, 'npx cachekit ls'] };
  }
  edits.push(...(await hostEdits(host, cwd)));
  const build = BUILD[host];
  const next = [
    ...missingPackages(TOOLS[host], root),
    'npx cachekit ls',
    ...(build === undefined ? [] : [build(`${flag} ${relative(cwd, tsconfig).replaceAll('\\', '/')}`)]),
  ];
  return { edits, next };
}

async function hostEdits(host: Host, cwd: string): Promise<readonly FileEdit[]> {
  if (host === 'vite') {
    const name = findViteConfig(cwd);
    const file = join(cwd, name ?? 'vite.config.ts');
    return [
      {
        file,
        text: await addPlugin(name === undefined ? NEW_VITE_CONFIG : readFileSync(file, 'utf8'), 'vite'),
      },
    ];
  }
  if (host === 'esbuild') {
    const file = findEsbuildScript(cwd);
    if (file === undefined)
      throw new UsageError(
        'No script that imports esbuild was found beside package.json, in scripts/ or in build/.',
      );
    return [{ file, text: await addPlugin(readFileSync(file, 'utf8'), 'esbuild') }];
  }
  const file = join(cwd, 'package.json');
  if (!existsSync(file)) throw new UsageError(`There is no package.json in ${cwd}.`);
  return [{ file, text: await editScripts(readFileSync(file, 'utf8'), SCRIPT_EDITS[host]) }];
}

/** How to change a command of a script in package.json. `tsc --noEmit` stays: it is faster, and writes no code. */
const SCRIPT_EDITS = {
  'ts-patch': (command: string) => replaceCompiler(command, 'tspc'),
  build: (command: string) => replaceCompiler(command, 'cachekit build'),
  register: (command: string) =>
    /\.[cm]?ts\b/.test(command) && !command.includes('@cachekit/plugins/register')
      ? command.replace(/^(\s*)node(?=\s)/, '$1node --import @cachekit/plugins/register')
      : command,
};

function replaceCompiler(command: string, compiler: string): string {
  return /--noEmit\b/.test(command)
    ? command
    : command.replace(/^(\s*(?:npx\s+)?)tsc(?=\s|$)/, `$1${compiler}`);
}

const NEW_VITE_CONFIG = `import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [],
});
`;

/** The first script that imports esbuild. */
function findEsbuildScript(cwd: string): string | undefined {
  for (const folder of ['', 'scripts', 'build']) {
    const path = join(cwd, folder);
    if (!existsSync(path)) continue;
    for (const name of readdirSync(path).toSorted()) {
      if (!/\.[cm]?[jt]s$/.test(name)) continue;
      const file = join(path, name);
      if (/\bfrom\s*['"]esbuild['"]/.test(readFileSync(file, 'utf8'))) return file;
    }
  }
  return undefined;
}

const PLUGINS = ['@cachekit/plugins'];

/** What a host needs besides the compiler. */
const TOOLS: Readonly<Record<Host, readonly string[]>> = {
  vite: PLUGINS,
  esbuild: PLUGINS,
  register: PLUGINS,
  'ts-patch': ['ts-patch'],
  build: [],
};

function missingPackages(tools: readonly string[], folder: string): readonly string[] {
  const isMissing = (name: string) => resolveFrom(folder, `${name}/package.json`) === undefined;
  const missing = ['@cachekit/transformer', ...tools].filter(isMissing);
  return [
    ...(isMissing('cachekit') ? ['npm i cachekit'] : []),
    ...(missing.length === 0 ? [] : [`npm i -D ${missing.join(' ')}`]),
  ];
}
