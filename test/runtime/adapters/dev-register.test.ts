// `--import cachekit/dev/register` in processes of their own: what it opens, and that it is never in the way.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { childEnv } from '../../helpers/child-env.ts';
import { freePort } from '../../helpers/redis-server.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const use = `
  const { cached, configure, close } = await import('cachekit');
  configure({ backend: 'none' });
  const load = cached(async (id) => id, { name: 'load' });
  await load(1);
  await load(1);
`;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let kill: (() => void) | undefined;
afterEach(() => kill?.());

function run(code: string, env: Readonly<Record<string, string>> = {}, onStderr?: (text: string) => void) {
  const args = ['--conditions=@cachekit/source', '--import', 'cachekit/dev/register', '--input-type=module'];
  const child = spawn(process.execPath, [...args, '--eval', code], {
    cwd: root,
    env: { ...childEnv, NODE_ENV: 'development', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  kill = () => void child.kill('SIGKILL');
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    onStderr?.(stderr);
  });
  return {
    child,
    ended: new Promise<Ended>((resolve) => {
      child.once('close', (exitCode) => resolve({ code: exitCode, stdout, stderr }));
    }),
  };
}

const addressIn = (text: string): string | undefined => /cachekit dev: (http:\S+)/.exec(text)?.[1];

/** Waits for its input to end, as a server waits for requests. */
function serve(env: Readonly<Record<string, string>> = {}) {
  const wait = 'await new Promise((resolve) => process.stdin.once("end", resolve).resume());';
  let found: (address: string) => void;
  const address = new Promise<string>((resolve) => (found = resolve));
  const { child, ended } = run(`${use}${wait}`, env, (text) => {
    const url = addressIn(text);
    if (url !== undefined) found(url);
  });
  return { child, address, finish: () => (child.stdin.end(), ended) };
}

describe('cachekit/dev/register', () => {
  it('opens nothing in a process that caches nothing', async () => {
    const { ended } = run(`await import('cachekit'); console.log('done');`);
    expect(await ended).toEqual({ code: 0, stdout: 'done\n', stderr: '' });
  });

  it('shows the calls of the process on the loopback interface, with the first one', async () => {
    const { child, address, finish } = serve();
    const response = await fetch(`${await address}data.json`);
    expect(await response.json()).toMatchObject({
      pid: child.pid,
      functions: [{ id: 'load', counts: { calls: 2, hits: 1 }, runs: { count: 1 } }],
    });
    expect((await finish()).code).toBe(0);
  });

  it('does not keep the process alive, not even while a page is open', async () => {
    const { ended } = run(`${use}
      await new Promise((resolve) => setImmediate(resolve));
      console.log('done');`);
    expect(await ended).toMatchObject({ code: 0, stdout: 'done\n' });
    const page = `
      const { Agent, get } = await import('node:http');
      const address = 'http://127.0.0.1:' + process.env.CACHEKIT_DEV_PORT;
      const agent = new Agent({ keepAlive: true });
      await new Promise((resolve) => get(address + '/figures', { agent }, (response) => response.resume().on('end', resolve)));
      console.log('done');`;
    const port = await freePort();
    const second = run(`${use}${page}`, { CACHEKIT_DEV_PORT: String(port) });
    expect(await second.ended).toMatchObject({ code: 0, stdout: 'done\n' });
  });

  it('takes another port when the one asked for is taken, and says when it is none', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { address, finish } = serve({ CACHEKIT_DEV_PORT: String(port) });
    expect(await address).not.toBe(`http://127.0.0.1:${port}/`);
    expect((await fetch(`${await address}figures`)).status).toBe(200);
    expect((await finish()).code).toBe(0);
    other.close();
    const wrong = await run(use, { CACHEKIT_DEV_PORT: '99999' }).ended;
    expect(wrong.stderr).toContain('CACHEKIT_DEV_PORT is no port');
    expect(wrong.stderr).not.toContain('CACHEKIT_ENV_UNKNOWN');
  });

  it('is off in production, also when the application sets that itself', async () => {
    const first = await run(use, { NODE_ENV: 'production' }).ended;
    expect(first.stderr).toContain('CACHEKIT_DEV_OFF');
    expect(addressIn(first.stderr)).toBeUndefined();
    const later = await run(`process.env.NODE_ENV = 'production';${use}`).ended;
    expect(later.code).toBe(0);
    expect(addressIn(later.stderr)).toBeUndefined();
  });
});
