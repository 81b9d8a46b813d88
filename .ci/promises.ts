// `npm run promises`: prints one row per promise with what was measured. Exits with 1 when one is missed or has no
// test.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from '../test/helpers/chromium.ts';
import { ensureRedis } from '../test/helpers/ensure-redis.ts';
import { compilerRows } from '../test/promises/compiler-rows.ts';
import { hostRows } from '../test/promises/host-rows.ts';
import { rows as productRows, type PromiseRow } from '../test/promises/rows.ts';
import { securityRows } from '../test/promises/security-rows.ts';

interface TestResult {
  readonly fullName: string;
  readonly title: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
  readonly meta?: { readonly measured?: string };
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

const rows: readonly PromiseRow[] = [...productRows, ...securityRows, ...compilerRows, ...hostRows];
const twice = rows.filter(({ id }, index) => rows.findIndex((row) => row.id === id) !== index);
if (twice.length > 0)
  throw new Error(`Names of rows are used twice: ${twice.map(({ id }) => id).join(', ')}`);
const root = fileURLToPath(new URL('..', import.meta.url));

function runTests(files: readonly string[]): Report {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-promises-'));
  const file = join(folder, 'report.json');
  spawnSync(process.execPath, ['.ci/build.ts'], { cwd: root, stdio: 'inherit' });
  const vitest = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...files,
  ];
  spawnSync(process.execPath, vitest, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  rmSync(folder, { recursive: true, force: true });
  return report;
}

function judge(row: PromiseRow, report: Report): { readonly kept: boolean; readonly measured: string } {
  const file = report.testResults.find((result) => relative(root, result.name) === row.file);
  const results = (file?.assertionResults ?? []).filter(
    (test) => row.test === undefined || test.title === row.test,
  );
  if (results.length === 0) return { kept: false, measured: 'no such test ran' };
  const failed = results.filter((test) => test.status !== 'passed');
  const [first] = failed;
  if (first !== undefined) {
    // Enough text to reproduce a counterexample.
    const why = first.failureMessages?.[0]?.slice(0, 2000) ?? '';
    return { kept: false, measured: `${failed.length} of ${results.length} tests: ${first.title}\n${why}` };
  }
  const said = results.map((test) => test.meta?.measured).filter((text) => text !== undefined);
  return { kept: true, measured: said.length > 0 ? said.join('; ') : `${results.length} tests passed` };
}

ensureRedis();
ensureChromium();
const report = runTests([...new Set(rows.map((row) => row.file))]);
let missed = 0;
for (const row of rows) {
  const { kept, measured } = judge(row, report);
  if (!kept) missed++;
  process.stdout.write(
    `${kept ? 'kept  ' : 'MISSED'} ${row.id.padEnd(3)} ${row.promise.padEnd(68)} ${row.bound.padEnd(42)} ${measured}\n`,
  );
}
process.stdout.write(`\n${rows.length - missed} kept, ${missed} missed\n`);
process.exitCode = missed === 0 ? 0 : 1;
