// `npm test`: builds the packages, makes sure there is a redis-server, runs all tests and prints one closing line.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from '../test/helpers/chromium.ts';
import { ensureRedis } from '../test/helpers/ensure-redis.ts';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cachekit-test-'));
const reportFile = join(folder, 'report.json');

function node(...args: readonly string[]): number {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function closingLine(exitCode: number): string {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  } catch {
    return '0 passed, 1 failed, 0 skipped';
  }
  // A test file that does not load counts as a failure, although it has no failed tests.
  const failed = Math.max(report.numFailedTests, exitCode === 0 ? 0 : 1);
  return `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`;
}

ensureRedis();
// Chromium is too large to install on somebody's own machine unasked. There the browser tests are skipped, with the
// reason.
if (process.env['CI'] !== undefined) ensureChromium();
let exitCode = node('.ci/build.ts');
if (exitCode === 0) {
  exitCode = node(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  );
}
process.stdout.write(`\n${closingLine(exitCode)}\n`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = exitCode;
