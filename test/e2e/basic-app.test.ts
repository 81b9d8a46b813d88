// One app, every way to build it: the output prints the same, types and errors stay the user's.
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { build as viteBuild } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import esbuildPlugin from '../../plugins/esbuild.ts';
import vitePlugin from '../../plugins/vite.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const app = join(repository, 'fixtures/apps/basic');
const cli = join(repository, 'transformer/cli/main.ts');
const tspc = join(repository, 'node_modules/ts-patch/bin/tspc.js');
const run = promisify(execFile);
const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', NODE_NO_WARNINGS: '1', NO_COLOR: '1' };

let root: LinkedFolder;
let plain: string;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Node on the sources of the packages, as if they were built. */
async function node(cwd: string, ...args: readonly string[]): Promise<Ended> {
  try {
    const ended = await run(process.execPath, ['--conditions=@cachekit/source', ...args], { cwd, env });
    return { code: 0, ...ended };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string }; // what execFile rejects with
    return { code: failed.code ?? -1, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
  }
}

/** A copy of the app under a folder from which `cachekit` resolves. */
function copyApp(name: string): string {
  const folder = join(root.path, name);
  cpSync(app, folder, { recursive: true });
  return folder;
}

function edit(folder: string, file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

const withoutPlugin = (text: string): string => text.replace(/,\s*"plugins": \[.*\]/, '');

const declarations = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(folder, 'dist'))
      .filter((file) => file.endsWith('.d.ts'))
      .map((file) => [file, readFileSync(join(folder, 'dist', file), 'utf8')]),
  );

beforeAll(async () => {
  root = linkedFolder('e2e');
  plain = copyApp('plain');
  edit(plain, 'tsconfig.json', withoutPlugin);
  const { stdout } = await node(plain, tspc, '-p', '.');
  if (stdout !== '') throw new Error(`the app does not compile without cachekit:\n${stdout}`);
}, 120_000);

afterAll(() => root.remove());

interface Printed {
  readonly rounds: readonly [readonly unknown[], readonly unknown[]];
  readonly runs: Readonly<Record<string, number>>;
}

async function execute(folder: string, file: string): Promise<Printed> {
  const { code, stdout, stderr } = await node(folder, join(folder, file));
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Printed; // main.ts prints it
}

const builds: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'cachekit build': async (folder) => {
    const { code, stdout } = await node(folder, cli, 'build');
    expect(stdout).toBe('');
    expect(code).toBe(0);
  },
  'tspc -p': async (folder) => {
    const { code, stdout } = await node(folder, tspc, '-p', '.');
    expect(stdout).toBe('');
    expect(code).toBe(0);
  },
  Vite: async (folder) => {
    await viteBuild({
      root: folder,
      configFile: false,
      logLevel: 'error',
      plugins: [vitePlugin({ tsconfig: folder })],
      // Packages linked by a workspace would be bundled; installed ones are not.
      build: { ssr: 'src/main.ts', outDir: 'dist', rolldownOptions: { external: [/^cachekit/] } },
    });
  },
  esbuild: async (folder) => {
    await esbuild.build({
      absWorkingDir: folder,
      entryPoints: ['src/main.ts'],
      outfile: 'dist/main.js',
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'silent',
      plugins: [esbuildPlugin({ tsconfig: folder })],
    });
  },
};

/** What the second round must not run again, and what the first runs once per key. */
const expectedRuns = {
  'Service##secretly': 1,
  'Service#load': 1,
  'Service.size': 1,
  'api.page': 2,
  area: 1,
  count: 1,
  fetchCard: 2,
  first: 1,
  read: 2,
  search: 1,
  title: 1,
  words: 1,
};

let firstOutput: string | undefined;

describe.each(Object.entries(builds))('built by %s', (name, build) => {
  it('prints what the plain app prints, and each body ran once per key', async () => {
    const folder = copyApp(name.replaceAll(' ', '-'));
    await build(folder);
    const uncached = await execute(plain, 'dist/main.js');
    const cached = await execute(folder, 'dist/main.js');
    expect(cached.rounds).toEqual(uncached.rounds);
    expect(cached.runs).toEqual(expectedRuns);
    // Byte for byte the same in every host.
    expect(JSON.stringify(cached)).toBe((firstOutput ??= JSON.stringify(cached)));
    const types = declarations(folder);
    expect(types).toEqual(Object.keys(types).length === 0 ? {} : declarations(plain));
  });
});

describe('without cachekit', () => {
  it('is plain code that runs uncached', async () => {
    const { runs } = await execute(plain, 'dist/main.js');
    expect(runs['fetchCard']).toBeGreaterThan(expectedRuns.fetchCard);
    expect(readFileSync(join(plain, 'dist/cards.js'), 'utf8')).not.toContain('cachekit');
  });
});

describe('errors', () => {
  const breakOption = (folder: string) =>
    edit(folder, 'src/service.ts', (text) =>
      text.replace('@cache */\n  async load', '@cache tll=5m */\n  async load'),
    );
  const breakType = (folder: string) =>
    edit(folder, 'src/cards.ts', (text) => text.replace('return ids.length;', 'return ids;'));

  it.each([
    ['tspc', [tspc, '-p', '.']],
    ['cachekit build', [cli, 'build']],
  ])('stand at their places and leave the rest cached: %s', async (name, args) => {
    const folder = copyApp(`errors-${name.replaceAll(' ', '-')}`);
    breakOption(folder);
    breakType(folder);
    const { code, stdout } = await node(folder, ...args);
    const [user, ours, ...others] = stdout.trimEnd().split('\n');
    expect(user).toBe(
      "src/cards.ts(20,3): error TS2322: Type 'number[]' is not assignable to type 'number'.",
    );
    expect(ours).toMatch(/^src\/service\.ts\(17,14\): error TS991002: CK1002: Unknown cache option 'tll'\./);
    expect(others).toEqual([]);
    expect(code).not.toBe(0);
    const { runs } = await execute(folder, 'dist/main.js');
    // load has no cache; what count returns now is not of its declared type, so it is not stored.
    expect(runs).toEqual({ ...expectedRuns, 'Service#load': 2, count: 2 });
  });

  it('fail esbuild at the place of the option', async () => {
    const folder = copyApp('errors-esbuild');
    breakOption(folder);
    const failed = (await builds['esbuild']?.(folder).catch(
      (error: unknown) => error,
    )) as esbuild.BuildFailure; // a BuildFailure, else the next line says so
    expect(failed.errors[0]?.text).toContain("CK1002: Unknown cache option 'tll'.");
    expect(failed.errors[0]?.location).toMatchObject({ line: 17, column: 13 });
    expect(failed.errors[0]?.location?.file).toMatch(/src\/service\.ts$/);
  });
});
