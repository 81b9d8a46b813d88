// A module that is evaluated again in the same process, as Vite's dev server does: the id stays, and what the old body
// returned, or is about to return, is never an answer of the new one. On the built packages.
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

const load = (word: string) => `import { cacheOf, configure, flush } from 'cachekit';
export { cacheOf, configure, flush };
export const gates: Map<number, () => void> = new Map();
export const runs: string[] = [];
/**
 * @cache
 * @cacheAllow CK2003 runs are counted here
 */
export async function load(id: number): Promise<string> {
  runs.push('${word}');
  if (id > 100) await new Promise<void>((open) => gates.set(id, open));
  return '${word} ' + id;
}
`;

const program = `
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'vite';
import cachekit from '@cachekit/plugins/vite';

const vite = await createServer({
  configFile: false,
  logLevel: 'silent',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
  ssr: { external: ['cachekit'] },
  plugins: [cachekit()],
});
const evaluate = () => {
  vite.moduleGraph.invalidateAll();
  return vite.ssrLoadModule('/load.ts');
};
const first = await evaluate();
first.configure({ backend: 'memory', timeout: { initial: '30s' } });
const before = [await first.load(1), await first.load(1)];
await first.flush();
const running = first.load(101);
while (!first.gates.has(101)) await new Promise((resolve) => setImmediate(resolve));

const same = await evaluate();
const unchanged = [await same.load(1), same.runs.length];

writeFileSync('load.ts', readFileSync('load.ts', 'utf8').replaceAll("'old", "'new"));
const edited = await evaluate();
const after = [await edited.load(1), await edited.load(1)];
const joined = edited.load(101);
while (!edited.gates.has(101)) await new Promise((resolve) => setImmediate(resolve));
first.gates.get(101)();
const late = await running;
edited.gates.get(101)();
const fresh = [await joined, await edited.load(101)];
await edited.cacheOf(edited.load).invalidate(1);
const invalidated = [await edited.load(1), edited.runs.length];
console.log(JSON.stringify({ before, unchanged, after, late, fresh, invalidated, isSameId: first.cacheOf(first.load).id === edited.cacheOf(edited.load).id }));
await vite.close();
process.exit();
`;

let project: SmallProject;
beforeAll(() => {
  project = smallProject(
    { 'load.ts': load('old'), 'program.mjs': program },
    { allowImportingTsExtensions: true, noEmit: true, lib: ['es2022'] },
  );
  symlinkSync(modules, project.file('node_modules'), 'dir');
});
afterAll(() => project.remove());

it('an edited function never answers with a result of its old body', { timeout: 240_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], {
    cwd: project.path,
    env: { ...quietEnv, NODE_ENV: 'development' },
  });
  expect(JSON.parse(stdout)).toEqual({
    before: ['old 1', 'old 1'],
    // The second tier has it: evaluated again, not run again.
    unchanged: ['old 1', 0],
    after: ['new 1', 'new 1'],
    // Its own caller gets what it asked for.
    late: 'old 101',
    fresh: ['new 101', 'new 101'],
    invalidated: ['new 1', 3],
    isSameId: true,
  });
});
