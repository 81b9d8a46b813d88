// TLS and access rights on real servers: what is enough, and how what is not is told.
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import type { Backend } from '../../runtime/backend/backend.ts';
import { makeCertificates, type Certificates } from '../helpers/certificates.ts';
import { append, beginOf, bytes, fillOf, hex, keyIn, never, place } from '../helpers/fence-requests.ts';
import { freePort, startRedisServer, until, type RedisServer } from '../helpers/redis-server.ts';
import { runChild } from '../helpers/run-child.ts';

const guide = readFileSync('docs/guide/redis.md', 'utf8');

/** Every command that the backend uses. @throws what Redis refuses */
async function useAll(backend: Backend): Promise<void> {
  const { fence, log } = backend;
  const prefix = 'ck1';
  const key = keyIn(prefix);
  await backend.ping?.(never());
  await backend.set(key, bytes('a'), 60_000, never());
  await backend.get(key, never());
  await backend.delete(key, never());
  const request = beginOf(key);
  const begun = await fence!.begin(request, never());
  expect(begun.kind).toBe('run');
  expect(await fence!.renew(key, request.token, 1000, never())).toBe(true);
  await fence!.release(key, request.token, never());
  const lease = begun.kind === 'run' ? begun.lease : '';
  expect(await fence!.fill(fillOf(key, lease, ''), never())).toBe(true);
  const replaced = { key, expected: bytes('fill'), value: bytes('b'), ttlMs: 60_000 };
  expect(await fence!.replace(replaced, never())).toBe(true);
  const { inc, head } = await log!.sync(place(prefix, 9e15, 5), never());
  await log!.sync(place(prefix, inc, head + 1e7), never());
  await log!.appendKey(append({ prefix, inc, head }, key), never());
  await log!.appendGroup(append({ prefix, inc, head }, 'n:a', { registryMax: 1 }), never());
  await log!.appendGroup(append({ prefix, inc, head }, 'n:b', { registryMax: 1 }), never());
  await log!.positions({ prefix, inc, head }, ['n:a'], never());
  expect((await log!.follow({ prefix, inc, head }, 5, never())).records.length).toBeGreaterThan(0);
  await log!.follow({ prefix, inc, head: head + 1e15 }, 5, never());
}

describe.runIf(inject('redisUrl') !== '')('access', () => {
  let server: RedisServer;
  let tlsPort: number;
  let certificates: Certificates;
  beforeAll(async () => {
    certificates = makeCertificates();
    tlsPort = await freePort();
    const { caFile, certFile, keyFile } = certificates;
    const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', caFile];
    server = await startRedisServer({
      args: ['--tls-port', String(tlsPort), ...files, '--tls-auth-clients', 'no'],
    });
  });
  afterAll(async () => {
    await server.close();
    certificates.close();
  });
  const user = (name: string, ...rules: string[]): Promise<string> =>
    server.command('ACL', 'SETUSER', name, 'reset', 'on', '>hunter2', ...rules);
  const as = (name: string, password = 'hunter2'): Backend =>
    redisBackend(`redis://${name}:${password}@127.0.0.1:${server.port}`);
  const failure = async (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

  test('the rights in the guide are enough, and each of its commands is needed', async () => {
    const line = /^ACL SETUSER cachekit (.*)$/m.exec(guide)?.[1] ?? '';
    const rules = line.split(' ').filter((rule) => rule !== 'on' && !rule.startsWith('>'));
    expect(await user('app', ...rules)).toBe('+OK\r\n');
    const backend = as('app');
    await useAll(backend);
    await backend.close?.();
    // Greeting, what Sentinel and Cluster need, and what an older server asks for.
    const elsewhere = new Set([
      '+hello',
      '+auth',
      '+client',
      '+info',
      '+cluster|slots',
      '+asking',
      '+eval',
      '+evalsha',
    ]);
    for (const needed of rules.filter((rule) => rule.startsWith('+') && !elsewhere.has(rule))) {
      await user('less', ...rules, needed.replace('+', '-'));
      const less = as('less');
      expect([needed, await failure(useAll(less))]).toMatchObject([needed, { kind: 'auth' }]);
      await less.close?.();
    }
  });

  test('a wrong password, no password and a missing right are told apart from a server that is away', async () => {
    await user('narrow', '~other:*', '+@all');
    await server.command('CONFIG', 'SET', 'requirepass', 'hunter2');
    for (const [backend, work] of [
      [as('app', 'WRONG'), (one: Backend) => one.get('k', never())],
      [redisBackend(`redis://127.0.0.1:${server.port}`), (one: Backend) => one.get('k', never())],
      [as('narrow'), (one: Backend) => one.get('ck1:k', never())],
      [as('narrow'), (one: Backend) => one.log!.sync(place('ck1'), never())],
      [as('narrow'), (one: Backend) => one.fence!.begin(beginOf(keyIn('ck1')), never())],
    ] as const) {
      const error = await failure(work(backend));
      expect(error).toMatchObject({ kind: 'auth' });
      expect(String(error)).not.toMatch(/hunter2|WRONG\b|ck1/);
      await backend.close?.();
    }
    const own = await import('ioredis').then(
      ({ Redis: Client }) => new Client(server.port, '127.0.0.1', { password: 'hunter2' }),
    );
    await own.config('SET', 'requirepass', '');
    own.disconnect();
  });

  test('a database that is not there, or may not be selected, is refused and not another one used', async () => {
    await user('zero', '~*', '+@all', '-select');
    const { port } = server;
    for (const url of [
      `redis://127.0.0.1:${port}/77`,
      `redis://zero:hunter2@127.0.0.1:${port}/1`,
      `redis://zero:WRONG@127.0.0.1:${port}/1`,
    ]) {
      const backend = redisBackend(url);
      const key = keyIn('ck1');
      expect(await failure(backend.set(key, bytes('a'), 60_000, never()))).toMatchObject({ kind: 'auth' });
      expect(await failure(backend.log!.sync(place('ck1'), never()))).toMatchObject({ kind: 'auth' });
      expect(await server.command('EXISTS', key)).toBe(':0\r\n');
      await backend.close?.();
    }
    await user('zero', '~*', '+@all');
    const allowed = redisBackend(`redis://zero:hunter2@127.0.0.1:${port}/1`);
    await useAll(allowed);
    await allowed.close?.();
  });

  test('a certificate of a private authority is refused by a URL, and taken from a client that knows it', async () => {
    const stranger = redisBackend(`rediss://127.0.0.1:${tlsPort}`);
    expect(await failure(stranger.get('k', never()))).toMatchObject({ kind: 'transient' });
    await stranger.close?.();
    const client = new Redis(tlsPort, '127.0.0.1', { tls: { ca: certificates.ca } });
    const backend = redisBackend(client);
    await useAll(backend);
    await backend.close?.();
    client.disconnect();
  });

  test('a URL is enough where the process trusts the authority', async () => {
    const result = await runChild(
      `import { redisBackend } from './runtime/adapters/redis/index.ts';
      const signal = new AbortController().signal;
      for (const host of ['127.0.0.1', 'localhost']) {
        const backend = redisBackend('rediss://' + host + ':${tlsPort}');
        await backend.set('tls', Uint8Array.of(7), 1000, signal);
        console.log((await backend.get('tls', signal))?.[0]);
      }`,
      { NODE_EXTRA_CA_CERTS: certificates.caFile },
    );
    expect(result).toEqual({ code: 0, stdout: '7\n7\n', stderr: '' });
  });

  test('a client library that cannot be loaded is said once, and why', async () => {
    const { stdout, stderr } = await runChild(
      `import { registerHooks } from 'node:module';
      registerHooks({
        resolve(name, context, next) {
          if (name === 'ioredis') throw new Error('no ioredis here');
          return next(name, context);
        },
      });
      const { redisBackend } = await import('./runtime/adapters/redis/index.ts');
      const signal = new AbortController().signal;
      for (const url of ['redis://localhost', 'redis://127.0.0.1'])
        await redisBackend(url).get('k', signal).catch((error) => console.log(error.kind));`,
    );
    expect(stdout).toBe('permanent\npermanent\n');
    expect(stderr.match(/CACHEKIT_REDIS_CLIENT/g)).toHaveLength(1);
    expect(stderr).toContain('no ioredis here');
  });

  test('when memory is full nothing is stored, but invalidations are recorded', async () => {
    const backend = redisBackend(server.url);
    const prefix = `full${hex(4)}`;
    const key = keyIn(prefix);
    const { inc, head } = await backend.log!.sync(place(prefix), never());
    await backend.set(key, bytes('old'), 60_000, never());
    await server.command('CONFIG', 'SET', 'maxmemory', '100kb');
    const request = beginOf(keyIn(prefix));
    expect(await failure(backend.fence!.begin(request, never()))).toMatchObject({ kind: 'permanent' });
    expect(await failure(backend.set(key, bytes('new'), 60_000, never()))).toMatchObject({
      kind: 'permanent',
    });
    const made = await backend.log!.appendKey(append({ prefix, inc, head }, key), never());
    expect(made.previous).toBe(head);
    expect(await backend.get(key, never())).toBeUndefined();
    expect((await backend.log!.sync(place(prefix, inc, head), never())).tail).toHaveLength(1);
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await backend.close?.();
  });

  test('a server that forgot the scripts is sent them again', async () => {
    const backend = redisBackend(server.url);
    const key = keyIn('ck1');
    await backend.fence!.begin(beginOf(key), never());
    await server.command('SCRIPT', 'FLUSH', 'SYNC');
    expect((await backend.fence!.begin(beginOf(key), never())).kind).toBe('locked');
    await backend.close?.();
  });

  test('a link that is cut is made again, and nothing is missed', async () => {
    const backend = redisBackend(server.url);
    const prefix = `cut${hex(4)}`;
    const { inc, head } = await backend.log!.sync(place(prefix), never());
    let told = 0;
    backend.log?.onTopology?.(() => told++);
    const waiting = failure(backend.log!.follow({ prefix, inc, head }, 30_000, never()));
    await backend.ping?.(never());
    await server.command('CLIENT', 'KILL', 'TYPE', 'NORMAL');
    await waiting;
    // The first may meet a connection that does not know yet that it is cut.
    const isBack = async (): Promise<boolean> =>
      (await backend.ping?.(never()).then(
        () => true,
        () => false,
      )) === true;
    await until(isBack, { what: 'the link is made again' });
    const made = await backend.log!.appendGroup(append({ prefix, inc, head }, 'n:x'), never());
    const { records } = await backend.log!.follow({ prefix, inc, head }, 1000, never());
    expect(records.map(({ position }) => position)).toEqual([made.position]);
    await until(() => told > 0, { what: 'the change is told' });
    await backend.close?.();
  });
});
