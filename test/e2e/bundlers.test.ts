// What every bundler must do alike beyond a build that works: all messages at their places, nothing left of what is not
// used, nothing compiled twice, stack traces that name the user's lines.
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../transformer/cli/run-cli.ts';
import { bundlers, type Message } from '../helpers/bundlers.ts';
import { quietEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

let project: SmallProject;
afterEach(() => project.remove());

const count = (text: string, part: string): number => text.split(part).length - 1;

const user = `/** @cache */
export async function getUser(id: number): Promise<string> {
  return \`user \${id}\`;
}

/** @cache */
export async function neverUsed(id: number): Promise<string> {
  return \`never \${id}\`;
}
`;
const whole = `import { cached } from 'cachekit';
export const size = cached(async (id: number): Promise<number> => id * 2);
`;
const main = `import { size } from './size.ts';
import { getUser } from './user.ts';
console.log(await getUser(1), await size(2));
`;
const app = { 'main.ts': main, 'user.ts': user, 'size.ts': whole };
const other = `/** @cache */
export async function load(id: number): Promise<{ any: unknown }> {
  return { any: id };
}
`;
const options = { allowImportingTsExtensions: true, noEmit: true };

/** `file:line:column code`, in order: bundlers read modules in any. Rollup and its kin have all in the first message. */
function placesOf(messages: readonly Message[]): string[] {
  const lines = messages.flatMap(({ text, file, line, column }) => {
    const [first = '', ...others] = text.split('\n');
    return [`${file}:${line}:${(column ?? -1) + 1} ${first}`, ...others];
  });
  const places = lines
    .map((line) => /([^/]*:\d+:\d+) .*?(CK\d+): /.exec(line))
    .filter((found) => found !== null);
  return places.map(([, place, code]) => `${place} ${code}`).toSorted();
}

describe.each(Object.entries(bundlers))('%s', (name, bundle) => {
  it('lists every error of the build at its place, not only the first', async () => {
    project = smallProject(
      {
        'main.ts': "export * from './user.ts';\nexport * from './other.ts';\n",
        'user.ts': user.replaceAll('/** @cache', '/* é */ /** @cache tll=5m'),
        'other.ts': other.replace('Promise<{ any: unknown }>', 'Promise<() => void>'),
      },
      options,
    );
    const { errors } = await bundle({ folder: project.path, entry: 'main.ts' });
    const column = name === 'esbuild' ? 21 : 20; // it counts bytes
    expect(placesOf(errors)).toEqual([
      'other.ts:2:41 CK1106',
      `user.ts:1:${column} CK1002`,
      `user.ts:6:${column} CK1002`,
    ]);
  });

  it('warns at the place, and says what is wrong in the tsconfig once', async () => {
    const files = { 'main.ts': "export * from './user.ts';\nexport * from './other.ts';\n", 'user.ts': user };
    project = smallProject({ ...files, 'other.ts': other }, options, { profile: 'x' });
    const { errors, warnings } = await bundle({ folder: project.path, entry: 'main.ts' });
    expect(placesOf(errors)).toEqual(['tsconfig.json:1:1 CK1408']);
    expect(placesOf(warnings)).toEqual(['other.ts:2:41 CK2006']);
  });

  it('leaves nothing of a function that is not used, and compiles the others once though listed twice', async () => {
    project = smallProject(app, options);
    const minify = ['webpack', 'Rspack'].includes(name);
    const { code, errors } = await bundle({ folder: project.path, entry: 'main.ts', times: 2, minify });
    expect(errors).toEqual([]);
    // Descriptors: what minimizers rename is not counted.
    expect(code.match(/\bv:\s*1,/g)).toHaveLength(2);
    expect(count(code, 'small/user#getUser')).toBe(1);
    expect(count(code, 'small/size#size')).toBe(1);
    expect(code).not.toContain('never');
  });

  it('keeps what only @cacheInvalidate names, also where the plan was made before', async () => {
    const stock =
      'export namespace Stock {\n  /** @cache */\n  export async function stock(sku: string): Promise<string> {\n    return sku;\n  }\n}\n';
    const sell = `import { Stock } from './stock.ts';
export namespace Shop {
  import stock = Stock.stock;
  /** @cacheInvalidate stock(sku) */
  export async function sell(sku: string): Promise<string> {
    return sku;
  }
}
`;
    project = smallProject({ 'stock.ts': stock, 'sell.ts': sell }, options, { planCache: 'plans' });
    const built: string[] = [];
    for (const _ of ['cold', 'warm']) {
      const { code, errors } = await bundle({ folder: project.path, entry: 'sell.ts' });
      expect(errors).toEqual([]);
      built.push(code);
    }
    expect(built[0]).toContain('small/stock#Stock.stock');
    expect(built[0]).toMatch(/\bstock = \w+\.stock\b/);
    expect(built[1]).toBe(built[0]);
  });

  it('names the lines of the user in stack traces', async () => {
    project = smallProject(
      {
        ...app,
        'user.ts': `\n\n${user.replace('return `user ${id}`', "throw new Error('no user')")}`,
      },
      options,
    );
    symlinkSync(modules, project.file('node_modules'), 'dir');
    const { errors } = await bundle({ folder: project.path, entry: 'main.ts', sourceMap: true });
    expect(errors).toEqual([]);
    const run = promisify(execFile)(
      process.execPath,
      ['--conditions=@cachekit/source', '--enable-source-maps', project.file('dist/main.js')],
      { env: quietEnv },
    );
    const { stderr } = (await run.catch((error: unknown) => error)) as { stderr: string };
    expect(stderr).toContain('Error: no user');
    expect(stderr).toMatch(/user\.ts:5:\d+/);
  });
});

const FRAME = `
  2 │ export async function load(id: number): Promise<() => void> {
    │                                         ~~~~~~~~~~~~~~~~~~~
`;
const STRIP = "{ name: 'strip', transform: (code) => stripTypeScriptTypes(code) }";
const bundle = `{
  input: 'other.ts',
  external: /^cachekit/,
  output: { file: 'dist/main.js' },
  plugins: [cachekit(), ${STRIP}],
}`;

describe.each([
  ['rollup', ['-c', 'rollup.config.mjs'], bundle],
  ['rolldown', ['-c', 'rolldown.config.mjs'], bundle],
  ['vite', ['build'], "{ build: { ssr: 'other.ts' }, plugins: [cachekit()] }"],
])('the command %s', (name, args, config) => {
  it('prints an error once, with the code under it', async () => {
    project = smallProject(
      {
        'other.ts': other.replace('Promise<{ any: unknown }>', 'Promise<() => void>'),
        [`${name}.config.mjs`]: `import { stripTypeScriptTypes } from 'node:module';
import cachekit from '@cachekit/plugins/${name}';
export default ${config};
`,
      },
      options,
    );
    symlinkSync(modules, project.file('node_modules'), 'dir');
    const run = promisify(execFile)(`${modules}/.bin/${name}`, args, { cwd: project.path, env: quietEnv });
    const { stdout, stderr } = (await run.catch((error: unknown) => error)) as Record<string, string>;
    const said = `${stdout}${stderr}`;
    expect(count(said, 'CK1106: ')).toBe(1);
    expect(count(said, FRAME)).toBe(1);
  });
});

describe.each(Object.entries(bundlers))('%s, over the output of tsc', (name, bundle) => {
  it('compiles nothing again', async () => {
    project = smallProject({
      'user.ts': user,
      'size.ts': whole,
      'main.ts': main.replaceAll('.ts', '.js'),
    });
    const silent = () => {};
    const context = { cwd: project.path, colour: false, print: silent, error: silent, write: silent };
    await runCli(['build'], context);
    const minify = ['webpack', 'Rspack'].includes(name);
    const { code, errors } = await bundle({
      folder: project.path,
      entry: 'dist/main.js',
      outDir: 'out',
      minify,
    });
    expect(errors).toEqual([]);
    expect(count(code, 'small/user#getUser')).toBe(1);
    expect(count(code, 'small/size#size')).toBe(1);
  });
});
