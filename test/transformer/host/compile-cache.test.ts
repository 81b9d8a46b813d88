// Processes that build keep V8's compiled code on disk, as far as Node and its environment let them.
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runChild } from '../../helpers/run-child.ts';
import { smallProject, type SmallProject } from '../../helpers/small-project.ts';

let project: SmallProject;
let scratch: string;
beforeAll(() => {
  const mark = '/** @cache */\nexport async function a(id: number): Promise<number> {\n  return id;\n}\n';
  project = smallProject({ 'a.ts': mark, 'plain.ts': 'export {};\n' });
});
afterAll(() => project.remove());
beforeEach(() => (scratch = mkdtempSync(join(realpathSync(tmpdir()), 'cachekit-compile-cache-'))));
afterEach(() => rmSync(scratch, { recursive: true }));

/** A bundler's build of one file, with a folder for temporary files that is empty. Returns where the cache lies. */
async function build(file: string, env: Readonly<Record<string, string>> = {}): Promise<string | null> {
  const { code, stdout, stderr } = await runChild(
    `import { readFileSync } from 'node:fs';
    import { createRequire, getCompileCacheDir } from 'node:module';
    import { openBundlerProject } from './transformer/bundler.ts';
    const file = ${JSON.stringify(join(project.path, file))};
    const { code } = await openBundlerProject({ cwd: ${JSON.stringify(project.path)} }).compile(file, readFileSync(file, 'utf8'));
    const isLoaded = Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/typescript/'));
    console.log(JSON.stringify({ isCached: code?.includes('.site({') === true, isLoaded, cache: getCompileCacheDir() ?? null }));`,
    { TMPDIR: scratch, ...env },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { cache, ...found } = JSON.parse(stdout) as { cache: string | null }; // printed above
  const isMarked = file === 'a.ts';
  expect(found).toEqual({ isCached: isMarked, isLoaded: isMarked });
  return cache;
}

/** Files of compiled code: TypeScript, and the modules of the compiler. */
const filesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

it('a build that loads the compiler leaves its compiled code where Node keeps it', async () => {
  expect(await build('a.ts')).toMatch(/node-compile-cache/);
  expect(filesIn(join(scratch, 'node-compile-cache'))).toBeGreaterThan(50);
});

it.each([
  ['without a mark', 'plain.ts', {}],
  ['where Node is told not to', 'a.ts', { NODE_DISABLE_COMPILE_CACHE: '1' }],
  ['where the folder cannot be made', 'a.ts', { TMPDIR: '/dev/null' }],
])('%s there is none, and the build is the same', async (_, file, env) => {
  expect(await build(file, env)).toBeNull();
  expect(filesIn(scratch)).toBe(0);
});

it('while coverage is counted there is none', async () => {
  const coverage = join(scratch, 'coverage');
  expect(await build('a.ts', { NODE_V8_COVERAGE: coverage })).toBeNull();
  expect(readdirSync(scratch)).toEqual(['coverage']);
});
