// One app, every way to build it: the output prints the same, types and errors stay the user's.
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlers } from '../helpers/bundlers.ts';
import { quietEnv } from '../helpers/child-env.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';
import { otherHosts } from '../helpers/other-hosts.ts';
import { watchCompiler } from '../helpers/watch-compiler.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const app = join(repository, 'fixtures/apps/basic');
const cli = join(repository, 'transformer/bin/cachekit.js');
const tspc = join(repository, 'node_modules/ts-patch/bin/tspc.js');
const register = join(repository, 'plugins/register.ts');
const run = promisify(execFile);

let root: LinkedFolder;
let plain: string;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Node on the built packages, as users have them: `npm run build` first. */
async function node(cwd: string, ...args: readonly string[]): Promise<Ended> {
  try {
    const ended = await run(process.execPath, [...args], {
      cwd,
      env: quietEnv,
    });
    return { code: 0, ...ended };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string }; // what execFile rejects with
    return { code: failed.code ?? -1, stdout: failed.stdout ?? '', stderr: failed.stderr ?? '' };
  }
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other, in processes of their own, while this one bundles: for what takes long. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const next = last.then(work, work);
  last = next.catch(() => {}); // whoever awaits `next` hears of it
  return next;
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

const breakOption = (folder: string) =>
  edit(folder, 'src/service.ts', (text) =>
    text.replace('@cache */\n  async load', '@cache tll=5m */\n  async load'),
  );
const breakType = (folder: string) =>
  edit(folder, 'src/cards.ts', (text) => text.replace('return ids.length;', 'return ids;'));

/** Command lines that compile the folder they run in. */
const compilers: Readonly<Record<string, readonly string[]>> = {
  'cachekit build': [cli, 'build'],
  'tspc -p': [tspc, '-p', '.'],
  'tspc -b': [tspc, '-b', '.'],
};
/** The same, until they are stopped. */
const watching: Readonly<Record<string, readonly string[]>> = {
  'cachekit build --watch': [cli, 'build', '--watch'],
  'tspc --watch': [tspc, '--watch'],
};
const compiled = new Map<string, { readonly folder: string; readonly ended: Promise<Ended> }>();
let uncached: Printed;

beforeAll(async () => {
  root = linkedFolder('e2e');
  plain = copyApp('plain');
  edit(plain, 'tsconfig.json', withoutPlugin);
  for (const [name, args] of Object.entries(compilers))
    for (const isBroken of [false, true]) {
      const folder = copyApp(`${name.replaceAll(' ', '-')}${isBroken ? '-broken' : ''}`);
      if (isBroken) [breakOption, breakType].forEach((change) => change(folder));
      compiled.set(`${name}${isBroken}`, { folder, ended: inTurn(() => node(folder, ...args)) });
    }
  const { stdout } = await node(plain, tspc, '-p', '.');
  if (stdout !== '') throw new Error(`the app does not compile without cachekit:\n${stdout}`);
  uncached = await execute(plain, 'dist/main.js');
}, 120_000);

afterAll(async () => {
  await last;
  root.remove();
}, 120_000);

interface Printed {
  readonly rounds: readonly [readonly unknown[], readonly unknown[]];
  readonly runs: Readonly<Record<string, number>>;
}

async function execute(folder: string, ...args: readonly string[]): Promise<Printed> {
  const { code, stdout, stderr } = await node(folder, ...args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Printed; // main.ts prints it
}

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

function expectSame(cached: Printed): void {
  expect(cached.rounds).toEqual(uncached.rounds);
  expect(cached.runs).toEqual(expectedRuns);
  // Byte for byte the same in every host.
  expect(JSON.stringify(cached)).toBe((firstOutput ??= JSON.stringify(cached)));
}

describe('prints what the plain app prints, and each body runs once per key', () => {
  it.each(Object.entries(bundlers))('built by %s', async (name, bundle) => {
    const folder = copyApp(name);
    const { errors, warnings } = await bundle({ folder, entry: 'src/main.ts' });
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expectSame(await execute(folder, 'dist/main.js'));
  });

  it('loaded through the hook of Node', async () => {
    const folder = copyApp('hook');
    expectSame(await execute(folder, '--import', register, 'src/main.ts'));
  });

  it.each(Object.keys(compilers))('built by %s', async (name) => {
    const { folder = '', ended } = compiled.get(`${name}false`) ?? {};
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expectSame(await execute(folder, 'dist/main.js'));
    expect(declarations(folder)).toEqual(declarations(plain));
  });

  it.each(Object.entries(watching))('built by %s', async (name, args) => {
    const folder = copyApp(name.replaceAll(' ', '-'));
    const compiler = watchCompiler(folder, args);
    try {
      await compiler.round(0);
      expectSame(await execute(folder, 'dist/main.js'));
    } finally {
      await compiler.stop();
    }
  });

  it.each(Object.entries(otherHosts))('run by %s', async (name, { files, args, prints, options = {} }) => {
    const folder = copyApp(name.replaceAll(' ', '-'));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    edit(folder, 'tsconfig.json', (text) => {
      const config = JSON.parse(text) as { compilerOptions: object }; // the app's, which has no comments
      return JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, ...options } });
    });
    const ended = await inTurn(() => node(folder, ...args));
    expect(ended.code === 0 ? '' : ended.stdout + ended.stderr).toBe('');
    if (prints === 'dist/main.js') expectSame(await execute(folder, prints));
    else {
      const text = prints === 'stdout' ? ended.stdout : readFileSync(join(folder, prints), 'utf8');
      expectSame(JSON.parse(text) as Printed); // main.ts prints it
    }
  });
});

/** The same app in files that are CommonJS by their names. */
function copyAsCommonJs(name: string): string {
  const folder = copyApp(name);
  for (const file of readdirSync(join(folder, 'src'))) {
    edit(folder, `src/${file}`, (text) => text.replaceAll(/(from '\.\/\w+)\.ts'/g, "$1.cts'"));
    renameSync(join(folder, 'src', file), join(folder, 'src', file.replace(/\.ts$/, '.cts')));
  }
  // These have no `await` outside of functions; and `import` in them is what this option does not allow.
  edit(folder, 'src/main.cts', (text) =>
    text.replace(/^const rounds[^]*/m, 'void (async () => {\n$&})();\n'),
  );
  edit(folder, 'tsconfig.json', (text) => text.replace('"verbatimModuleSyntax": true,', ''));
  return folder;
}

describe('the app in CommonJS files prints what the plain app prints', () => {
  it.each(Object.entries(compilers))('as .cts, built by %s', async (name, args) => {
    const folder = copyAsCommonJs(`cts-${name.replaceAll(' ', '-')}`);
    expect(await inTurn(() => node(folder, ...args))).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'dist/cards.cjs'), 'utf8')).toContain('require("cachekit/emit/v1")');
    expectSame(await execute(folder, 'dist/main.cjs'));
  });

  it.each(Object.entries(bundlers))('as .cts, built by %s', async (name, bundle) => {
    const folder = copyAsCommonJs(`cts-${name}`);
    const { errors, warnings } = await bundle({ folder, entry: 'src/main.cts' });
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expectSame(await execute(folder, 'dist/main.js'));
  });
});

describe('without cachekit', () => {
  it('is plain code that runs uncached', () => {
    expect(uncached.runs['fetchCard']).toBeGreaterThan(expectedRuns.fetchCard);
    expect(readFileSync(join(plain, 'dist/cards.js'), 'utf8')).not.toContain('cachekit');
  });
});

describe('errors', () => {
  it.each(Object.keys(compilers))('stand at their places and leave the rest cached: %s', async (name) => {
    const { folder = '', ended } = compiled.get(`${name}true`) ?? {};
    const { code, stdout } = (await ended) ?? { code: 0, stdout: '' };
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
});
