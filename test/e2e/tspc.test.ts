// ts-patch over several runs, and the watch modes of `tspc` and `cachekit build`: a type that changes in another file changes
// the code of this one; an error appears, stays and goes. Code of referenced projects counts as well.
import { execFile } from 'node:child_process';
import { symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { codeOf, rateOf, referencedProjects } from '../helpers/referenced-projects.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';
import { watchCompiler } from '../helpers/watch-compiler.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const modules = join(repository, 'node_modules');
const tspc = join(modules, 'ts-patch/bin/tspc.js');
const cli = join(repository, 'transformer/bin/cachekit.js');

const types = {
  good: 'export interface Item { id: number }\n',
  wider: 'export interface Item { id: number; label: string }\n',
  bad: 'export interface Item { id: number; call: () => void }\n',
};
const load = `import type { Item } from './types.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id } as Item;
}
`;

function open(options: object): SmallProject {
  const project = smallProject({ 'types.ts': types.good, 'load.ts': load }, options);
  symlinkSync(modules, project.file('node_modules'), 'dir');
  return project;
}

async function run(project: SmallProject, mode: string): Promise<{ code: number; stdout: string }> {
  try {
    const args = [tspc, mode, project.path];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: project.path,
      env: quietEnv,
    });
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string }; // what execFile rejects with
    return { code, stdout };
  }
}

/** File systems know times in steps, and a test changes a file sooner than that. */
function change(project: SmallProject, name: string, text: string): void {
  project.write(name, text);
  const later = new Date(Date.now() + 2000);
  utimesSync(project.file(name), later, later);
}

const settings: readonly (readonly [mode: string, options: object])[] = [
  ['-p', { incremental: true, isolatedModules: true }],
  ['-b', { composite: true, verbatimModuleSyntax: true }],
];

describe.concurrent('tspc over several runs', () => {
  it.each(settings)('follows a type in another file: %s %o', async (mode, options) => {
    const project = open(options);
    try {
      expect(await run(project, mode)).toEqual({ code: 0, stdout: '' });
      expect(project.read('dist/load.js')).toContain('$ck.site(');

      change(project, 'types.ts', types.bad);
      const failed = await run(project, mode);
      expect(failed.stdout).toContain('load.ts(3,41): error TS991106: CK1106');
      expect(failed.code).not.toBe(0);
      expect(await run(project, mode)).toEqual(failed);

      change(project, 'types.ts', types.wider);
      expect(await run(project, mode)).toEqual({ code: 0, stdout: '' });
      expect(project.read('dist/load.js')).toContain('label');
    } finally {
      project.remove();
    }
  });
});

describe.concurrent('code of referenced projects', () => {
  const openReferenced = (appOptions?: object): SmallProject => {
    const project = referencedProjects(appOptions);
    symlinkSync(modules, project.file('node_modules'), 'dir');
    return project;
  };

  it.each([[{ composite: true }], [{}]])('counts in tspc -b: %o', async (appOptions) => {
    const project = openReferenced(appOptions);
    try {
      expect(await run(project, '-b')).toEqual({ code: 0, stdout: '' });
      const first = codeOf(project);
      expect(first).toMatch(/^\w{16}$/);
      change(project, 'lib/rate.ts', rateOf(2));
      expect(await run(project, '-b')).toEqual({ code: 0, stdout: '' });
      expect(codeOf(project)).toMatch(/^\w{16}$/);
      expect(codeOf(project)).not.toBe(first);
    } finally {
      project.remove();
    }
  });

  it('counts in cachekit build -b --watch, with all that can be said about it', async () => {
    const project = openReferenced();
    const compiler = watchCompiler(project.path, [cli, 'build', '-b', '--watch']);
    const isOther = (code: string | undefined) => () => {
      const now = codeOf(project);
      return now !== undefined && now !== code;
    };
    try {
      await compiler.round(0, isOther(undefined));
      const first = codeOf(project);
      await compiler.edit('lib/rate.ts', rateOf(2), 0, isOther(first));
      const second = codeOf(project);
      await compiler.edit(
        'app/load.ts',
        project.read('app/load.ts').replace('@cache', '@cache tll=1m'),
        1,
        () => compiler.output().includes('CK1002'),
      );
      await compiler.edit('lib/rate.ts', rateOf(3), 1, () => compiler.output().includes('CK1002'));
      await compiler.edit(
        'app/load.ts',
        project.read('app/load.ts').replace(' tll=1m', ''),
        0,
        isOther(second),
      );
      expect(compiler.output()).not.toContain('CK1002');
      expect(compiler.all()).not.toContain('has cached functions');
    } finally {
      await compiler.stop();
      project.remove();
    }
  });

  it('is said not to be followed in tspc -b --watch, once', async () => {
    const project = openReferenced();
    const compiler = watchCompiler(project.path, [tspc, '-b', '--watch']);
    try {
      await compiler.round(0);
      const edited = project.read('app/load.ts').replace('price(id)', 'price(id) + 1');
      await compiler.edit('app/load.ts', edited, 0, () => project.read('app/load.js').includes('+ 1'));
      const said = compiler.all().match(/cachekit: app\/tsconfig\.json has cached functions .*\n/g) ?? [];
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('`cachekit build -b --watch` does');
    } finally {
      await compiler.stop();
      project.remove();
    }
  });
});

const deep = (field: string) => `export interface Deep { n: number; ${field} }\n`;
const itemWith = (field: string) =>
  `import type { Deep } from './deep.js';\nexport interface Item { id: number; deep?: Deep; ${field} }\n`;
const watching: readonly (readonly [name: string, args: readonly string[], options: object])[] = [
  ['tspc --watch, isolatedModules', [tspc, '--watch'], { isolatedModules: true }],
  ['tspc -b --watch', [tspc, '-b', '--watch'], { composite: true }],
  ['cachekit build --watch', [cli, 'build', '--watch'], { isolatedModules: true }],
];

describe.concurrent('watch modes', () => {
  it.each(watching)('follow a type in another file: %s', async (_name, args, options) => {
    const project = open(options);
    project.write('types.ts', itemWith(''));
    project.write('deep.ts', deep(''));
    const compiler = watchCompiler(project.path, args);
    const has = (text: string) => () => project.read('dist/load.js').includes(text);
    const says = (text: string) => () => compiler.output().includes(text);
    const edit = (...all: Parameters<typeof compiler.edit>) => compiler.edit(...all);
    try {
      await compiler.round(0, has('$ck.site('));
      await edit('types.ts', itemWith('label: string'), 0, has('label'));
      await edit('deep.ts', deep('far: string'), 0, has('far'));
      await edit('deep.ts', deep('call: () => void'), 1, says('CK1106'));
      await edit('load.ts', load.replace('@cache', '@cache ttl=5m'), 1, says('CK1106'));
      await edit('deep.ts', deep('near: string'), 0, has('near'));
      expect(compiler.output()).not.toContain('CK1106');
      await edit('load.ts', load.replace('@cache', '@cache tll=5m'), 1, says('CK1002'));
      await edit('load.ts', load.replace('@cache', '@cache namespace=shop'), 0, has('"shop"'));
      const config = project.read('tsconfig.json');
      const wrong = config.replace('"transform":', '"profile":"x","transform":');
      await edit('tsconfig.json', wrong, 1, says('CK1408'));
      const other = config.replace('"transform":', '"namespace":"other","transform":');
      await edit('load.ts', load, 1, says('CK1408'));
      await edit('tsconfig.json', other, 0, has('"other"'));
      expect(project.read('dist/load.js')).toContain('near');
    } finally {
      await compiler.stop();
      project.remove();
    }
  });
});
