// `cacheOf(object, 'method')` of compiled methods whose key reads `this`: the real compiler, run by Node.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import { linkedFolder } from '../helpers/linked-folder.ts';

const SOURCE = `
declare const process: any;
// Without the sources of the runtime the program is small.
const { cacheOf } = (await import('cachekit' as string)) as any;

const ran: string[] = [];
class Reports {
  #rows = 1;
  constructor(readonly tenant: string, private cents: { value: number }) {}
  /** @cache.production */
  async load(id: number, size = id + 1): Promise<string> { ran.push('load'); return \`\${this.tenant} \${id} \${size}\`; }
  /** @cache.production self=$this.cents.value */
  async price(id: number): Promise<number> { ran.push('price'); return this.cents.value * id; }
  /** @cache.production self=instance */
  async rows(id: number): Promise<number> { ran.push('rows'); return this.#rows++ * id; }
}
const [a, b] = [new Reports('a', { value: 2 }), new Reports('b', { value: 3 })];
const both = async () => [await a.load(1), await b.load(1), await a.price(1), await b.price(1), await a.rows(1), await b.rows(1)];
const first = await both();
ran.length = 0;
await both();
const hits = ran.splice(0);
await cacheOf(a, 'load').invalidate(1);
await cacheOf(b, 'price').invalidate(1);
await cacheOf(a, 'rows').invalidate(1);
const after = await both();
const keys = [cacheOf(a, 'load').key(1), cacheOf(a, 'load').key(1, 2), cacheOf(b, 'load').key(1)];
const codes: string[] = [];
for (const [object, name] of [[a, 'load'], [a, 'price'], [a, 'rows']] as const) {
  try { await cacheOf(object[name]).invalidate(1); codes.push('none'); } catch (error: any) { codes.push(error.code); }
}
process.stdout.write(JSON.stringify({ codes, first, hits, ran: ran.splice(0), after, same: keys[0] === keys[1], apart: keys[0] !== keys[2] }));
process.exit(0);
export {};
`;

it('handles bind the object that they are asked about', () => {
  const folder = linkedFolder('handles');
  try {
    mkdirSync(join(folder.path, 'src'));
    writeFileSync(join(folder.path, 'package.json'), '{ "name": "handles", "type": "module" }');
    const compilerOptions = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      types: [],
      customConditions: ['@cachekit/source'],
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
    };
    writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    writeFileSync(join(folder.path, 'src/main.ts'), SOURCE);
    const { code = '', diagnostics } = openProject({ cwd: folder.path }).compile('src/main.ts');
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(join(folder.path, 'main.js'), outputText);
    const args = ['--conditions=@cachekit/source', join(folder.path, 'main.js')];
    const env = { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', NODE_NO_WARNINGS: '1' };
    expect(JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' }))).toEqual({
      codes: ['ERR_CACHEKIT_NEEDS_SELF', 'ERR_CACHEKIT_NEEDS_SELF', 'ERR_CACHEKIT_NEEDS_SELF'],
      first: ['a 1 2', 'b 1 2', 2, 3, 1, 1],
      hits: [],
      ran: ['load', 'price', 'rows'],
      after: ['a 1 2', 'b 1 2', 2, 3, 2, 1],
      same: true,
      apart: true,
    });
  } finally {
    folder.remove();
  }
});
