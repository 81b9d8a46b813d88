// The applications under fixtures/apps, built and run as their README files say: cached and uncached answers are equal,
// and what should come from the cache does. On the built packages: `npm run build` first.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { childEnv } from '../helpers/child-env.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(repository, 'transformer/bin/cachekit.js');
const vite = join(repository, 'node_modules/vite/bin/vite.js');
const run = promisify(execFile);
const redisUrl = inject('redisUrl');

type Env = Readonly<Record<string, string>>;

/** Each builds and starts several processes. */
const SLOW = { timeout: 300_000 };

let root: LinkedFolder;
beforeAll(() => void (root = linkedFolder('example-apps')));
afterAll(() => root.remove());

/** A copy of the app, with a store of its own. What a busy machine makes slow is not what is tested here. */
function copyApp(name: string): { folder: string; env: Env } {
  const folder = join(root.path, name);
  cpSync(join(repository, 'fixtures/apps', name), folder, { recursive: true });
  const store = { CACHEKIT_PATH: join(folder, 'store'), CACHEKIT_READ_TIMEOUT: '10' };
  return { folder, env: { ...childEnv, NODE_ENV: 'production', ...store } };
}

async function node(folder: string, env: Env, ...args: readonly string[]) {
  return run(process.execPath, [...args], { cwd: folder, env }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${args.join(' ')}\n${error.stdout}${error.stderr}`);
    },
  );
}

/** Their tsconfigs are strict: an example has no warnings. */
async function build(folder: string, env: Env): Promise<void> {
  await node(folder, env, cli, 'build');
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Server {
  ask(path: string, init?: RequestInit): Promise<{ status: number; text: string; json: () => unknown }>;
  /** Resolves with everything it wrote to stderr when it has ended by itself. */
  stop(): Promise<string>;
}

async function serve(folder: string, env: Env, ...args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = once(child, 'close');
  const first = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [port] = await Promise.race([
    first,
    ended.then(() => Promise.reject(new Error(`it did not start:\n${stderr}`))),
  ]);
  return {
    async ask(path, init) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      const text = await response.text();
      return { status: response.status, text, json: () => JSON.parse(text) as unknown };
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      running.delete(child);
      return stderr;
    },
  };
}

it('each has a README with the commands that are run here', () => {
  const apps = readdirSync(join(repository, 'fixtures/apps')).filter(
    (name) => name !== 'basic' && name !== 'explorer', // test/e2e/basic-app.test.ts and `npm run demo`
  );
  expect(apps.toSorted()).toEqual(['orders-service', 'shop-api', 'ssr-blog', 'word-count']);
  for (const name of apps)
    expect(readFileSync(join(repository, 'fixtures/apps', name, 'README.md'), 'utf8')).toContain('```sh');
});

describe.skipIf(redisUrl === '')('shop-api (skipped only where there is no redis-server)', SLOW, () => {
  it('answers as without a cache, asks its database once per fleet, and invalidates everywhere', async () => {
    const { folder, env } = copyApp('shop-api');
    await build(folder, env);
    const shop: Env = { ...env, DATABASE: 'shop.db', REDIS_URL: redisUrl, CACHEKIT_KEY_PREFIX: 'shop-api' };
    const [one, two, uncached] = await Promise.all([
      serve(folder, shop, 'dist/server.js'),
      serve(folder, shop, 'dist/server.js'),
      serve(folder, { ...shop, CACHEKIT_DISABLED: 'true' }, 'dist/server.js'),
    ]);
    const sale = JSON.stringify({ sku: 'b-2', pieces: 2, day: '2026-01-05' });
    await one.ask('/sales', { method: 'POST', body: sale });

    const paths = [
      '/products/a-1',
      '/products/b-2',
      '/products/none',
      '/sales?from=2026-01-01&to=2026-02-01',
    ];
    const expectSame = async (): Promise<void> => {
      for (const path of paths) {
        const right = await uncached.ask(path);
        for (const server of [one, two, one])
          expect({ path, ...(await server.ask(path)) }).toMatchObject({
            status: right.status,
            text: right.text,
          });
      }
    };
    await expectSame();
    const stats = async (server: Server) =>
      (await server.ask('/stats')).json() as {
        queries: number;
        product: { hits: number; misses: number };
        turnoverByProduct: { hits: number };
      };
    const before = [await stats(one), await stats(two)];
    expect(before[0]?.product.hits).toBeGreaterThanOrEqual(3);
    expect(before[0]?.turnoverByProduct.hits).toBeGreaterThanOrEqual(1);

    await expectSame();
    // Nothing was asked of the database any more.
    expect([(await stats(one)).queries, (await stats(two)).queries]).toEqual(
      before.map(({ queries }) => queries),
    );

    const changed = await two.ask('/products/b-2/price', { method: 'PUT', body: '700' });
    expect(changed.status).toBe(204);
    const seenByWriter = (await two.ask('/products/b-2')).json();
    expect(seenByWriter).toMatchObject({ cents: 700 });
    expect((await two.ask('/sales')).json()).toEqual({ Coffee: { pieces: 2, cents: 1400 } });
    // The other process hears of it within 100 ms when it is not starved; here only that it does.
    await expect
      .poll(async () => (await one.ask('/products/b-2')).json(), { timeout: 10_000 })
      .toEqual(seenByWriter);
    expect((await one.ask('/health')).json()).toMatchObject({ status: 'healthy', redisConnection: 'active' });
    expect(await Promise.all([one.stop(), two.stop(), uncached.stop()])).toEqual(
      ['', '', ''].map(quietSqlite),
    );
  });
});

/** Node 24 says once that node:sqlite is experimental, where it still is. */
function quietSqlite(expected: string): unknown {
  return expect.toSatisfy(
    (text: string) => text === expected || /^\(node:\d+\) ExperimentalWarning: SQLite/.test(text),
  );
}

describe('orders-service', SLOW, () => {
  it('caches methods of classes with legacy decorators and constructor injection', async () => {
    const { folder, env } = copyApp('orders-service');
    await build(folder, env);
    interface Printed {
      readonly rounds: readonly [unknown, unknown];
      readonly ran: readonly string[];
      readonly asked: readonly string[];
      readonly hits: readonly number[];
    }
    const print = async (extra: Env): Promise<Printed> =>
      JSON.parse((await node(folder, { ...env, ...extra }, 'dist/main.js')).stdout) as Printed;
    const uncached = await print({ CACHEKIT_DISABLED: 'true' });
    const cached = await print({ CACHEKIT_BACKEND: 'none' });
    expect(cached.rounds).toEqual(uncached.rounds);
    expect(cached.rounds[1]).toEqual(cached.rounds[0]);
    expect(uncached.ran).toHaveLength(16);
    // 7 and its total, the total of 8 and the order 8, 101 and its total: once each.
    expect(cached.ran).toEqual(['find', 'total', 'total', 'find', 'find', 'total']);
    // The decorator wraps the cached method: it sees every call.
    expect(cached.asked).toEqual(uncached.asked);
    expect(cached.hits).toEqual([4, 3]);
  });
});

describe('word-count', SLOW, () => {
  it('counts only what changed since the last run', async () => {
    const { folder, env } = copyApp('word-count');
    const texts = join(folder, 'texts');
    cpSync(join(repository, 'docs/decisions'), texts, { recursive: true });
    const files = readdirSync(texts);
    const count = async (extra: Env = {}): Promise<{ stdout: string; stats: unknown }> => {
      const args = ['--import', '@cachekit/plugins/register', 'src/main.ts', 'texts', '--stats'];
      const { stdout, stderr } = await node(folder, { ...env, ...extra, NODE_NO_WARNINGS: '1' }, ...args);
      return { stdout, stats: JSON.parse(stderr) as unknown };
    };
    const uncached = await count({ CACHEKIT_DISABLED: 'true' });
    expect(await count()).toEqual({ stdout: uncached.stdout, stats: { hits: 0, misses: files.length } });
    // On a busy machine a process does not wait until its store is open: then the next one shows it.
    await expect
      .poll(() => count(), { timeout: 120_000 })
      .toEqual({ stdout: uncached.stdout, stats: { hits: files.length, misses: 0 } });
    let before = uncached.stdout;
    const countChanged = async (): Promise<unknown> => {
      const changed = join(texts, files[0] ?? '');
      writeFileSync(changed, `${readFileSync(changed, 'utf8')}\nAnother sentence.\n`);
      utimesSync(changed, new Date(), new Date(Date.now() + 1000));
      const { stdout } = await count({ CACHEKIT_DISABLED: 'true' });
      expect(stdout).not.toBe(before);
      before = stdout;
      const cached = await count();
      expect(cached.stdout).toBe(stdout);
      return cached.stats;
    };
    await expect.poll(countChanged, { timeout: 120_000 }).toEqual({ hits: files.length - 1, misses: 1 });
  });
});

describe('ssr-blog', SLOW, () => {
  const paths = ['/', '/caches', '/keys', '/nothing'];

  async function pagesOf(server: Server): Promise<string[]> {
    const pages: string[] = [];
    for (const path of paths) pages.push((await server.ask(path)).text);
    return pages;
  }

  it('renders the same pages from the cache, built and in the dev server', async () => {
    const { folder, env } = copyApp('ssr-blog');
    await build(folder, env); // which only checks: the tsconfig emits nothing
    await node(folder, env, vite, 'build', '--outDir', 'dist/client');
    await node(folder, env, vite, 'build', '--ssr', 'src/entry-server.ts', '--outDir', 'dist/server');
    expect((await node(folder, env, cli, 'verify', 'dist/server')).stdout).toContain('2 of 2 sites found');
    const scripts = readdirSync(join(folder, 'dist/client/assets')).map((file) =>
      readFileSync(join(folder, 'dist/client/assets', file), 'utf8'),
    );
    expect(scripts.join('')).not.toContain('cachekit');

    const uncached = await serve(folder, { ...env, CACHEKIT_DISABLED: 'true' }, 'server.ts');
    const right = await pagesOf(uncached);
    expect(right[1]).toContain('<em>nobody</em>');
    const server = await serve(folder, env, 'server.ts');
    expect(await pagesOf(server)).toEqual(right);
    expect(await pagesOf(server)).toEqual(right);
    expect((await server.ask('/stats')).json()).toEqual({ hits: 4, misses: 4 });
    expect((await server.ask('/nothing')).status).toBe(404);

    const dev = await serve(folder, { ...env, NODE_ENV: 'development' }, 'server.ts', '--dev');
    onTestFinished(() => dev.stop().then(() => undefined));
    const bodies = (pages: readonly string[]) => pages.map((page) => /<main>.*<\/main>/s.exec(page)?.[0]);
    expect(bodies(await pagesOf(dev))).toEqual(bodies(right));
    expect(bodies(await pagesOf(dev))).toEqual(bodies(right));
    expect((await dev.ask('/stats')).json()).toMatchObject({ hits: 4 });
    await Promise.all([server.stop(), uncached.stop()]);
  });
});
