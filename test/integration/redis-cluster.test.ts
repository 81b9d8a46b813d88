// Redis Cluster: the contracts, slots on the move, a master that changes or dies, and how a process ends.
import { Cluster } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { hashSlot } from '../../runtime/adapters/redis/hash-slot.ts';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import type { Backend } from '../../runtime/backend/backend.ts';
import { backendContract } from '../../runtime/testing/backend-contract.ts';
import {
  append,
  beginOf,
  bytes,
  fillOf,
  freshPrefix,
  keyIn,
  never,
  place,
} from '../helpers/fence-requests.ts';
import { watchStandstill } from '../helpers/lateness.ts';
import { startRedisCluster, type RedisCluster } from '../helpers/redis-cluster.ts';
import { until } from '../helpers/redis-server.ts';
import { runChild } from '../helpers/run-child.ts';

describe.runIf(inject('redisUrl') !== '')('Redis Cluster', () => {
  let cluster: RedisCluster;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => cluster.close());
  const open = (): Backend => {
    const backend = redisBackend(cluster.url);
    ends.push(() => backend.close?.());
    return backend;
  };
  const ownClient = (): Cluster => {
    const client = new Cluster([{ host: '127.0.0.1', port: cluster.masters[0]?.port ?? 0 }]);
    client.on('error', () => undefined);
    ends.push(() => client.disconnect());
    return client;
  };
  const keyOn = (node: number, prefix = freshPrefix()): string => {
    const mine = cluster.masters[node];
    for (;;) {
      const key = keyIn(prefix);
      if (cluster.ownerOf(hashSlot(key)) === mine) return key;
    }
  };

  test.each(backendContract(async () => redisBackend(cluster.url)))('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
  // The rest of it does not depend on whose client it is.
  const ofKeysAndLink = /comes? back as|needs the entry|one chain|wakes with|breaks no lease|a hundred/;
  const own = backendContract(async () => redisBackend(ownClient())).filter(({ name }) =>
    ofKeysAndLink.test(name),
  );
  test.each(own)('own client: $name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  test('slots are those of the server', async () => {
    for (const key of ['', 'a', 'ck1:{abc}:f', '{}x', 'x{y', '{a}{b}', 'é{ü}', '}{a}']) {
      const reply = await cluster.masters[0]?.command('CLUSTER', 'KEYSLOT', key);
      expect(`:${hashSlot(key)}\r\n`).toBe(reply);
    }
  });

  test('while a slot is moved no read fails, and fills and invalidations work or are not stored', async () => {
    const backend = open();
    const key = keyOn(0);
    const tag = /\{(.*)\}/.exec(key)?.[1] ?? '';
    const others = Array.from({ length: 12 }, (_, i) => `x${i}:{${tag}}`);
    await Promise.all(others.map((other) => backend.set(other, bytes(other), 60_000, never())));
    const prefix = freshPrefix();
    let steps = 0;
    await cluster.moveSlot(hashSlot(key), cluster.masters[1]!, async () => {
      steps++;
      const found = await Promise.all(others.map((other) => backend.get(other, never())));
      expect(found.map((value) => value && Buffer.from(value).toString())).toEqual(others);
      const request = beginOf(key, { lockMs: 50 });
      const begun = await backend.fence!.begin(request, AbortSignal.timeout(1000)).catch(() => undefined);
      if (begun?.kind === 'run') {
        await backend
          .fence!.fill(fillOf(key, begun.lease, request.token), AbortSignal.timeout(1000))
          .catch(() => 0);
      }
      await backend.log!.appendKey(append({ prefix, inc: 0, head: 0 }, key), never());
      expect(await backend.get(key, never())).toBeUndefined();
    });
    expect(steps).toBeGreaterThan(4);
    const request = beginOf(key);
    const begun = await backend.fence!.begin(request, never());
    expect(begun.kind).toBe('run');
    const { tail } = await backend.log!.sync(place(prefix), never());
    expect(tail.filter(({ subject }) => subject === key)).toHaveLength(steps);
  });

  test('a key whose master changed is found again, and the change is told', async () => {
    const backend = open();
    const key = keyOn(0);
    await backend.set(key, bytes('before'), 60_000, never());
    let told = 0;
    backend.log?.onTopology?.(() => told++);
    const follows = async (): Promise<boolean> =>
      (await cluster.replica.command('CLUSTER', 'FAILOVER')).startsWith('+OK');
    await until(follows, { everyMs: 50, what: 'the failover begins' });
    const isMaster = async (): Promise<boolean> => (await cluster.replica.command('ROLE')).includes('master');
    await until(isMaster, { what: 'the replica is master' });
    await until(
      async () => {
        const isSet = await backend.set(key, bytes('after'), 60_000, never()).then(
          () => true,
          () => false,
        );
        return isSet && (await backend.get(key, never())) !== undefined;
      },
      { what: 'the key is served' },
    );
    expect(await cluster.replica.command('GET', key)).toContain('after');
    await until(() => told > 0, { what: 'the change is told' });
  });

  test('a master that dies fails its own keys only, quickly, and is used again when it is back', async () => {
    const backend = open();
    const [lost, kept] = [keyOn(2), keyOn(1)];
    await backend.set(lost, bytes('1'), 60_000, never());
    await backend.set(kept, bytes('2'), 60_000, never());
    await cluster.masters[2]?.sigkill();
    const [beganMs, standstill] = [performance.now(), watchStandstill()];
    await expect(backend.get(lost, AbortSignal.timeout(1000))).rejects.toMatchObject({ kind: 'transient' });
    expect(performance.now() - beganMs - standstill()).toBeLessThan(500);
    expect(await backend.get(kept, never())).toEqual(Buffer.from('2'));
    await cluster.masters[2]?.restart();
    const isBack = (): Promise<boolean> =>
      backend.set(lost, bytes('3'), 60_000, AbortSignal.timeout(300)).then(
        () => true,
        () => false,
      );
    await until(isBack, { what: 'the master is used again' });
  });

  test('a process that used it and follows the log ends by itself', async () => {
    const result = await runChild(`
      import { redisBackend } from './runtime/adapters/redis/index.ts';
      const backend = redisBackend(${JSON.stringify(cluster.url)});
      const signal = new AbortController().signal;
      void backend.log.follow({ prefix: 'end', inc: 0, head: 0 }, 1000, signal).catch(() => undefined);
      await backend.set('exit-test', Uint8Array.of(7), 1000, signal);
      console.log((await backend.get('exit-test', signal))?.[0]);`);
    expect(result).toEqual({ code: 0, stdout: '7\n', stderr: '' });
  });
});

test('a cluster that cannot be reached is a transient failure at once', async () => {
  const backend = redisBackend('redis+cluster://user:hunter2@127.0.0.1:1,127.0.0.1:2');
  const error = await backend.get('k', never()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'transient' });
  expect(String(error)).not.toContain('hunter2');
  await backend.close?.();
});
