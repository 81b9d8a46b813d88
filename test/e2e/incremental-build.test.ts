// `cachekit build` over several runs: a type that changes in another file changes the code of this one, and an error
// appears, stays and goes, whatever TypeScript itself would have skipped.
import { execFileSync } from 'node:child_process';
import { rmSync, utimesSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../transformer/cli/run-cli.ts';
import { openProject } from '../../transformer/host/project/project.ts';
import { codeOf, pricing, rateOf, referencedProjects } from '../helpers/referenced-projects.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

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

let project: SmallProject;
afterEach(() => project.remove());

const quiet = () => {
  const silent = () => {};
  return { cwd: project.path, colour: false, print: silent, error: silent, write: silent };
};

/** File systems know times in steps of milliseconds, and a test changes a file sooner than that. */
function change(name: string, text: string): void {
  project.write(name, text);
  const later = new Date(Date.now() + 2000);
  utimesSync(project.file(name), later, later);
}

function build(...flags: readonly string[]): { readonly code: number | undefined; readonly output: string } {
  let output = '';
  const add = (text: string) => void (output += text);
  const isSolution = flags[0] === '-b';
  const args = [isSolution ? '-b' : '-p', project.path, ...flags.filter((flag) => !/^-[bp]$/.test(flag))];
  const context = { cwd: project.path, colour: false, print: add, error: add, write: add };
  const code = runCli(['build', ...args], context) as number | undefined; // without --watch it ends at once
  return { code, output };
}

const settings: readonly (readonly [name: string, options: object, entry: object])[] = [
  ['incremental', { incremental: true }, {}],
  ['incremental, isolatedModules', { incremental: true, isolatedModules: true }, {}],
  ['composite, verbatimModuleSyntax', { composite: true, verbatimModuleSyntax: true }, {}],
  ['not incremental', {}, {}],
  ['not incremental, with plans on disk', {}, { planCache: 'plans' }],
];

describe.each(settings)('%s', (_name, options, entry) => {
  it.each([['-p'], ['-b']])('follows a type in another file: %s', (mode) => {
    project = smallProject({ 'types.ts': types.good, 'load.ts': load }, options, entry);
    expect(build(mode)).toEqual({ code: 0, output: '' });
    expect(project.read('dist/load.js')).toContain('$ck.site(');
    expect(project.read('dist/load.js')).not.toContain('label');

    change('types.ts', types.bad);
    const failed = build(mode);
    expect(failed.output).toContain('load.ts(3,41): error TS991106: CK1106');
    expect(failed.code).toBe(1);
    expect(build(mode)).toEqual(failed);

    change('types.ts', types.wider);
    expect(build(mode)).toEqual({ code: 0, output: '' });
    expect(project.read('dist/load.js')).toContain('label');
  });
});

describe('what TypeScript does not know to be an input', () => {
  it.each([['-p'], ['-b']])('an option of our entry writes the files again: %s', (mode) => {
    project = smallProject({ 'types.ts': types.good, 'load.ts': load }, { incremental: true });
    expect(build(mode)).toEqual({ code: 0, output: '' });
    const config = project.read('tsconfig.json');
    change(
      'tsconfig.json',
      config.replace('"transformProgram":true', '"transformProgram":true,"namespace":"shop"'),
    );
    expect(build(mode)).toEqual({ code: 0, output: '' });
    expect(project.read('dist/load.js')).toContain('"shop"');
  });

  it.each([['-p'], ['-b']])('an option of our entry that is wrong is reported, and goes: %s', (mode) => {
    project = smallProject({ 'types.ts': types.good, 'load.ts': load }, { incremental: true });
    expect(build(mode)).toEqual({ code: 0, output: '' });
    const config = project.read('tsconfig.json');
    change('tsconfig.json', config.replace('"transform":', '"profile":"x","transform":'));
    expect(build(mode).output).toContain('CK1408');
    change('tsconfig.json', config);
    expect(build(mode)).toEqual({ code: 0, output: '' });
  });

  it.each([['-p'], ['-b']])('another version of cachekit writes them again: %s', (mode) => {
    project = smallProject({ 'types.ts': types.good, 'load.ts': load }, { composite: true });
    expect(build(mode)).toEqual({ code: 0, output: '' });
    const info = project.read('dist/tsconfig.tsbuildinfo');
    // The version is in what is noted of each marked file, and beside it: as an earlier release would have left it.
    const older = info
      .replaceAll(/-ck[0-9a-f]{16}/g, `-ck${'0'.repeat(16)}`)
      .replace(/"by":"[^"]+"/, '"by":"0"');
    expect(older).not.toBe(info);
    change('dist/load.js', 'written by an older version\n');
    change('dist/tsconfig.tsbuildinfo', older);
    expect(build(mode)).toEqual({ code: 0, output: '' });
    expect(project.read('dist/load.js')).toContain('$ck.site(');
  });
});

describe('other ways to build', () => {
  it('checks without writing under --noEmit', () => {
    project = smallProject({ 'types.ts': types.bad, 'load.ts': load });
    expect(build('--noEmit').output).toContain('CK1106');
    expect(project.exists('dist')).toBe(false);
  });

  it('writes nothing under noEmitOnError', () => {
    project = smallProject({ 'types.ts': types.bad, 'load.ts': load }, { noEmitOnError: true });
    expect(build().code).toBe(1);
    expect(project.exists('dist/load.js')).toBe(false);
  });

  it('leaves the function as written when there is an error, and writes the rest', () => {
    const other =
      '/** @cache */\nexport async function other(id: number): Promise<number> {\n  return id;\n}\n';
    project = smallProject({ 'types.ts': types.bad, 'load.ts': load + other });
    expect(build().code).toBe(1);
    const code = project.read('dist/load.js');
    expect(code).toContain('export async function load(id) {');
    expect(code).toContain('small/load#other');
    expect(code).not.toContain('small/load#load');
  });

  it('compiles across project references, through declarations', () => {
    project = smallProject({
      'lib/types.ts': types.good,
      'app/load.ts': load.replace('./types', '../lib/types'),
    });
    const config = (extra: object) =>
      JSON.stringify({
        compilerOptions: { composite: true, module: 'nodenext', lib: ['es2015'], types: [] },
        ...extra,
      });
    project.write('lib/tsconfig.json', config({}));
    project.write('app/tsconfig.json', config({ references: [{ path: '../lib' }] }));
    project.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './app' }] }));
    expect(build('-b')).toEqual({ code: 0, output: '' });
    change('lib/types.ts', types.wider);
    expect(build('-b')).toEqual({ code: 0, output: '' });
    expect(project.read('app/load.js')).toContain('label');
  });

  it('follows the code of referenced projects, which their declarations do not tell', () => {
    project = referencedProjects();
    const built = (): string | undefined => {
      expect(build('-b')).toEqual({ code: 0, output: '' });
      return codeOf(project);
    };
    const first = built();
    expect(first).toMatch(/^\w{16}$/);
    expect(built()).toBe(first);
    change('lib/rate.ts', rateOf(2));
    const second = built();
    expect(second).not.toBe(first);
    expect(openProject({ cwd: project.path }).compile('app/load.ts').code).toContain(second);
    change(
      'lib/rate.ts',
      project.read('lib/rate.ts').replace('other(): number { return 1', 'other(): number { return 2'),
    );
    expect(built()).toBe(second);
    change('mid/price.ts', pricing.replace('id * rate()', 'rate()'));
    const third = built();
    expect(third).not.toBe(second);
    // An error elsewhere is no reason to forget it.
    const twice = "export const twice: number = 'two';\n";
    change('lib/rate.ts', project.read('lib/rate.ts').replace('return 2', 'return 3'));
    project.write('lib/twice.ts', twice);
    expect(build('-b')).toMatchObject({ code: 1, output: expect.stringContaining('TS2322') });
    change('lib/twice.ts', twice.replace("'two'", '2'));
    expect(built()).not.toBe(third);
  });

  it.each([[{ composite: true, tsBuildInfoFile: 'built.json' }], [{}]])(
    'builds what is behind whoever built its references, and looks at nothing else: %o',
    (appOptions) => {
      project = referencedProjects(appOptions);
      const built = (...flags: readonly string[]) => {
        expect(build('-b', ...flags)).toMatchObject({ code: 0 });
        return codeOf(project);
      };
      const first = built();
      const verbose = build('-b', '--verbose').output;
      expect(verbose.match(/is up to date/g)).toHaveLength(3);
      expect(verbose).not.toContain('Building project');
      // To check types is not to write, for tsc either.
      execFileSync(process.execPath, [tsc, '-b', project.path]);
      expect(codeOf(project)).toBe(first);
      change('lib/rate.ts', rateOf(2));
      expect(runCli(['build', '-b', project.file('mid')], quiet())).toBe(0);
      const second = built();
      expect(second).toMatch(/^\w{16}$/);
      expect(second).not.toBe(first);
      // What is reached changed, and not what the function does: once, and then not again.
      change('lib/rate.ts', `// rates\n${rateOf(2)}`);
      expect(built()).toBe(second);
      expect(build('-b', '--verbose').output).not.toContain('Building project');
    },
  );

  it.each([[{ composite: true }], [{}]])('caches what tsc had written: %o', (appOptions) => {
    project = referencedProjects(appOptions);
    execFileSync(process.execPath, [tsc, '-b', project.path]);
    expect(codeOf(project)).toBeUndefined();
    expect(build('-b')).toEqual({ code: 0, output: '' });
    expect(codeOf(project)).toMatch(/^\w{16}$/);
  });

  it('keeps an import that only @cacheInvalidate uses, also where the plan was made before', () => {
    const stock =
      '/** @cache */\nexport async function stock(sku: string): Promise<string> {\n  return sku;\n}\n';
    const sell = `import { stock } from './stock.js';
/** @cacheInvalidate stock(sku) */
export async function sell(sku: string): Promise<string> {
  return sku;
}
`;
    const unused = { noUnusedLocals: true };
    project = smallProject({ 'stock.ts': stock, 'sell.ts': sell }, unused, { planCache: 'plans' });
    for (const _ of ['cold', 'warm']) {
      expect(build()).toEqual({ code: 0, output: '' });
      expect(project.read('dist/sell.js')).toMatch(/^import \{ stock \} from/m);
      rmSync(project.file('dist'), { recursive: true });
    }
    project.remove();
    project = smallProject({ 'lib/stock.ts': stock, 'app/sell.ts': sell.replace('./stock', '../lib/stock') });
    const compilerOptions = { composite: true, module: 'nodenext', lib: ['es2015'], types: [], ...unused };
    project.write('lib/tsconfig.json', JSON.stringify({ compilerOptions }));
    project.write('app/tsconfig.json', JSON.stringify({ compilerOptions, references: [{ path: '../lib' }] }));
    project.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './app' }] }));
    expect(build('-b')).toEqual({ code: 0, output: '' });
    expect(project.read('app/sell.js')).toMatch(/^import \{ stock \} from/m);
  });

  it('keeps names of a namespace that only @cacheInvalidate uses, also where the plan was made before', () => {
    const stock = `export namespace Stock {
  /** @cache */
  export async function stock(sku: string): Promise<string> {
    return sku;
  }
}
`;
    const sell = `import { Stock } from './stock.js';
export namespace Shop {
  import stock = Stock.stock;
  /** @cache */
  export async function left(sku: string): Promise<string> {
    return sku;
  }
  /**
   * @cacheInvalidate stock(sku)
   * @cacheInvalidate left(sku)
   */
  export async function sell(sku: string): Promise<string> {
    return sku;
  }
  /** @cacheInvalidate stock(sku) */
  export const give = async (sku: string): Promise<string> => sku;
}
`;
    const unused = { noUnusedLocals: true };
    project = smallProject({ 'stock.ts': stock, 'sell.ts': sell }, unused, { planCache: 'plans' });
    const code = ['cold', 'warm'].map(() => {
      expect(build()).toEqual({ code: 0, output: '' });
      const written = project.read('dist/sell.js');
      rmSync(project.file('dist'), { recursive: true });
      return written;
    });
    expect(code[0]).toMatch(/^import \{ Stock \} from/m);
    expect(code[0]).toContain('var stock = Stock.stock;');
    expect(code[1]).toBe(code[0]);
  });

  it('says what is wrong with our options once', () => {
    project = smallProject({ 'types.ts': types.good, 'load.ts': load }, {}, { profile: 'x' });
    const { code, output } = build();
    expect(output.match(/CK1408/g)).toHaveLength(1);
    expect(code).toBe(1);
  });

  it.each([
    ['an unknown option', ['--nope']],
    ['a single file', ['load.ts']],
  ])('refuses %s with exit code 2', (_what, args) => {
    project = smallProject({ 'load.ts': load });
    expect(runCli(['build', ...args], quiet())).toBe(2);
  });
});
