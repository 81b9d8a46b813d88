// What a fresh clone does.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measured } from '../helpers/measured.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const gitStatus = (): string =>
  spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout;

test('the demo runs and leaves the checkout clean', (context) => {
  const before = gitStatus();
  const startedMs = performance.now();
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['fixtures/apps/explorer/demo.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH, HOME },
  });
  const tookS = (performance.now() - startedMs) / 1000;
  expect(`${stdout}${stderr}`).toContain('CK1108');
  expect(status).toBe(0);
  expect(tookS).toBeLessThan(120);
  expect(gitStatus()).toBe(before);
  measured(context, `${tookS.toFixed(0)} s, checkout as before`);
}, 150_000);

test('the tests run on the pinned Node major', (context) => {
  expect(process.versions.node.split('.')[0]).toBe('24');
  measured(context, process.version);
});

test('the lockfile holds no registry addresses', (context) => {
  for (const file of ['package-lock.json', 'bench/peers/package-lock.json']) {
    expect(readFileSync(join(root, file), 'utf8')).not.toMatch(/"resolved": "http/);
  }
  measured(context, '0 addresses');
});
