// Plans on disk: a warm build does without TypeScript, and no change of any input is ever missed.
import { appendFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownFingerprint } from '../../../../transformer/host/plans/own-fingerprint.ts';
import { openPlanStore } from '../../../../transformer/host/plans/plan-store.ts';
import { openProject } from '../../../../transformer/host/project/project.ts';
import { runChild } from '../../../helpers/run-child.ts';
import { smallProject, type SmallProject } from '../../../helpers/small-project.ts';

const load = `import type { Item } from './types.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id } as Item;
}
`;
const FILES = {
  'load.ts': load,
  'types.ts': `import type { Deep } from './deep.js';\nexport interface Item { id: number; deep?: Deep; global?: Shared }\n`,
  'deep.ts': 'export interface Deep { text: string }\n',
  'ambient.d.ts': 'interface Shared { on: boolean }\n',
  'base.json': JSON.stringify({ compilerOptions: { strict: true } }),
  'package-lock.json': '{}',
};

let project: SmallProject;

beforeEach(() => {
  project = smallProject(FILES);
  project.write('node_modules/.keep', '');
  const config = JSON.parse(project.read('tsconfig.json')) as Record<string, unknown>; // as the helper wrote it
  project.write('tsconfig.json', JSON.stringify({ extends: './base.json', ...config }));
});
afterEach(() => project.remove());

interface Compiled {
  readonly code: string | undefined;
  readonly codes: readonly string[];
  readonly dependencies: readonly string[];
  /** TypeScript was loaded. */
  readonly typescript: boolean;
}

/** In a process of its own. */
async function compile(file = 'load.ts', ...more: readonly string[]): Promise<Compiled> {
  const { code, stdout, stderr } = await runChild(`
    import { createRequire } from 'node:module';
    import { openProject } from './transformer/index.ts';
    const project = openProject({ cwd: ${JSON.stringify(project.path)} });
    let found;
    for (const file of ${JSON.stringify([...more, file])}) found = project.compile(file);
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify({
      code: found.code, codes: found.diagnostics.map((one) => one.code), dependencies: found.dependencies,
      typescript: loaded.some((path) => path.includes('/typescript/')),
    }));
  `);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Compiled; // printed above
}

const shape = (code: string | undefined) => /shape: "(\w+)"/.exec(code ?? '')?.[1];
const folder = () => join(project.path, 'node_modules/.cache/cachekit/plans');
/** Files of the cache: [state, name]. */
const entries = (root = folder()) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a warm build', { timeout: 180_000 }, () => {
  it('gives the same without loading TypeScript', async () => {
    const cold = await compile();
    expect(cold.typescript).toBe(true);
    expect(cold.code).toContain('$ck.site({');
    expect(await compile()).toEqual({ ...cold, typescript: false });
  });

  it('is one through a bundler as well, which does not even load the compiler', async () => {
    const bundle = async (): Promise<unknown> => {
      const { code, stdout, stderr } = await runChild(`
        import { createRequire, registerHooks } from 'node:module';
        import { build } from 'esbuild';
        import cachekit from './plugins/esbuild.ts';
        let compiler = false;
        registerHooks({
          load: (url, context, next) => ((compiler ||= url.endsWith('/compile-file.ts')), next(url, context)),
        });
        const { outputFiles } = await build({
          absWorkingDir: ${JSON.stringify(project.path)}, entryPoints: ['load.ts'], write: false, bundle: true,
          format: 'esm', packages: 'external', plugins: [cachekit({ tsconfig: ${JSON.stringify(project.path)} })],
        });
        const loaded = Object.keys(createRequire(import.meta.url).cache);
        console.log(JSON.stringify({
          isCached: outputFiles[0].text.includes('.site({'),
          compiler,
          typescript: loaded.some((path) => path.includes('/typescript/')),
        }));
      `);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout);
    };
    expect(await bundle()).toEqual({ isCached: true, compiler: true, typescript: true });
    expect(await bundle()).toEqual({ isCached: true, compiler: false, typescript: false });
  });

  it('does not load TypeScript for the word in a file without a marker', async () => {
    project.write('words.ts', 'export const cached = 1;\n');
    expect(await compile('words.ts')).toEqual({ codes: [], dependencies: [], typescript: true });
    expect(await compile('words.ts')).toEqual({ codes: [], dependencies: [], typescript: false });
  });

  it('repeats diagnostics', async () => {
    project.write('load.ts', load.replace('@cache', '@cache tll=5m'));
    const cold = await compile();
    expect(cold.codes).toEqual(['CK1002']);
    expect(await compile()).toEqual({ ...cold, typescript: false });
  });

  it('notices one identity in two files that were compiled apart', async () => {
    const named = load.replace('@cache', '@cache name=items.load');
    project.write('a.ts', named);
    project.write('b.ts', named);
    for (const file of ['a.ts', 'b.ts'])
      expect(openProject({ cwd: project.path }).compile(file).diagnostics).toEqual([]);
    expect((await compile('b.ts', 'a.ts')).codes).toEqual(['CK1017']);
  });
});

describe('a change is never missed', { timeout: 180_000 }, () => {
  const config = () =>
    JSON.parse(project.read('tsconfig.json')) as { compilerOptions: Record<string, unknown> };
  const setOption = (name: string, value: unknown) => {
    const { compilerOptions, ...rest } = config();
    project.write(
      'tsconfig.json',
      JSON.stringify({ ...rest, compilerOptions: { ...compilerOptions, [name]: value } }),
    );
  };
  const changes: Readonly<Record<string, () => void>> = {
    'the file': () => project.write('load.ts', load.replace('{ id }', '{ id: id + 1 }')),
    'an imported type': () =>
      project.write('types.ts', 'export interface Item { id: number; name: string }\n'),
    'a type two deep': () => project.write('deep.ts', 'export interface Deep { text: string; more: Date }\n'),
    'an ambient declaration': () => project.write('ambient.d.ts', 'interface Shared { on: Date }\n'),
    'a new ambient declaration': () => project.write('more.d.ts', 'interface Shared { off: Date }\n'),
    'the tsconfig': () => setOption('strictNullChecks', false),
    'an extended tsconfig': () => {
      setOption('strict', undefined);
      project.write('base.json', JSON.stringify({ compilerOptions: { strict: false } }));
    },
    'the options of the entry': () =>
      setOption('plugins', [{ transform: '@cachekit/transformer', namespace: 'other' }]),
    'the name of the package': () => project.write('package.json', '{ "name": "renamed", "type": "module" }'),
  };
  const here = () => {
    const { code, diagnostics } = openProject({ cwd: project.path }).compile('load.ts');
    return { code, codes: diagnostics.map((one) => one.code) };
  };

  it.each(Object.keys(changes))('%s', (name) => {
    const before = here();
    changes[name]?.();
    const after = here();
    const fresh = openProject({ cwd: project.path }).compile('load.ts', undefined, () => undefined);
    expect(after).toEqual({ code: fresh.code, codes: fresh.diagnostics.map((one) => one.code) });
    expect(after).not.toEqual(before);
  });

  it.each([
    ['the lockfile', 'package-lock.json', '{ "lockfileVersion": 3 }'],
    ['a file that now comes before another', 'types.tsx', 'export interface Item { id: Date }\n'],
    ['the version of the package', 'package.json', '{ "name": "small", "version": "2.0.0" }'],
  ])('%s, though nothing comes of it', async (_what, file, text) => {
    here();
    expect((await compile()).typescript).toBe(false);
    project.write(file, text);
    expect((await compile()).typescript).toBe(true);
  });

  it('a type of a linked package', async () => {
    const linked = smallProject({ 'index.d.ts': 'export interface Linked { id: number }\n' });
    linked.write('package.json', '{ "name": "linked", "version": "1.0.0", "types": "./index.d.ts" }');
    symlinkSync(linked.path, project.file('node_modules/linked'));
    project.write(
      'load.ts',
      load.replace("type { Item } from './types.js'", "type { Linked as Item } from 'linked'"),
    );
    const before = await compile();
    linked.write('index.d.ts', 'export interface Linked { id: number; name: string }\n');
    const after = await compile();
    linked.remove();
    expect(shape(after.code)).not.toBe(shape(before.code));
  });

  it('another compiler', () => {
    here();
    const states = (salt: string) => [
      ...openPlanStore(folder(), project.file('tsconfig.json'), salt).states(),
    ];
    expect([states(ownFingerprint()).length, states('another').length]).toEqual([1, 0]);
  });

  it('the text that a bundler hands over', async () => {
    const plain = openProject({ cwd: project.path }).compile('load.ts');
    const handed = openProject({ cwd: project.path }).compile(
      'load.ts',
      load.replace('id: number', 'id: string'),
    );
    expect(shape(handed.code)).not.toBe(shape(plain.code));
  });

  it('between builds of one process', () => {
    openProject({ cwd: project.path }).compile('load.ts');
    const opened = openProject({ cwd: project.path });
    const first = opened.compile('load.ts');
    project.write('deep.ts', 'export interface Deep { text: string; more: Date }\n');
    opened.update('deep.ts');
    const second = opened.compile('load.ts');
    expect(shape(second.code)).not.toBe(shape(first.code));
    opened.update('deep.ts', 'export interface Deep { text: string; more: Map<string, Date> }\n');
    const third = opened.compile('load.ts');
    expect(shape(third.code)).not.toBe(shape(second.code));
  });

  it('a text announced while everything came from disk', () => {
    openProject({ cwd: project.path }).compile('load.ts');
    const opened = openProject({ cwd: project.path });
    const first = opened.compile('load.ts');
    opened.update('types.ts', 'export interface Item { id: number; announced: Date }\n');
    expect(opened.compile('load.ts').code).toContain('announced');
    expect(first.code).not.toContain('announced');
  });
});

describe('the files', { timeout: 180_000 }, () => {
  it('are ignored when they are damaged', async () => {
    const cold = await compile();
    for (const file of entries()) appendFileSync(file, 'x');
    expect(await compile()).toEqual(cold);
    expect((await compile()).typescript).toBe(false);
  });

  it('are written by processes at once, each whole', async () => {
    // One may be so much slower that it finds what the other one has written.
    const [{ typescript: _, ...one }, { typescript: __, ...two }] = await Promise.all([compile(), compile()]);
    expect(one).toEqual(two);
    expect(one.code).toContain('$ck.site({');
    expect((await compile()).typescript).toBe(false);
    expect(entries().filter((file) => /\/\.[^/]*$/.test(file))).toEqual([]);
  });

  it('keep the states of the last branches only', () => {
    for (let index = 0; index < 12; index++) {
      project.write('deep.ts', `export interface Deep { text: string; n${index}: Date }\n`);
      openProject({ cwd: project.path }).compile('load.ts');
    }
    expect(entries().filter((file) => file.endsWith('/inputs'))).toHaveLength(8);
  });

  it('lie where planCache says, or nowhere', () => {
    const write = (planCache: string | false) => {
      const entry = { transform: '@cachekit/transformer', planCache };
      const text = JSON.stringify({
        compilerOptions: { strict: true, module: 'nodenext', plugins: [entry] },
      });
      project.write('tsconfig.json', `// a comment\n${text.replace('}]', ',}/* trailing */,]')}`);
    };
    write('plans');
    openProject({ cwd: project.path }).compile('load.ts');
    expect(entries(project.file('plans'))).not.toEqual([]);
    project.write('plans/.keep', '');
    write(false);
    const count = entries(project.file('plans')).length;
    openProject({ cwd: project.path }).compile('load.ts');
    expect(entries(project.file('plans'))).toHaveLength(count);
    expect(project.exists('node_modules/.cache')).toBe(false);
  });

  it('need no folder that can be written', () => {
    mkdirSync(join(project.path, 'node_modules/.cache'), { recursive: true });
    project.write('node_modules/.cache/cachekit', 'a file, not a folder');
    expect(openProject({ cwd: project.path }).compile('load.ts').code).toContain('$ck.site({');
  });
});
