// Programs in the pages do what the pages say: a ts block with a text block directly after it is compiled by the compiler
// and run, and prints that text; blocks that are tests of Vitest are run by Vitest with the plugin.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openProject } from '../../transformer/host/project/project.ts';
import { blocksOf, pages, type PageBlock } from '../docs/page-blocks.ts';
import { childEnv, quietEnv } from '../helpers/child-env.ts';
import { linkedFolder } from '../helpers/linked-folder.ts';

const blocks = pages().flatMap(blocksOf);
const programs = blocks.filter(({ prints }) => prints !== undefined);
const tests = blocks.filter(({ text }) => text.includes("from 'vitest'"));
const nameOf = ({ page, line }: PageBlock): string => `${page}:${line}`;
const moduleOf = (block: PageBlock): string => nameOf(block).replaceAll(/[/.:]/g, '-');

const linked = linkedFolder('pages');
afterAll(() => linked.remove());
const run = promisify(execFile);

const runner = fileURLToPath(new URL('../helpers/page-runner.mjs', import.meta.url));
const outputOf = (block: PageBlock): string => join(linked.path, 'out', `${moduleOf(block)}.mjs`);
const usesRedis = (block: PageBlock): boolean => block.text.includes("env['REDIS_URL']");

/** What every reader has: a tsconfig with the plugin entry. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    strict: true,
    types: ['node'],
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    customConditions: ['@cachekit/source'],
    plugins: [{ transform: '@cachekit/transformer', transformProgram: true }],
  },
  include: ['src/**/*', 'tests/**/*'],
};

const VITEST_CONFIG = `import cachekit from '@cachekit/plugins/vite';
const conditions = ['@cachekit/source', 'node', 'import', 'default'];
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  plugins: [cachekit()],
};
`;

/** Errors and warnings of the compiler, by program: the reader would see them too. Not of hidden code: line 1. */
const said = new Map<PageBlock, readonly string[]>();

beforeAll(() => {
  const write = (name: string, text: string): void => writeFileSync(join(linked.path, name), text);
  for (const folder of ['src', 'tests', 'out']) mkdirSync(join(linked.path, folder));
  write('package.json', JSON.stringify({ name: 'shop', version: '1.0.0', type: 'module' }));
  write('tsconfig.json', JSON.stringify(TSCONFIG));
  write('vitest.config.ts', VITEST_CONFIG);
  for (const block of programs) write(`src/${moduleOf(block)}.ts`, block.text);
  for (const block of tests) write(`tests/${moduleOf(block)}.test.ts`, block.text);
  const project = openProject({ cwd: linked.path });
  for (const block of programs) {
    const { code, diagnostics } = project.compile(join(linked.path, `src/${moduleOf(block)}.ts`));
    const grave = diagnostics.filter(
      ({ severity, message }) => severity !== 'info' && !message.includes('line 1)'),
    );
    said.set(
      block,
      grave.map(({ code: id, message }) => `${id} ${message}`),
    );
    const compilerOptions = { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext };
    const { outputText } = ts.transpileModule(code ?? block.text, { compilerOptions });
    writeFileSync(outputOf(block), outputText);
  }
});

/** File → what it printed. One process for all of them: to start one takes longer than most programs. */
async function runAll(redisUrl: string): Promise<Readonly<Record<string, string>>> {
  // Not a test run: what programs do outside of tests. Nothing of them stays on the disk.
  const env = {
    ...quietEnv,
    NODE_ENV: '',
    CACHEKIT_BACKEND: 'memory',
    CACHEKIT_READ_TIMEOUT: '5', // on a busy machine Redis may need longer than the default
    REDIS_URL: redisUrl,
  };
  const files = programs.filter((block) => redisUrl !== '' || !usesRedis(block)).map(outputOf);
  const { stdout } = await run(process.execPath, ['--conditions=@cachekit/source', runner, ...files], {
    env,
  });
  return JSON.parse(stdout) as Record<string, string>; // as the runner wrote it
}

describe('programs', () => {
  let printed: Readonly<Record<string, string>>;
  beforeAll(async () => void (printed = await runAll(inject('redisUrl'))));

  it.for(programs)('$page:$line', (block, { skip }) => {
    if (usesRedis(block) && inject('redisUrl') === '') skip('there is no redis-server');
    expect(said.get(block)).toEqual([]);
    expect(printed[outputOf(block)]).toBe(block.prints);
  });

  it('are in the pages of the guide that show what happens', () => {
    const shown = new Set(programs.map(({ page }) => page));
    expect(shown.size).toBeGreaterThan(18);
  });
});

it('tests of Vitest in the pages pass', async () => {
  const vitest = join(fileURLToPath(new URL('../../', import.meta.url)), 'node_modules/vitest/vitest.mjs');
  const args = [
    '--conditions=@cachekit/source',
    vitest,
    'run',
    '--testTimeout=60000', // what it is on a busy machine is not what the pages are about
    '--reporter=json',
    '--outputFile=report.json',
  ];
  const ended = await run(process.execPath, args, { cwd: linked.path, env: childEnv }).catch(
    (error: { stdout?: string; stderr?: string }) => error,
  );
  const report = JSON.parse(readFileSync(join(linked.path, 'report.json'), 'utf8')) as {
    readonly numTotalTests: number;
    readonly numPassedTests: number;
    readonly testResults: readonly { readonly name: string; readonly status: string }[];
  }; // Jest's format
  const failed = report.testResults.filter(({ status }) => status !== 'passed').map(({ name }) => name);
  expect({ failed, output: failed.length > 0 ? ended.stdout : '' }).toEqual({ failed: [], output: '' });
  expect(report.testResults.length).toBe(tests.length);
  expect(report.numPassedTests).toBe(report.numTotalTests);
  expect(report.numTotalTests).toBeGreaterThan(tests.length);
});
