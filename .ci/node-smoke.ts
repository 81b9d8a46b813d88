// Smoke test of the built packages on the current Node: every entry loads by `import` and `require`, and `cachekit
// build`, the Node hook and the code they produce work. Ends with an assertion error otherwise.
import { deepEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'cachekit-node-'));
const node = (...args: readonly string[]): string =>
  execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', NODE_ENV: 'test' },
  });

/** Loaded in child processes only, as both entries named `register` change the process. */
const HOOK = '@cachekit/plugins/register';

function entriesOf(name: string): readonly string[] {
  const text = readFileSync(join(root, name, 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as { name: string; exports: Record<string, unknown> }; // ours
  return Object.keys(manifest.exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => manifest.name + path.slice(1))
    .filter((entry) => !entry.endsWith('/register'));
}

interface Printed {
  readonly rounds: readonly [unknown, unknown];
  readonly runs: Readonly<Record<string, number>>;
}

try {
  cpSync(join(root, 'fixtures/apps/basic'), folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const require = createRequire(join(folder, 'package.json'));
  for (const entry of ['runtime', 'transformer', 'plugins'].flatMap(entriesOf)) {
    ok(Object.keys((await import(entry)) as object).length > 0, `${entry} exports nothing`);
    ok(require(entry), `${entry} cannot be required`);
  }
  equal(node(join(root, 'transformer/bin/cachekit.js'), 'build', '-p', '.'), '');
  const built = JSON.parse(node('dist/main.js')) as Printed; // main.ts prints it
  const hooked = JSON.parse(node('--import', HOOK, 'src/main.ts')) as Printed; // the same
  deepEqual(built.rounds[0], built.rounds[1]);
  equal(built.runs['area'], 1);
  deepEqual(hooked, built);
  process.stdout.write(`Node ${process.versions.node}: built and hooked, cached alike\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
