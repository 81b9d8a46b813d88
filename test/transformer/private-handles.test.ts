// `cacheOf(this.#load)` of compiled #private methods: the real compiler, through both emitters, run by Node.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import transformProgram from '../../transformer/index.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';

const SOURCE = `
import { cacheOf as handleOf } from 'cachekit';
import * as ck from 'cachekit';
declare const process: any;

const ran: string[] = [];
class Store {
  constructor(readonly tenant: string) {}
  /** @cache.production */
  async #load(id: number, size = id + 1): Promise<number> { ran.push('load'); return id * size; }
  /** @cache.production */
  async #page(id: number): Promise<string> { ran.push('page'); return this.tenant + id; }
  /** @cache.production self=instance */
  async #rows(id: number): Promise<number> { ran.push('rows'); return ran.length * id; }
  /** @cache.production */
  static async #rate(code: string): Promise<number> { ran.push('rate'); return code.length; }
  /** @cache.production */
  #sum = async (id: number): Promise<number> => { ran.push('sum'); return id + 1; };

  async all() {
    return [await this.#load(2), await this.#page(2), await this.#rows(2), await Store.#rate('CHF'), await this.#sum(2)];
  }
  handles(other: { store: Store }) {
    let asked = 0;
    const once = () => { asked++; return other; };
    class Inner {
      /** @cache.production */
      async #load(id: number): Promise<string> { ran.push('inner'); return 'inner ' + id; }
      async get() { return this.#load(1); }
      handle() { return handleOf(this.#load); }
    }
    return {
      load: handleOf((this.#load)),
      page: ck.cacheOf(once().store.#page satisfies (id: number) => Promise<string>),
      rows: (() => handleOf(this.#rows as typeof this.#rows))(),
      rate: (ck).cacheOf(Store.#rate),
      sum: handleOf(this.#sum),
      inner: new Inner(),
      asked: () => asked,
    };
  }
  static local(store: Store) {
    const handleOf = (fn: unknown) => fn;
    return handleOf(store.#load) === handleOf(store.#load);
  }
}

const [a, b] = [new Store('a'), new Store('b')];
const { load, page, rows, rate, sum, inner, asked } = a.handles({ store: b });
await inner.get();
await a.all();
await b.all();
ran.length = 0;
await a.all();
await b.all();
await inner.get();
const hits = ran.splice(0);
const forget = async (handle: { invalidate(arg: never): Promise<boolean> }, arg: unknown) => {
  await handle.invalidate(arg as never);
  await a.all();
  await b.all();
  await inner.get();
  return ran.splice(0);
};
const after = [
  await forget(load, 2), await forget(page, 2), await forget(rows, 2), await forget(rate, 'CHF'),
  await forget(sum, 2), await forget(inner.handle(), 1),
];
const defaults = load.key(2) === load.key(2, 3) && load.key(2) !== load.key(2, 4);
process.stdout.write(JSON.stringify({ hits, after, defaults, ids: [load.id, inner.handle().id], local: Store.local(a), asked: asked() }));
process.exit(0);
`;

const DECLARED = "declare module 'cachekit' { export function cacheOf(fn: unknown): any; }";

let folder: LinkedFolder;
const compilerOptions = {
  target: 'es2024',
  module: 'nodenext',
  strict: true,
  // Of cachekit only what is declared below: without the sources of the runtime the program is small.
  lib: ['es2024'],
  types: [],
  skipLibCheck: true,
};

beforeAll(() => {
  folder = linkedFolder('private-handles');
  mkdirSync(join(folder.path, 'src'));
  writeFileSync(join(folder.path, 'package.json'), '{ "name": "handles", "type": "module" }');
  writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  writeFileSync(join(folder.path, 'src/main.ts'), SOURCE);
  writeFileSync(join(folder.path, 'src/cachekit.d.ts'), DECLARED);
});
afterAll(() => folder.remove());

function run(name: string, code: string): unknown {
  const file = join(folder.path, name);
  writeFileSync(file, code);
  const args = ['--conditions=@cachekit/source', file];
  const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', NODE_NO_WARNINGS: '1' };
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }));
}

/** The way of bundlers. */
function asText(): string {
  const { code = '', diagnostics } = openProject({ cwd: folder.path }).compile('src/main.ts');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(code.split('\n').length).toBeGreaterThan(SOURCE.split('\n').length);
  return ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
  }).outputText;
}

/** The way of ts-patch. */
function asTree(target: ts.ScriptTarget): string {
  const file = join(folder.path, 'src/main.ts');
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, folder.path);
  const program = ts.createProgram([file, join(folder.path, 'src/cachekit.d.ts')], { ...options, target });
  const config = { tsconfig: join(folder.path, 'tsconfig.json') };
  const hooked = transformProgram(
    program,
    undefined,
    { transform: '@cachekit/transformer', ...config },
    { ts },
  );
  let text = '';
  hooked.emit(program.getSourceFile(file), (_name, written) => (text = written));
  return text;
}

const expected = {
  hits: [],
  // Entries of `#page` differ by the tenant, those of `#rows` by the object.
  after: [['load'], ['page'], ['rows'], ['rate'], ['sum'], ['inner']],
  defaults: true,
  ids: ['handles/src/main#Store.#load', 'handles/src/main#Store.handles.Inner.#load'],
  local: true,
  asked: 1,
};

describe('handles of #private methods, under any name of cacheOf and around the argument', () => {
  it('as text', () => expect(run('text.mjs', asText())).toEqual(expected));
  it('as a tree', () => expect(run('tree.mjs', asTree(ts.ScriptTarget.ES2024))).toEqual(expected));
  it('as a tree, where private names are compiled away', () =>
    expect(run('old.mjs', asTree(ts.ScriptTarget.ES2021))).toEqual(expected));
});
