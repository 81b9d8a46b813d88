// The dev view as it is used: `cachekit dev` around a program, and the page in a real browser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { DevSnapshot } from '../../runtime/adapters/dev/dev-snapshot.ts';
import { devView } from '../../runtime/adapters/dev/index.ts';
import { cached, configure } from '../../runtime/index.ts';
import { resetCacheKit } from '../../runtime/testing/index.ts';
import { quietEnv } from '../helpers/child-env.ts';
import { findChromium, loadPage } from '../helpers/chromium.ts';
import { linkedFolder, type LinkedFolder } from '../helpers/linked-folder.ts';
import { measured } from '../helpers/measured.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const cli = join(repository, 'transformer/bin/cachekit.js');
const chromium = findChromium();
const noBrowser = chromium === undefined ? 'no chromium on PATH (Debian package chromium)' : undefined;
if (noBrowser !== undefined) process.stdout.write(`the dev view in a browser is skipped: ${noBrowser}\n`);

let root: LinkedFolder;
beforeAll(() => void (root = linkedFolder('dev-view')));
afterAll(() => root.remove());

function start(folder: string, ...args: readonly string[]) {
  const child = spawn(process.execPath, [cli, 'dev', ...args], {
    cwd: folder,
    env: {
      ...quietEnv,
      NODE_ENV: 'development',
      CACHEKIT_PATH: join(folder, 'store'),
      CACHEKIT_READ_TIMEOUT: '10',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = (stream: NodeJS.ReadableStream) => createInterface({ input: stream });
  return { child, out: lines(child.stdout), err: lines(child.stderr), ended: once(child, 'close') };
}

describe('cachekit dev', { timeout: 300_000 }, () => {
  it('shows every cached function of the project with the calls of the program it runs', async () => {
    const folder = join(root.path, 'shop-api');
    cpSync(join(repository, 'fixtures/apps/shop-api'), folder, { recursive: true });
    // No build: the hook compiles, as in development.
    const hook = '--import=@cachekit/plugins/register';
    const { child, out, err, ended } = start(folder, '--', process.execPath, hook, 'src/server.ts');
    const address = once(err, 'line') as Promise<[string]>;
    const [port] = (await once(out, 'line')) as [string];
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}/${path}`).then((answer) => answer.text());
    for (const sku of ['a-1', 'a-1', 'b-2']) await ask(`products/${sku}`);
    const url = /^cachekit dev: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec((await address)[0])?.[1] ?? '';
    const snapshot = (await fetch(`${url}data.json`).then((answer) => answer.json())) as DevSnapshot;
    expect(snapshot.functions).toMatchObject([
      {
        name: 'product',
        place: expect.stringMatching(/^src\/products\.ts:\d+$/),
        profile: 'production',
        key: ['sku'],
        counts: { calls: 3, hits: 1, misses: 2 },
        runs: { count: 2 },
      },
      { name: 'turnoverByProduct', key: ['range'], counts: { calls: 0 } },
    ]);
    expect(await (await fetch(url)).text()).toContain('src/products.ts');
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  it('ends as the program ends, and says what it needs', async () => {
    const folder = join(root.path, 'shop-api');
    const failing = start(folder, '--', process.execPath, '-e', 'process.exitCode = 7');
    expect((await failing.ended)[0]).toBe(7);
    const [bare, none] = [start(folder), start(folder, '--', 'no-such-program')];
    expect(((await once(bare.err, 'line')) as [string])[0]).toContain('cachekit dev -- node');
    expect(((await once(none.err, 'line')) as [string])[0]).toContain("no program 'no-such-program'");
    expect([(await bare.ended)[0], (await none.ended)[0]]).toEqual([2, 2]);
  });
});

describe('in a browser', () => {
  it.skipIf(noBrowser !== undefined)(
    'the figures go on while the page is open, and nothing is refused',
    async (context) => {
      await resetCacheKit();
      configure({ backend: 'none' });
      const load = cached(async (id: number) => id, { name: 'shown' });
      const view = devView({ base: '/cache/', manifest: join(root.path, 'none.json') });
      let asked = 0;
      const server = createServer((request, response) => {
        void (async () => {
          // Each time the page asks, there is one call more to show.
          if (request.url === '/cache/figures') await load(asked++ % 2);
          if (!view.handle(request, response)) response.writeHead(404).end();
        })();
      });
      onTestFinished(async () => {
        view.stop();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const { html, consoleLines } = await loadPage(chromium ?? '', `http://127.0.0.1:${port}/cache/`, 5000);
      expect(consoleLines).toEqual([]);
      expect(/<small id="state">([^<]*)/.exec(html)?.[1]).toBe('live');
      const calls = Number(/<tr><td><span title="shown">.*?<td class="n">(\d+)/s.exec(html)?.[1]);
      expect(calls).toBeGreaterThanOrEqual(2);
      expect(html).toContain('<svg');
      measured(context, `${calls} refreshes`);
    },
  );
});
