// What bundlers hold: text in, compiled text out, and types of other files as inputs.
import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { openProject } from '../../../../transformer/host/project/project.ts';
import { smallProject, type SmallProject } from '../../../helpers/small-project.ts';

const load = `import type { Item } from './types.js';
/** @cache */
export async function load(id: number): Promise<Item> {
  return { id } as Item;
}
`;
const types = 'export interface Item { id: number }\n';

let project: SmallProject;
afterEach(() => project.remove());

const codes = (found: { readonly diagnostics: readonly { readonly code: string }[] }) =>
  found.diagnostics.map((one) => one.code);

describe('compile', () => {
  it('returns code and map, and the files whose types it read', () => {
    project = smallProject({ 'types.ts': types, 'load.ts': load });
    const { code, map, dependencies } = openProject({ cwd: project.path }).compile('load.ts');
    expect(code).toContain('$ck.site({');
    expect(map?.sources).toEqual([project.file('load.ts')]);
    expect(dependencies).toEqual([project.file('types.ts')]);
  });

  it('takes the text of the bundler over that of the disk', () => {
    project = smallProject({ 'types.ts': types, 'load.ts': 'export {};\n' });
    const { code } = openProject({ cwd: project.path }).compile('load.ts', `\n${load}`);
    expect(code?.split('\n')[4]).toBe('  return { id } as Item;');
  });

  it('sees a changed type of another file after update, and after refresh', () => {
    project = smallProject({ 'types.ts': types, 'load.ts': load });
    const opened = openProject({ cwd: project.path });
    expect(opened.compile('load.ts').code).not.toContain('first');
    project.write('types.ts', 'export interface Item { id: number; first: string }\n');
    opened.update('types.ts');
    expect(opened.compile('load.ts').code).toContain('first');
    project.write('types.ts', 'export interface Item { id: number; another: string }\n');
    opened.refresh();
    expect(opened.compile('load.ts').code).toContain('another');
  });

  it('reads the tsconfig again when it changed', () => {
    project = smallProject({ 'types.ts': types, 'load.ts': load });
    const opened = openProject({ cwd: project.path });
    expect(codes(opened.compile('load.ts'))).toEqual([]);
    project.write(
      'tsconfig.json',
      project.read('tsconfig.json').replace('"strict":true', '"strict":false   '),
    );
    opened.refresh();
    expect(codes(opened.compile('load.ts'))).toEqual(['CK1405']);
  });

  it('leaves text alone that has no marker, or that a build has compiled already', () => {
    project = smallProject({ 'types.ts': types, 'load.ts': load });
    const opened = openProject({ cwd: project.path });
    const { code = '' } = opened.compile('load.ts');
    expect(opened.compile('load.ts', code).code).toBeUndefined();
    expect(opened.compile('types.ts', types).code).toBeUndefined();
  });

  it('says so when a marked file is not in the program, and only then', () => {
    project = smallProject({ 'types.ts': types, 'lib/load.ts': load, 'lib/words.js': '// cached words\n' });
    const opened = openProject({ cwd: project.path });
    expect(codes(opened.compile('lib/load.ts'))).toEqual(['CK1401']);
    expect(codes(opened.compile('lib/words.js'))).toEqual([]);
  });

  it('compiles no call of cached() twice, whatever its bundle renamed', () => {
    const call = "import { cached } from 'cachekit';\nexport const f = cached(async (id: number) => id);\n";
    project = smallProject({ 'call.ts': call });
    const opened = openProject({ cwd: project.path });
    const { code = '' } = opened.compile('call.ts');
    expect(code).toContain('undefined, $ck0_)');
    expect(opened.compile('call.ts', code).code).toBeUndefined();
    const minified =
      "import{cached as a}from'cachekit';export const f=a(async b=>b,void 0,c);function c(){return{v:1}}";
    expect(opened.compile('dist/call.js', minified)).toMatchObject({ diagnostics: [] });
  });

  it('says so when a mark outside of the program has a mistake', () => {
    project = smallProject({
      'types.ts': types,
      'lib/load.ts': load.replace('@cache', '@cache ttl=5m ttl=6m'),
    });
    expect(codes(openProject({ cwd: project.path }).compile('lib/load.ts'))).toEqual(['CK1004']);
  });

  it('finds a file that was not there when the tsconfig was read', () => {
    project = smallProject({ 'types.ts': types, 'load.ts': load });
    const opened = openProject({ cwd: project.path });
    opened.compile('load.ts', load);
    project.write('more.ts', load);
    expect(opened.compile('more.ts', load).code).toContain('small/more#load');
  });

  it('takes types from the new text of a file that a bundler has given before', () => {
    const both = `${types}${load.replace(/^import.*\n/, '')}`;
    const other = load.replace('./types.js', './both.js');
    project = smallProject({ 'both.ts': both, 'other.ts': other });
    const opened = openProject({ cwd: project.path });
    opened.compile('both.ts', both);
    project.write('both.ts', both.replace('id: number }', 'id: number; first: string }'));
    opened.refresh();
    expect(opened.compile('other.ts', other).code).toContain('first');
  });

  it('finds the file in a referenced tsconfig', () => {
    project = smallProject({ 'app/types.ts': types, 'app/load.ts': load });
    const options = { composite: true, module: 'nodenext', lib: ['es2015'], types: [], strict: true };
    project.write('app/tsconfig.app.json', JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
    project.write(
      'tsconfig.json',
      JSON.stringify({ files: [], references: [{ path: './app/tsconfig.app.json' }] }),
    );
    const { code } = openProject({ cwd: project.path }).compile('app/load.ts');
    expect(code).toContain('small/app/load#load');
  });

  it('refuses a file that is no module', () => {
    project = smallProject(
      { 'script.ts': '/** @cache */\nasync function load(id: number): Promise<number> { return id; }\n' },
      { module: 'esnext', moduleResolution: 'bundler', moduleDetection: 'auto' },
    );
    const compiled = openProject({ cwd: project.path }).compile('script.ts');
    expect(codes(compiled)).toEqual(['CK1021']);
    expect(compiled.code).toBeUndefined();
  });

  it('refuses one identity for two functions of different files', () => {
    const named = load.replace('@cache', '@cache name=items.load');
    project = smallProject({ 'types.ts': types, 'a.ts': named, 'b.ts': named });
    const opened = openProject({ cwd: project.path });
    expect([codes(opened.compile('a.ts')), codes(opened.compile('b.ts'))]).toEqual([[], ['CK1017']]);
    expect(codes(opened.compile('a.ts'))).toEqual(['CK1017']);
  });

  it('frees the identity of a file that was renamed, or is no longer marked', () => {
    const named = load.replace('@cache', '@cache name=items.load');
    project = smallProject({ 'types.ts': types, 'a.ts': named, 'b.ts': load });
    const opened = openProject({ cwd: project.path });
    opened.compile('a.ts');
    project.write('a.ts', 'export const a = 1;\n');
    opened.update('a.ts');
    project.write('b.ts', named);
    opened.update('b.ts');
    expect(codes(opened.compile('b.ts'))).toEqual([]);
    project.write('c.ts', named);
    rmSync(project.file('b.ts'));
    opened.refresh();
    expect(codes(opened.compile('c.ts'))).toEqual([]);
  });

  it('refuses one identity for two functions of tsconfigs that are built together', () => {
    const named = load.replace('@cache', '@cache name=items.load').replace('./types.js', '../types.js');
    const options = { composite: true, module: 'nodenext', lib: ['es2015'], types: [], strict: true };
    const config = JSON.stringify({ compilerOptions: options, include: ['*.ts', '../types.ts'] });
    project = smallProject({ 'types.ts': types, 'one/a.ts': named, 'two/b.ts': named });
    for (const folder of ['one', 'two']) project.write(`${folder}/tsconfig.json`, config);
    const references = [{ path: './one' }, { path: './two' }];
    project.write('tsconfig.json', JSON.stringify({ files: [], references }));
    const opened = openProject({ cwd: project.path, tsconfig: 'tsconfig.json' });
    expect(codes(opened.compile('one/a.ts'))).toEqual([]);
    expect(codes(opened.compile('two/b.ts'))).toEqual(['CK1017']);
  });

  it('needs a tsconfig only for marked text', () => {
    project = smallProject({});
    const opened = openProject({ cwd: project.path, tsconfig: 'missing.json' });
    expect(opened.compile('a.ts', 'export {};').code).toBeUndefined();
    expect(() => opened.compile('a.ts', load)).toThrow('There is no tsconfig at');
  });
});
