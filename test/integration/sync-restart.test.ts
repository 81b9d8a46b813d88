// Synchronous functions and the embedded store, over restarts of a process.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { runChild } from '../helpers/run-child.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-sync-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process with default settings and its store in `folder`, that runs `code` with a synchronous function `size`. */
async function inProcess(folder: string, code: string): Promise<unknown> {
  const { stdout, stderr } = await runChild(`
    for (const name of ['NODE_ENV', 'VITEST', 'NODE_TEST_CONTEXT', 'REDIS_URL', 'CACHEKIT_REDIS_URL'])
      delete process.env[name];
    process.env.CACHEKIT_PATH = ${JSON.stringify(folder)};
    const { cacheOf, close, configure, flush, subscribe } = await import('./runtime/index.ts');
    const { site } = await import('./runtime/emit/v1.ts');
    let runs = 0;
    const outcomes = {};
    const count = ({ operation, outcome }) => {
      if (operation === 'set') outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    };
    subscribe('cachekit:backend', count);
    const made = site({
      v: 1, id: 'app/size#size', profile: 'default', package: 'app', settings: {}, sync: true, index: 1,
      shape: '0123456789abcdef', code: 'fedcba9876543210', serializer: 'std', fn: () => size,
      keys: (kit) => ({ key: (id) => kit.num(id) }),
      value: (kit) => ({ accepts: (v) => typeof v === 'number', write: (to, v) => to.num(v), read: (from) => from.num() }),
    });
    function size(id) {
      return made.hit(id) ?? made.runSync([id], (id) => (runs++, id * 2));
    }
    const turns = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    ${code}
    process.stdout.write(JSON.stringify(result));
  `);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as unknown;
}

const BURST = `
  for (let id = 0; id < 1345; id++) size(id);
  await flush();
  const result = { runs, outcomes, ...cacheOf(size).getHealthStatus().backpressure };
  await close();
`;

describe('a synchronous function and the embedded store', () => {
  test('a burst of results is written completely, and answered after a restart from the first call on', async () => {
    const folder = temporaryFolder();
    expect(await inProcess(folder, BURST)).toEqual({
      runs: 1345,
      outcomes: { ok: 1345 },
      maxConcurrent: 100,
      currentRequests: 0,
      rejectedRequests: 0,
    });
    const later = await inProcess(
      folder,
      `
      await turns(1000); // a server waits for requests
      let sum = 0;
      for (let id = 0; id < 1345; id++) sum += size(id);
      const { l2Hits, misses } = cacheOf(size).stats();
      const result = { runs, sum, l2Hits, misses };
      await close();
    `,
    );
    expect(later).toEqual({ runs: 0, sum: 1345 * 1344, l2Hits: 1345, misses: 0 });
  });

  test('close() alone writes what waits', async () => {
    const folder = temporaryFolder();
    const code = 'for (let id = 0; id < 60; id++) size(id); await close(); const result = outcomes;';
    expect(await inProcess(folder, code)).toEqual({ ok: 60 });
  });

  test('a process that only loads it loads nothing more, and ends at once', async () => {
    const folder = temporaryFolder();
    const code = "const result = existsSync(process.env.CACHEKIT_PATH + '/cache.sqlite');";
    expect(await inProcess(folder, `const { existsSync } = await import('node:fs'); ${code}`)).toBe(false);
  });
});

test('CACHEKIT_PATH is a folder, and the store one file in it', async () => {
  const folder = join(temporaryFolder(), 'made', 'here');
  await inProcess(folder, BURST);
  expect(statSync(folder).isDirectory()).toBe(true);
  expect(readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(['cache.sqlite']);
  expect(statSync(join(folder, 'cache.sqlite')).isFile()).toBe(true);
  expect(existsSync(join(folder, 'cache.sqlite', 'cache.sqlite'))).toBe(false);
});
