// Vitest keeps transformed modules on disk between runs: a type that changed in another file must show all the same.
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childEnv } from '../helpers/child-env.ts';
import { smallProject, type SmallProject } from '../helpers/small-project.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const vitest = join(modules, 'vitest/vitest.mjs');

const types = 'export interface Item { id: number }\n';
const load = `import type { Item } from './types.ts';
export let runs = 0;
/** @cache */
export async function load(id: number): Promise<Item> {
  runs++;
  if (id < 0) throw new Error('negative');
  return { id } as Item;
}
`;
const test = `import { expect, test } from 'vitest';
import { load, runs } from './load.ts';
test('runs once', async () => {
  await load(1);
  await load(1);
  expect(runs).toBe(1);
});
test('fails in line 6', async () => {
  const stack = await load(-1).catch((error: Error) => error.stack);
  expect(stack).toMatch(/load\\.ts:6:\\d+/);
});
`;
const config = `import cachekit from '@cachekit/plugins/vite';
const conditions = ['@cachekit/source', 'node', 'import', 'default'];
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  plugins: [cachekit()],
};
`;

let project: SmallProject;
beforeAll(() => {
  const files = { 'types.ts': types, 'load.ts': load, 'load.test.ts': test };
  project = smallProject(files, { allowImportingTsExtensions: true, noEmit: true });
  project.write('vitest.config.ts', config);
  symlinkSync(modules, project.file('node_modules'), 'dir');
});
afterAll(() => project.remove());

interface Result {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

async function run(): Promise<Result> {
  const args = ['--conditions=@cachekit/source', vitest, 'run', '--testTimeout=60000'];
  args.push('--reporter=default', '--reporter=json');
  const ended = promisify(execFile)(process.execPath, [...args, '--outputFile.json=report.json'], {
    cwd: project.path,
    env: childEnv,
  });
  const { stdout, stderr } = (await ended.catch((error: unknown) => error)) as Awaited<typeof ended>; // it has both too
  const report = JSON.parse(readFileSync(project.file('report.json'), 'utf8')) as {
    numPassedTests: number;
    numFailedTestSuites: number;
  }; // Jest's format
  return { passed: report.numPassedTests, failed: report.numFailedTestSuites, output: stdout + stderr };
}

it('shows a type that another file changed, whatever its cache on disk has', async () => {
  const first = await run();
  expect(first).toMatchObject({ passed: 2, failed: 0 });

  project.write('types.ts', 'export interface Item { id: number; call: () => void }\n');
  const second = await run();
  expect(second).toMatchObject({ passed: 0, failed: 1 });
  expect(second.output).toContain('CK1106: Path .call is a function');

  project.write('types.ts', types);
  expect(await run()).toMatchObject({ passed: 2, failed: 0 });
});
