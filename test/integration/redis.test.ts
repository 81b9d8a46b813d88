// The Redis backend on a real server: the contract, its errors, and how it ends.
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { backendContract } from '../../runtime/testing/backend-contract.ts';
import { startRedisServer } from '../helpers/redis-server.ts';
import { runChild } from '../helpers/run-child.ts';

const url = inject('redisUrl');
const signal = new AbortController().signal;
const hasRedis = url !== '';
let serial = 0;
const freshKey = (): string => `redis-test:${process.pid}:${serial++}`;

describe.runIf(hasRedis)('the backend contract holds for Redis', () => {
  test.each(backendContract(async () => redisBackend(url)))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe.runIf(hasRedis)('the backend contract holds for three connections', () => {
  test.each(backendContract(async () => redisBackend(url, { connections: 3 })))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe.runIf(hasRedis).each([
  ['automatic pipelining', { enableAutoPipelining: true }],
  ['numbers as text', { stringNumbers: true }],
  ['a prefix for keys', { keyPrefix: 'app:' }],
  ['RESP2', { protocol: 2 as const }],
])('the backend contract holds for a client of the application, which stays open: %s', (_, options) => {
  test.each(backendContract(async () => redisBackend(ownClient())))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
  const clients: Redis[] = [];
  const ownClient = (): Redis => {
    const client = new Redis(url, { lazyConnect: true, ...options });
    clients.push(client);
    return client;
  };
  afterEach(() => {
    for (const client of clients.splice(0)) {
      if (client.status !== 'ready' && client.status !== 'wait')
        throw new Error(`the client is ${client.status}`);
      client.disconnect();
    }
  });
});

describe.runIf(hasRedis)('Redis', () => {
  test('an entry carries its ttl in the server', async () => {
    const backend = redisBackend(url);
    const client = new Redis(url);
    const key = freshKey();
    await backend.set(key, Uint8Array.of(1), 5000.4, signal);
    expect(await client.pttl(key)).toBeGreaterThan(4000);
    expect(await client.pttl(key)).toBeLessThanOrEqual(5000);
    client.disconnect();
    await backend.close?.();
  });

  test('a key of another kind is a permanent error that names nothing', async () => {
    const backend = redisBackend(url);
    const client = new Redis(url);
    const key = `${freshKey()}-CANARY`;
    await client.rpush(key, 'x');
    const error = await backend.get(key, signal).then(
      () => undefined,
      (thrown: unknown) => thrown as Error & { kind?: string },
    );
    expect(error).toMatchObject({ kind: 'permanent', code: 'ERR_CACHEKIT_BACKEND' });
    expect(`${error?.message}${error?.stack}${JSON.stringify(error)}`).not.toContain('CANARY');
    expect(error?.cause).toBeUndefined();
    client.disconnect();
    await backend.close?.();
  });

  test('the commands of one turn leave in two writes at most: one that is alone, and the rest', async () => {
    const server = await startRedisServer();
    const backend = redisBackend(`redis://127.0.0.1:${server.port}`);
    const counter = new Redis({ host: '127.0.0.1', port: server.port });
    const countReads = async (): Promise<number> =>
      Number(/total_reads_processed:(\d+)/.exec(await counter.info('stats'))?.[1]);
    try {
      await backend.get(freshKey(), signal); // connects
      const before = await countReads();
      await Promise.all(Array.from({ length: 50 }, () => backend.get(freshKey(), signal)));
      const reads = (await countReads()) - before - 1; // one of them is that of the count itself
      expect(reads).toBeGreaterThanOrEqual(1);
      expect(reads).toBeLessThanOrEqual(2);
    } finally {
      counter.disconnect();
      await backend.close?.();
      await server.close();
    }
  });

  test('an abort ends the wait at once', async () => {
    const backend = redisBackend(url);
    await backend.ping?.(signal);
    const controller = new AbortController();
    const work = backend.get(freshKey(), controller.signal);
    controller.abort();
    await expect(work).rejects.toMatchObject({ kind: 'timeout' });
    await backend.close?.();
  });

  test('a process that used it ends by itself, without close and without a word', async () => {
    const result = await runChild(`
      import { redisBackend } from './runtime/adapters/redis/index.ts';
      const backend = redisBackend(${JSON.stringify(url)});
      const signal = new AbortController().signal;
      await backend.set('exit-test', Uint8Array.of(7), 1000, signal);
      console.log((await backend.get('exit-test', signal))?.[0]);`);
    expect(result).toEqual({ code: 0, stdout: '7\n', stderr: '' });
  });
});

test('a process whose Redis is away ends by itself too', async () => {
  const result = await runChild(`
    import { redisBackend } from './runtime/adapters/redis/index.ts';
    import { guardBackend } from './runtime/reliability/guard-backend.ts';
    const guard = guardBackend(redisBackend('redis://127.0.0.1:1'));
    for (let i = 0; i < 9; i++) await guard.get('k');
    console.log((await guard.get('k')).ok, await guard.ping(300));`);
  expect(result).toEqual({ code: 0, stdout: 'false null\n', stderr: '' });
});

test('the client library is loaded at the first operation, not before', async () => {
  const result = await runChild(`
    import { createRequire } from 'node:module';
    import { redisBackend } from './runtime/adapters/redis/index.ts';
    const backend = redisBackend('redis://127.0.0.1:1');
    const cache = createRequire(import.meta.url).cache;
    const isLoaded = () => Object.keys(cache).some((path) => path.includes('ioredis'));
    const before = isLoaded();
    await backend.get('k', new AbortController().signal).catch(() => undefined);
    console.log(before, isLoaded());
    await backend.close();`);
  expect(result.stdout).toBe('false true\n');
});
