// `node --import @cachekit/plugins/register`: ES modules and CommonJS, exact lines, clear failures.
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { childEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let project: SmallProject;
afterEach(() => project.remove());

function open(files: Readonly<Record<string, string>>): void {
  const include = { allowImportingTsExtensions: true, noEmit: true, lib: ['es2022'] };
  project = smallProject(files, include);
  symlinkSync(modules, project.file('node_modules'), 'dir');
}

const ours = ['@cachekit/plugins/register'];

async function node(
  file: string,
  env: Readonly<Record<string, string>> = {},
  imports: readonly string[] = ours,
): Promise<Ended> {
  const hooks = imports.flatMap((name) => ['--import', name]);
  const args = ['--conditions=@cachekit/source', ...hooks, project.file(file)];
  try {
    const ended = await promisify(execFile)(process.execPath, args, {
      cwd: project.path,
      env: { ...childEnv, ...env },
    });
    return { code: 0, ...ended };
  } catch (error) {
    return error as Ended; // what execFile rejects with has the three
  }
}

const load = `/** @cache */ /** @cacheAllow CK2003 runs are counted here */
export async function load(id: number): Promise<{ id: number }> {
  runs++;
  if (id < 0)
    throw new Error('negative');
  return { id };
}
`;
const use = `
declare const console: { log(...all: unknown[]): void };
await load(1);
await load(1);
console.log(runs);
await load(-1).catch((error: Error) => console.log(error.stack));
`;

describe('an ES module', () => {
  it('is cached, and its stack traces name its lines', async () => {
    open({ 'app.ts': `let runs = 0;\n${load}${use}` });
    const { code, stdout, stderr } = await node('app.ts');
    expect(stderr).toBe('');
    expect(stdout.split('\n')[0]).toBe('1');
    expect(stdout).toMatch(/Error: negative\n.*load\$body.*app\.ts:6:11\)/);
    expect(stdout).toMatch(/app\.ts:14:1$/m);
    expect(code).toBe(0);
  });

  it('fails with all errors and exit code 1, and no stack of ours', async () => {
    open({
      'app.ts': `import './other.ts';\nlet runs = 0;\n${load.replace('@cache', '@cache tll=5m')}${load.replaceAll('load', 'more').replace('{ id: number }', '() => void')}${use}`,
      'other.ts': 'export {};\n',
    });
    const { code, stdout, stderr } = await node('app.ts');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      `${project.file('app.ts')}:3:12 CK1002: Unknown cache option 'tll'. Did you mean 'ttl'?`,
    );
    expect(stderr).toContain(`${project.file('app.ts')}:11:41 CK1106: `);
    expect(stderr).not.toContain('register.ts');
  });

  it('warns through Node, which can be told not to', async () => {
    open({ 'app.ts': `let runs = 0;\n${load.replace('{ id: number }', '{ id: unknown }')}${use}` });
    const { stderr } = await node('app.ts');
    expect(stderr).toMatch(/CacheKitWarning: .*app\.ts:3:41 CK2006: /);
    expect((await node('app.ts', { NODE_NO_WARNINGS: '1' })).stderr).toBe('');
  });

  it('reaches the codecs of the build where the imports of the project become `.js` in its output', async () => {
    const options = { rewriteRelativeImportExtensions: true, lib: ['es2022'] };
    project = smallProject(
      {
        'size.ts': 'export class Size { #cm = 1; get cm(): number { return this.#cm; } }\n',
        'codecs.ts': `import { defineCodec } from 'cachekit';
import { Size } from './size.ts';
export const size = defineCodec(Size, { id: 'size/1', encode: () => 1, decode: (_: number) => new Size() });
`,
        'app.ts': `import { Size } from './size.ts';
let runs = 0;
/** @cache */ /** @cacheAllow CK2003 runs are counted here */
async function load(id: number): Promise<{ id: number; size: Size }> {
  runs++;
  return { id, size: new Size() };
}
declare const console: { log(...all: unknown[]): void };
await load(1);
console.log((await load(1)).size.cm, runs);
`,
      },
      options,
      { codecs: ['./codecs.ts'] },
    );
    symlinkSync(modules, project.file('node_modules'), 'dir');
    const { stdout, stderr } = await node('app.ts');
    expect([stderr, stdout]).toEqual(['', '1 1\n']);
  });

  it('is compiled as CACHEKIT_TSCONFIG says', async () => {
    open({ 'app.ts': `let runs = 0;\n${load}${use}` });
    project.write(
      'other.json',
      project.read('tsconfig.json').replace('"include":["*.ts"]', '"include":["nothing"]'),
    );
    const { code, stderr } = await node('app.ts', { CACHEKIT_TSCONFIG: 'other.json' });
    expect(stderr).toContain('CK1401');
    expect(stderr).toContain('other.json');
    expect(code).toBe(1);
  });
});

describe('beside a hook that makes JavaScript of TypeScript', () => {
  /** As tsx does: it takes over from Node, and gives a module without types. */
  const strip = `import { registerHooks, stripTypeScriptTypes } from 'node:module';
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.ts') || !url.includes('/app')) return next(url, context);
    const loaded = next(url, { ...context, format: 'module' });
    return { format: 'module', source: stripTypeScriptTypes(String(loaded.source)), shortCircuit: true };
  },
});
`;
  const files = { 'app.ts': `let runs = 0;\n${load}${use}`, 'strip.js': strip };

  it('is cached where cachekit is named first', async () => {
    open(files);
    const { stdout, stderr } = await node('app.ts', {}, [...ours, './strip.js']);
    expect(stderr.replaceAll(/^.*(?:stripTypeScriptTypes|--trace-warnings).*$/gm, '').trim()).toBe('');
    expect(stdout.split('\n')[0]).toBe('1');
  });

  it('says so where the types are gone already', async () => {
    open(files);
    const { code, stdout, stderr } = await node('app.ts', {}, ['./strip.js', ...ours]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${project.file('app.ts')}: another hook has taken the types out`);
    expect(stderr).toContain('Name cachekit first');
    expect(stderr).not.toContain('CK1');
  });

  it('says so where the comments are gone with the types, as tsx does', async () => {
    const minify = `import { transformSync } from 'esbuild';
${strip
  .replace('import { registerHooks, stripTypeScriptTypes }', 'import { registerHooks }')
  .replace(
    'stripTypeScriptTypes(String(loaded.source))',
    `transformSync(String(loaded.source), { loader: 'ts', minifyWhitespace: true }).code`,
  )}`;
    open({ ...files, 'strip.js': minify });
    const { code, stdout, stderr } = await node('app.ts', {}, ['./strip.js', ...ours]);
    expect(stderr).toContain(`${project.file('app.ts')}: another hook has taken the types out`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe('CommonJS', () => {
  /** As tsx and ts-node do: it reads the files of `require` itself, and Node asks no hook. */
  const reader = `import { readFileSync } from 'node:fs';
import Module, { stripTypeScriptTypes } from 'node:module';
Module._extensions['.ts'] = (module, file) => module._compile(stripTypeScriptTypes(readFileSync(file, 'utf8')), file);
`;

  it.for([
    ['ours', [...ours, './reader.mjs']],
    ['theirs', ['./reader.mjs', ...ours]],
  ] as const)('says so where another hook reads the files, with %s named first', async ([, imports]) => {
    open({
      'load.ts': `let runs = 0;\n${load.replace('export ', '')}module.exports = { load };\ndeclare const module: { exports: unknown };\n`,
      'types.ts': 'module.exports = {};\ndeclare const module: { exports: unknown };\n',
      'app.cjs': "require('./types.ts');\nconsole.log('types are fine');\nrequire('./load.ts');\n",
      'reader.mjs': reader,
      'package.json': '{ "name": "small", "type": "commonjs" }',
    });
    const { code, stdout, stderr } = await node('app.cjs', {}, imports);
    expect(stderr).toContain(`${project.file('load.ts')}: tsx, ts-node or a similar hook reads`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'types are fine\n' });
  });

  it('is cached, and its stack traces name its lines', async () => {
    open({
      'load.cts': `let runs = 0;\n${load.replace('export ', '')}module.exports = { load, runs: () => runs };\ndeclare const module: { exports: unknown };\n`,
      'app.cts': `declare const require: (path: string) => any;
declare const console: { log(...all: unknown[]): void };
const { load, runs } = require('./load.cts');
void (async () => {
  await load(1);
  await load(1);
  console.log(runs());
  await load(-1).catch((error: Error) => console.log(error.stack));
})();
`,
    });
    project.write('tsconfig.json', project.read('tsconfig.json').replace('"*.ts"', '"*.cts"'));
    const { code, stdout, stderr } = await node('app.cts');
    expect(stderr).toBe('');
    expect(stdout.split('\n')[0]).toBe('1');
    expect(stdout).toMatch(/Error: negative\n.*load\$body.*load\.cts:6:11\)/);
    expect(code).toBe(0);
  });
});
