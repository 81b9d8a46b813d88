// How a process ends, whatever state its backend is in; and that configuring a hundred times leaves nothing behind.
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once, type EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { quietEnv } from '../helpers/child-env.ts';
import { measured } from '../helpers/measured.ts';
import { rawCommand, startRedisServer, until, type RedisServer } from '../helpers/redis-server.ts';
import { startRespServer } from '../helpers/resp-server.ts';
import { runChild } from '../helpers/run-child.ts';

const hasRedis = inject('redisUrl') !== '';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function server(): Promise<RedisServer> {
  const started = await startRedisServer();
  cleanups.push(() => started.close());
  return started;
}

const PROGRAM = `
  import { setTimeout as pause } from 'node:timers/promises';
  import { cacheOf, close, configure, flush } from './runtime/index.ts';
  import { watchStandstill } from './test/helpers/lateness.ts';
  import { oneNumber } from './test/runtime/site/hand-written.ts';
  const load = oneNumber(async (id) => ({ id, tags: ['x'] }));`;

/** Calls, invalidates `sentMs` before it closes, says how long that took, and has nothing else to do. */
const closing = (backend: string, sentMs: number): string => `${PROGRAM}
  configure({ backend: ${JSON.stringify(backend)} });
  await load(1);
  void load(2);
  void cacheOf(load).invalidate(1);
  if (${sentMs} > 0) await pause(${sentMs});
  // No timer of ours keeps the process alive.
  const standstill = watchStandstill({ isAlive: false });
  const beganMs = performance.now();
  await close();
  const tookMs = performance.now() - beganMs;
  process.once('exit', () => {
    const endedMs = performance.now() - beganMs;
    console.log(JSON.stringify({ tookMs, endedMs, lateMs: standstill() }));
  });`;

interface Closed {
  readonly tookMs: number;
  readonly endedMs: number;
  /** How long that process stood still meanwhile. */
  readonly lateMs: number;
}

async function closes(backend: string, sentMs = 0): Promise<Closed> {
  const { code, stdout, stderr } = await runChild(closing(backend, sentMs), { NODE_ENV: 'production' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Closed; // the program prints that
}

describe.runIf(hasRedis)('close() ends within a second, and the process with it', () => {
  const states: [string, () => Promise<string>][] = [
    ['well', async () => (await server()).url],
    [
      'stopped',
      async () => {
        const redis = await server();
        redis.stop();
        return redis.url;
      },
    ],
    ['dead', async () => 'redis://127.0.0.1:1'],
    [
      'loading',
      async () => {
        const loading = await startRespServer('loading');
        cleanups.push(() => loading.close());
        return loading.url;
      },
    ],
  ];
  test.each(states)('Redis is %s', async (_, start) => {
    const { tookMs, endedMs, lateMs } = await closes(await start());
    expect(tookMs - lateMs).toBeLessThan(1000 + 100);
    expect(endedMs - lateMs).toBeLessThan(1000 + 300);
  });

  test.each(states)('Redis is %s, and an invalidation is on its way', async (_, start) => {
    const { tookMs, endedMs, lateMs } = await closes(await start(), 50);
    expect(tookMs - lateMs).toBeLessThan(1000 + 100);
    expect(endedMs - lateMs).toBeLessThan(1000 + 300);
  });

  test('without close() nothing keeps the process alive either', async () => {
    const { url } = await server();
    const code = `${PROGRAM}
      configure({ backend: '${url}' });
      await load(1);
      await flush();
      console.log('end');`;
    expect(await runChild(code, { NODE_ENV: 'production' })).toEqual({
      code: 0,
      stdout: 'end\n',
      stderr: '',
    });
  });
});

test.each([
  ['ends before the answer without it', 'undefined', 13, ''],
  ['stays until there is one with it', 'keepAlive(answer)', 0, 'said\n'],
])('a process whose only work is a timer of ours %s', async (_, waiting, exitCode, stdout) => {
  const code = `import { setTimeout as pause } from 'node:timers/promises';
    import { keepAlive } from './runtime/flow/keep-alive.ts';
    const answer = pause(400, undefined, { ref: false });
    void ${waiting};
    await answer;
    console.log('said');`;
  expect(await runChild(code)).toMatchObject({ code: exitCode, stdout });
});

test('who waits for health is answered, though the backend is away and nothing else goes on', async () => {
  const code = `import { checkHealth, configure } from './runtime/index.ts';
    configure({ backend: 'redis://127.0.0.1:1' });
    for (let i = 0; i < 3; i++) await checkHealth();
    console.log((await checkHealth()).status);`;
  expect(await runChild(code, { NODE_ENV: 'production' })).toEqual({
    code: 0,
    stdout: 'degraded\n',
    stderr: '',
  });
});

test.runIf(hasRedis)('a hundred configurations leave no socket, timer or listener', async (context) => {
  const { url } = await server();
  const code = `${PROGRAM}
    const use = async () => {
      configure({ backend: '${url}' });
      await load(1);
      await flush();
    };
    const events = ['exit', 'beforeExit', 'warning', 'SIGTERM', 'message'];
    const count = () => {
      const kinds = process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');
      const of = (name) => kinds.filter((kind) => kind === name).length;
      return { sockets: of('TCPSocketWrap'), timers: of('Timeout'), listeners: events.map((name) => process.listenerCount(name)) };
    };
    // Old connections may take half a second to close, and longer on a busy machine: until nothing changes any more.
    const steady = async () => {
      for (let [same, before] = [0, -1]; same < 7; ) {
        await pause(100);
        const { sockets } = count();
        same = sockets === before ? same + 1 : 0;
        before = sockets;
      }
      return count();
    };
    for (let i = 0; i < 3; i++) await use();
    const before = await steady();
    for (let i = 0; i < 100; i++) await use();
    const after = await steady();
    await close();
    console.log(JSON.stringify({ before, after }));`;
  const { code: exit, stdout, stderr } = await runChild(code, { NODE_ENV: 'production' });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const { before, after } = JSON.parse(stdout) as Record<string, { sockets: number; timers: number }>; // as printed
  expect(after).toEqual({
    ...before,
    timers: expect.toSatisfy((timers: number) => timers <= (before?.timers ?? 0) + 2),
  });
  // The server hears of the end of the process a moment later.
  const isAlone = async (): Promise<boolean> => {
    const clients = await rawCommand(Number(new URL(url).port), ['CLIENT', 'LIST']);
    return (clients.match(/^id=/gm)?.length ?? 0) <= 1;
  };
  await until(isAlone, { what: 'the server has no client but the one that asks' });
  measured(context, `${before?.sockets} sockets before, ${after?.sockets} after`);
});

interface Said {
  readonly self: string;
  readonly ranBy: string;
}

test('worker threads, forked processes and workers of a cluster share the embedded store, and end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cachekit-life-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const env = { ...quietEnv, NODE_ENV: 'production', CACHEKIT_PATH: folder, CACHEKIT_READ_TIMEOUT: '30' };
  const execArgv = ['--conditions=@cachekit/source'];
  const program = fileURLToPath(new URL('../helpers/life-program.ts', import.meta.url));
  const outcome = async (one: EventEmitter): Promise<Said> => {
    const exit = once(one, 'exit');
    const [said] = (await once(one, 'message')) as [Said]; // the program says that
    expect((await exit)[0]).toBe(0);
    return said;
  };
  const forked = await outcome(fork(program, { env, execArgv }));
  expect(forked.ranBy).toBe(forked.self);
  const thread = await outcome(new Worker(program, { env, execArgv }));
  cluster.setupPrimary({ exec: program, execArgv });
  const members = await Promise.all([1, 2].map(() => outcome(cluster.fork(env).process)));
  for (const other of [thread, ...members]) expect(other.ranBy).toBe(forked.self);
  expect(new Set([forked, thread, ...members].map(({ self }) => self)).size).toBe(4);
});
