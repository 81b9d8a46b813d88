// Functions that return tables of apache-arrow, compiled and run as users do, in both of its builds.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { tempApp, type TempApp } from '../helpers/temp-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

const PROGRAM = `
import { Table, tableFromArrays } from 'apache-arrow';
import { cacheOf, close, flush } from 'cachekit';
let runs = 0;
/** @cache.production ttl=1h */
async function measured(id: number): Promise<Table> {
  runs++; // @cacheAllow CK2003 counted by this program only
  return tableFromArrays({ id: Int32Array.of(id, id + 1), weight: Float64Array.of(0.5, NaN), name: ['a', 'b'] });
}
async function main(): Promise<void> {
  // On a busy machine the first calls do not wait for the store.
  for (let i = 0; i < 200 && (await cacheOf(measured).peek(0)) === undefined; i++) { await measured(0); await flush(); }
  const before = runs;
  const tables = [await measured(1), await measured(1)];
  tables[1]!.getChild('weight')!.set(0, 9);
  tables.push(await measured(1));
  const { l1Hits, l2Hits } = cacheOf(measured).stats();
  await close();
  console.log(JSON.stringify({
    runs: runs - before,
    areTables: tables.map((table) => table instanceof Table),
    schemas: new Set(tables.map((table) => String(table.schema))).size,
    rows: tables.map((table) => String(table)),
    hits: l1Hits + l2Hits > 0,
  }));
}
void main();
`;

interface Seen {
  readonly runs: number;
  readonly rows: readonly string[];
}

function made(type: 'module' | 'commonjs'): TempApp {
  const app = tempApp({ 'src/main.ts': PROGRAM });
  cleanups.push(app.remove);
  app.write('package.json', JSON.stringify({ name: 'temp-app', version: '1.0.0', type }));
  app.build();
  return app;
}

test.each(['module', 'commonjs'] as const)('a table is cached in a program of type %s', (type) => {
  const app = made(type);
  const seen = [app.run<Seen>('main.js'), app.run<Seen>('main.js')];
  for (const run of seen)
    expect(run).toMatchObject({ areTables: [true, true, true], schemas: 1, hits: true });
  expect(seen.map(({ runs }) => runs)).toEqual([1, 0]);
  const [missed, , again] = seen[0]?.rows ?? [];
  expect(again).toBe(missed);
  expect(seen[1]?.rows[0]).toBe(missed);
  expect(seen[1]?.rows[1]).not.toBe(missed); // changed by its caller, and by nobody else
});

test.each([
  ['import', `import('cachekit/arrow')`],
  ['require', `Promise.resolve().then(() => require('cachekit/arrow'))`],
])('without apache-arrow %s says what to install', (_how, load) => {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-arrow-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const installed = join(folder, 'node_modules', 'cachekit');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'runtime/package.json'), join(installed, 'package.json'));
  cpSync(join(root, 'runtime/dist'), join(installed, 'dist'), { recursive: true });
  writeFileSync(
    join(folder, 'main.cjs'),
    `${load}.catch(({ code, message }) => console.log(JSON.stringify({ code, message })));`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['main.cjs'], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  const { code, message } = JSON.parse(stdout) as { code: string; message: string }; // what it prints
  expect(code).toBe('ERR_CACHEKIT_CONFIG');
  expect(message).toContain('cachekit/arrow stores tables of apache-arrow, which is not installed');
  expect(message).toContain('npm i apache-arrow');
});
