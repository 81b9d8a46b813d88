// Redis breaks in every way that one machine can arrange. Through the guard nobody waits past the bound, nobody sees an
// exception, and the server is used again within a second of its recovery.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test, type TestContext } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { guardBackend } from '../../runtime/reliability/guard-backend.ts';
import type { GuardedBackend } from '../../runtime/reliability/guarded-backend.ts';
import { measured } from '../helpers/measured.ts';
import { watchNoise, type Noise } from '../helpers/noise.ts';
import { startRedisServer, until, type RedisServer } from '../helpers/redis-server.ts';
import { startRespServer, type Misbehaviour } from '../helpers/resp-server.ts';
import { startTcpFaultProxy, type TcpFaultProxy } from '../helpers/tcp-fault-proxy.ts';

/** First wait 250 ms, and 50 ms for everything around it. */
const BOUND_MS = 300;
/** A healed server is used again within this, and a little for a busy machine. */
const BACK_MS = 1500;
const hasRedis = inject('redisUrl') !== '';
const VALUE = Buffer.from('the value');

const cleanups: (() => unknown)[] = [];
let noise: Noise;
beforeEach(() => {
  noise = watchNoise();
});
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
  await pause(20);
  noise.stop();
  expect(noise.seen).toEqual([]);
});

async function server(args: readonly string[] = []): Promise<RedisServer> {
  const started = await startRedisServer({ args });
  cleanups.push(() => started.close());
  return started;
}

async function proxyTo(port: number): Promise<TcpFaultProxy> {
  const proxy = await startTcpFaultProxy(port);
  cleanups.push(() => proxy.close());
  return proxy;
}

/** Connected, with one entry. */
async function guardOn(url: string): Promise<GuardedBackend> {
  const guard = guardBackend(redisBackend(url));
  cleanups.push(() => guard.close());
  await until(async () => (await guard.set('k', VALUE, 600_000)).ok, { what: 'the first write' });
  return guard;
}

interface Watch {
  /** Longest wait of any read, less what the event loop itself was late, ms. */
  readonly worstMs: number;
  /** Longest wait of a read that found the breaker open, likewise. */
  readonly worstOpenMs: number;
  readonly wrong: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Reads every few milliseconds, never waiting for the one before, while `fault` runs. */
async function during(guard: GuardedBackend, fault: () => Promise<void>): Promise<Watch> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  let [worst, worstOpen, wrong] = [0, 0, 0];
  const outcomes: Record<string, number> = {};
  const running: Promise<void>[] = [];
  const read = async (): Promise<void> => {
    const beganMs = performance.now();
    const result = await guard.get('k');
    const tookMs = performance.now() - beganMs;
    const outcome = result.ok ? 'ok' : result.failure;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    worst = Math.max(worst, tookMs);
    if (outcome === 'open') worstOpen = Math.max(worstOpen, tookMs);
    if (result.ok && result.value !== undefined && !VALUE.equals(result.value)) wrong++;
  };
  const ticks = setInterval(() => running.push(read()), 4);
  await fault();
  clearInterval(ticks);
  await Promise.all(running);
  loop.disable();
  const lateMs = Math.max(0, loop.max / 1e6 - 1);
  return {
    worstMs: Math.max(0, worst - lateMs),
    worstOpenMs: Math.max(0, worstOpen - lateMs),
    wrong,
    outcomes,
  };
}

function assertBounded(watch: Watch): void {
  expect(watch.worstMs).toBeLessThanOrEqual(BOUND_MS);
  expect(watch.worstOpenMs).toBeLessThanOrEqual(1);
  expect(watch.wrong).toBe(0);
}

async function assertBack(guard: GuardedBackend): Promise<number> {
  const beganMs = performance.now();
  await until(async () => (await guard.get('k')).ok, {
    what: 'Redis is used again',
    withinMs: 10_000,
    everyMs: 2,
  });
  const tookMs = performance.now() - beganMs;
  expect(tookMs).toBeLessThanOrEqual(BACK_MS);
  return tookMs;
}

function report(context: TestContext, watch: Watch, backMs: number): void {
  const open = watch.worstOpenMs.toFixed(2);
  measured(
    context,
    `worst wait ${watch.worstMs.toFixed(0)} ms, while open ${open} ms, back ${backMs.toFixed(0)} ms`,
  );
}

describe.runIf(hasRedis)('a real server', () => {
  test('SIGKILL and restart', async (context) => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    const watch = await during(guard, async () => {
      await redis.sigkill();
      await pause(1200);
    });
    await redis.restart();
    const backMs = await assertBack(guard);
    assertBounded(watch);
    expect(watch.outcomes['open']).toBeGreaterThan(100);
    report(context, watch, backMs);
  });

  test('SIGSTOP and SIGCONT', async (context) => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    const watch = await during(guard, async () => {
      redis.stop();
      await pause(1500);
    });
    redis.cont();
    const backMs = await assertBack(guard);
    assertBounded(watch);
    expect(watch.outcomes['open']).toBeGreaterThan(100);
    report(context, watch, backMs);
  });

  test('a wrong password is misconfigured, not down', async () => {
    const redis = await server(['--requirepass', 'right']);
    const guard = guardBackend(redisBackend(redis.url.replace('//', '//:wrong-CANARY@')));
    cleanups.push(() => guard.close());
    const watch = await during(guard, () => pause(600));
    assertBounded(watch);
    expect(guard.state().status).toBe('misconfigured');
    expect(JSON.stringify(guard.state())).not.toContain('CANARY');
  });

  test('a missing password is misconfigured, not down', async () => {
    const redis = await server(['--requirepass', 'right']);
    const guard = guardBackend(redisBackend(redis.url));
    cleanups.push(() => guard.close());
    const watch = await during(guard, () => pause(600));
    assertBounded(watch);
    expect(guard.state().status).toBe('misconfigured');
  });

  test('a user who may only read: reads go on, writes are misconfigured', async () => {
    const redis = await server();
    await redis.command('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@read', '+@connection', '+ping');
    const guard = guardBackend(redisBackend(redis.url.replace('//', '//reader:pw@')));
    cleanups.push(() => guard.close());
    await until(async () => (await guard.get('k')).ok, { what: 'reads' });
    expect(await guard.set('k', VALUE, 1000)).toEqual({ ok: false, failure: 'auth' });
    expect((await guard.get('k')).ok).toBe(true);
    expect(guard.state()).toMatchObject({ status: 'misconfigured', breaker: 'CLOSED' });
  });

  test('a full server: reads and deletes go on, writes stop', async () => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    await redis.command('CONFIG', 'SET', 'maxmemory', '100kb');
    const failures = [];
    for (let i = 0; i < 6; i++) failures.push(await guard.set('k2', VALUE, 1000));
    expect(failures.at(0)).toEqual({ ok: false, failure: 'permanent' });
    expect(failures.at(-1)).toEqual({ ok: false, failure: 'open' });
    expect((await guard.get('k')).ok).toBe(true);
    expect((await guard.delete('k2')).ok).toBe(true);
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    await until(async () => (await guard.set('k2', VALUE, 1000)).ok, {
      what: 'a trial write',
      withinMs: 3000,
    });
  });

  test('a value of another kind is a miss for its key alone', async () => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    await redis.command('RPUSH', 'list', 'x');
    for (let i = 0; i < 20; i++) expect(await guard.get('list')).toEqual({ ok: false, failure: 'permanent' });
    expect((await guard.get('k')).ok).toBe(true);
  });

  test('a server that is loading its data', async (context) => {
    const redis = await server(['--enable-debug-command', 'yes', '--key-load-delay', '300']);
    const guard = await guardOn(redis.url);
    for (let i = 0; i < 2000; i++) void guard.set(`load-${i}`, VALUE, 600_000);
    await pause(100);
    const args = ['--loading-process-events-interval-bytes', '1024'];
    await redis.command('CONFIG', 'SET', args[0]!.slice(2), args[1]!); // both are there
    const watch = await during(guard, async () => {
      await redis.command('DEBUG', 'RELOAD').catch(() => undefined);
    });
    const backMs = await assertBack(guard);
    assertBounded(watch);
    report(context, watch, backMs);
  });

  test('connections killed by the server', async () => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    for (let i = 0; i < 3; i++) {
      await redis.command('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => undefined);
      await assertBack(guard);
    }
  });
});

describe.runIf(hasRedis)('a network in between', () => {
  const faults: [string, (proxy: TcpFaultProxy) => Promise<void> | void][] = [
    [
      'refused',
      async (proxy) => {
        await proxy.refuse();
        proxy.rst();
      },
    ],
    [
      'accepted, then nothing',
      (proxy) => {
        proxy.hangNew(true);
        proxy.rst();
      },
    ],
    [
      'half open: bytes vanish both ways',
      (proxy) => proxy.set({ up: { blackhole: true }, down: { blackhole: true } }),
    ],
    ['replies vanish', (proxy) => proxy.set({ down: { blackhole: true } })],
    ['400 ms late', (proxy) => proxy.set({ down: { latencyMs: 400 } })],
    ['a reply cut short, then silence', (proxy) => proxy.set({ down: { cutAfterBytes: 3 } })],
  ];

  test.each(faults)('%s', async (_, fault) => {
    const redis = await server();
    const proxy = await proxyTo(redis.port);
    const guard = await guardOn(proxy.url);
    const watch = await during(guard, async () => {
      await fault(proxy);
      await pause(1500);
    });
    proxy.heal();
    await proxy.accept().catch(() => undefined);
    await assertBack(guard);
    assertBounded(watch);
    expect(watch.outcomes['open']).toBeGreaterThan(50);
  });

  const blips: [string, (proxy: TcpFaultProxy) => void][] = [
    ['reset', (proxy) => proxy.rst()],
    ['closed in order', (proxy) => proxy.fin()],
    ['a reply cut short, then closed', (proxy) => proxy.set({ down: { finAfterBytes: 3 } })],
  ];

  test.each(blips)('%s, once: used again at once', async (_, fault) => {
    const redis = await server();
    const proxy = await proxyTo(redis.port);
    const guard = await guardOn(proxy.url);
    const watch = await during(guard, async () => {
      fault(proxy);
      await pause(400);
    });
    await assertBack(guard);
    assertBounded(watch);
  });
});

describe('a server that misbehaves', () => {
  test.each<[string, Misbehaviour]>([
    ['takes commands and never answers', 'hang'],
    ['does not even greet', 'mute'],
    ['closes at every command', 'drop'],
    ['is loading', 'loading'],
    ['stops in the middle of a reply', 'truncate'],
    ['is slower than anybody waits', { slowMs: 600 }],
  ])('%s: bounded, and used again when it is well', async (_, how) => {
    const resp = await startRespServer();
    cleanups.push(() => resp.close());
    const guard = await guardOn(resp.url);
    const watch = await during(guard, async () => {
      resp.behave(how);
      if (how === 'mute') await pause(1200);
      await pause(900);
    });
    resp.behave('none');
    await assertBack(guard);
    assertBounded(watch);
  });

  test('while the breaker is open no caller sends a command', async () => {
    const resp = await startRespServer();
    cleanups.push(() => resp.close());
    const guard = await guardOn(resp.url);
    resp.behave('loading');
    await until(async () => !(await guard.get('k')).ok && guard.state().breaker === 'OPEN', {
      what: 'it opens',
    });
    const before = resp.commands;
    const beganMs = performance.now();
    let calls = 0;
    while (performance.now() - beganMs < 1000) {
      await Promise.all(Array.from({ length: 100 }, () => guard.get('k')));
      calls += 100;
      await pause(1);
    }
    expect(calls).toBeGreaterThan(2000);
    // Own probes: at most one each 250 ms, a PING that fails, nothing more.
    expect(resp.commands - before).toBeLessThanOrEqual(5);
  });
});

describe('a server that is not there from the start', () => {
  test.each([
    ['refused', 'redis://127.0.0.1:1'],
    ['no such name', 'redis://does-not-exist.invalid:6379'],
    ['an address that swallows packets', 'redis://192.0.2.1:6379'],
  ])('%s', async (_, url) => {
    const guard = guardBackend(redisBackend(url));
    cleanups.push(() => guard.close());
    const watch = await during(guard, () => pause(900));
    assertBounded(watch);
    expect(watch.outcomes['ok']).toBeUndefined();
    expect(guard.state().status).toBe('down');
    const beganMs = performance.now();
    await guard.close();
    expect(performance.now() - beganMs).toBeLessThan(1000);
  });

  test.runIf(hasRedis)('it is used as soon as it comes', async () => {
    const redis = await server();
    await redis.sigkill();
    const guard = guardBackend(redisBackend(redis.url));
    cleanups.push(() => guard.close());
    await during(guard, () => pause(800));
    await redis.restart();
    await assertBack(guard);
  });
});

test('a stalled server costs memory for what is bounded, not for every call', async (context) => {
  const resp = await startRespServer();
  cleanups.push(() => resp.close());
  const guard = guardBackend(redisBackend(resp.url), { circuitBreaker: false });
  cleanups.push(() => guard.close());
  await until(async () => (await guard.get('k')).ok, { what: 'connected' });
  resp.behave('hang');
  globalThis.gc?.();
  const beforeBytes = process.memoryUsage().heapUsed;
  for (let i = 0; i < 200; i++) {
    void Promise.all(Array.from({ length: 500 }, () => guard.get('k')));
    if (i % 20 === 0) await pause(20);
  }
  await pause(400);
  globalThis.gc?.();
  const grownMb = (process.memoryUsage().heapUsed - beforeBytes) / 1024 ** 2;
  expect(grownMb).toBeLessThanOrEqual(20);
  expect(guard.state().running).toBeLessThanOrEqual(100);
  measured(context, `100,000 calls against a stalled server: ${grownMb.toFixed(1)} MB`);
});
