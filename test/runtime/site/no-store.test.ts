// The embedded store where nothing can be written: a read-only container, a folder of another user. In processes of their
// own, since test runs have memory for a store. A file where the folder has to be: no right of root helps against that.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../../helpers/run-child.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'no-store-'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "app" }');
  writeFileSync(join(folder, 'node_modules'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
  const { cached, cacheOf, close, invalidateNamespace } = await import('./runtime/index.ts');
  process.chdir(process.env.FOLDER);
  let runs = 0;
  const load = cached(async (id) => ({ id, run: ++runs }), { name: 'load', namespace: 'app' });
  const before = [(await load(1)).run, (await load(1)).run];
  const start = performance.now();
  const told = [await cacheOf(load).invalidate(1), (await load(1)).run, await invalidateNamespace('app')];
  const waitedMs = performance.now() - start;
  console.log(JSON.stringify({ before, told, isLong: waitedMs > 1000, after: (await load(1)).run }));
  await close();
`;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const NODE_OPTIONS = ['--conditions=@cachekit/source', '--input-type=module-typescript', '--eval'];
/** Mounts of its own are for root, where it is allowed at all. */
const canMount = spawnSync('unshare', ['-m', 'mount', '--bind', '/tmp', '/tmp']).status === 0;
const OUTSIDE_OF_TESTS = { VITEST: '', NODE_ENV: 'production', REDIS_URL: '', CACHEKIT_REDIS_URL: '' };

/** On Node 22 no file store is chosen by default, so there is nothing that gives way. */
const hasStore = Number(process.versions.node.split('.')[0]) >= 24;

describe.runIf(hasStore)('the embedded store', () => {
  it('gives way to memory where its folder cannot be written, and says so once', async () => {
    const { code, stdout, stderr } = await runChild(PROGRAM, { ...OUTSIDE_OF_TESTS, FOLDER: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ before: [1, 1], told: [true, 2, true], isLong: false, after: 3 });
    expect(stderr.match(/CACHEKIT_NO_STORE/g)).toHaveLength(1);
    expect(stderr).toContain(`${join(folder, 'node_modules', '.cache', 'cachekit')} (ENOTDIR)`);
    expect(stderr).toContain('memory of this process only');
  });

  it.skipIf(!canMount)('does the same on a read-only disk', async () => {
    const disk = mkdtempSync(join(realpathSync(tmpdir()), 'read-only-'));
    writeFileSync(join(disk, 'package.json'), '{ "name": "app" }');
    const mounts = `mount --bind ${disk} ${disk} && mount -o remount,bind,ro ${disk}`;
    const { stdout, stderr } = await promisify(execFile)(
      'unshare',
      ['-m', 'sh', '-c', `${mounts} && exec "$0" "$@"`, process.execPath, ...NODE_OPTIONS, PROGRAM],
      { cwd: root, env: { ...process.env, ...OUTSIDE_OF_TESTS, FOLDER: disk } },
    );
    rmSync(disk, { recursive: true, force: true });
    expect(JSON.parse(stdout)).toEqual({ before: [1, 1], told: [true, 2, true], isLong: false, after: 3 });
    expect(stderr).toContain('(EROFS)');
  });

  it('says that a folder of your choice cannot be written', async () => {
    const { code, stderr } = await runChild(PROGRAM, {
      ...OUTSIDE_OF_TESTS,
      FOLDER: folder,
      CACHEKIT_PATH: join(folder, 'node_modules', 'store'),
    });
    expect(code).toBe(0);
    expect(stderr.match(/CACHEKIT_NO_STORE/g)).toHaveLength(1);
    expect(stderr).toContain('It is tried again every 5 s');
  });
});
