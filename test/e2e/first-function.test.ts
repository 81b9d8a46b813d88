// The README, done by somebody who has read nothing else: its first code block in an empty project, its commands, and
// the three ways to cache at work. Packages are linked in place of `npm i`; test/package installs them.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';
import { measured } from '../helpers/measured.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(repository, 'transformer/bin/cachekit.js');
const readme = readFileSync(join(repository, 'README.md'), 'utf8');

/** What the block calls and does not show. */
const SOURCES = `
let loaded: string[] = [];
interface Product { id: number; name: string }
interface Price { amount: number; since: Date }
interface Range { from: string; to: string }
async function loadTop(shop: string, limit: number): Promise<Product[]> {
  return loaded.push('top'), [{ id: limit, name: shop }];
}
async function loadPrices(shop: string, range: Range): Promise<Map<string, Price>> {
  return loaded.push('prices'), new Map([[shop, { amount: 1, since: new Date(range.from) }]]);
}
async function fetchRate(from: string, to: string): Promise<number> {
  return loaded.push('rate'), from.length / to.length;
}
`;

const USE = `
async function round(): Promise<unknown[]> {
  const prices = await report('a', { from: '2026-01-01', to: '2026-02-01' });
  return [await topProducts('a'), [...prices], await rate('chf', 'euro')];
}
const rounds = [await round(), await round()];
console.log(JSON.stringify({ rounds, loaded }));
`;

let root: LinkedFolder;
beforeAll(() => void (root = linkedFolder('first-function')));
afterAll(() => root.remove());

it(
  'the three ways of the README work in an empty project, with its commands',
  { timeout: 400_000 },
  async (context) => {
    const beganMs = performance.now();
    const block = /^```ts\n([\s\S]*?)^```/m.exec(readme)?.[1] ?? '';
    for (const way of ['/** @cache */', '/** @cache.production ', 'cached(']) expect(block).toContain(way);
    const shown = readme.slice(0, readme.indexOf('```\n', readme.indexOf('```ts') + 5));
    expect(shown.split('\n').length).toBeLessThan(30); // on the first screen

    const folder = join(root.path, 'app');
    mkdirSync(join(folder, 'src'), { recursive: true });
    const compilerOptions = {
      target: 'es2024',
      module: 'nodenext',
      strict: true,
      types: ['node'],
      rootDir: 'src',
      outDir: 'dist',
    };
    const files = {
      'package.json': {
        name: 'app',
        version: '1.0.0',
        type: 'module',
        scripts: { build: 'tsc -p tsconfig.json' },
      },
      'tsconfig.json': { compilerOptions, include: ['src'] },
    };
    for (const [file, value] of Object.entries(files))
      writeFileSync(join(folder, file), JSON.stringify(value));
    // Reading a variable of the module is what a test of caching does; the build says so for each function.
    const allowed = block.replaceAll(
      /^(\/\*\* @cache[^*]*)\*\//gm,
      '$1 */ // @cacheAllow CK2003 counted here\n',
    );
    writeFileSync(join(folder, 'src/main.ts'), `${allowed}${SOURCES}${USE}`);

    const node = async (...args: readonly string[]): Promise<string> => {
      const env = { ...quietEnv, NODE_ENV: 'production', CACHEKIT_BACKEND: 'none' };
      const ended = promisify(execFile)(process.execPath, [...args], { cwd: folder, env });
      const { stdout } = await ended.catch((error: { stdout?: string; stderr?: string }) => {
        throw new Error(`${args.join(' ')}\n${error.stdout}${error.stderr}`);
      });
      return stdout;
    };
    for (const command of ['init', 'ls', 'verify dist', 'build -p tsconfig.json'])
      expect(readme).toContain(`cachekit ${command}`.replace('cachekit verify', 'verify'));
    await node(cli, 'init', '--host', 'build', '--yes');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toContain('cachekit build');
    expect(await node(cli, 'ls')).toContain('3 cached');
    await node(cli, 'build', '-p', 'tsconfig.json');
    expect(await node(cli, 'verify', 'dist')).toContain('3 of 3 sites found');
    const { rounds, loaded } = JSON.parse(await node('dist/main.js')) as {
      rounds: readonly [unknown, unknown];
      loaded: readonly string[];
    };
    expect(rounds[1]).toEqual(rounds[0]);
    expect(loaded).toEqual(['prices', 'top', 'rate']);
    measured(context, `${Math.round((performance.now() - beganMs) / 1000)} s without npm i`);
  },
);
