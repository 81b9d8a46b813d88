// Redis behind Sentinel: the contract, a planned failover, a master that is killed, and how a process ends.
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import type { Backend } from '../../runtime/backend/backend.ts';
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
import { watchLateness } from '../helpers/lateness.ts';
import { startSentinelSet, type SentinelSet } from '../helpers/redis-sentinel.ts';
import { until, type RedisServer } from '../helpers/redis-server.ts';
import { runChild } from '../helpers/run-child.ts';

describe.runIf(inject('redisUrl') !== '')('Redis behind Sentinel', () => {
  let set: SentinelSet;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    set = await startSentinelSet();
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  afterAll(() => set.close());
  const open = (url = set.url): Backend => {
    const backend = redisBackend(url);
    ends.push(() => backend.close?.());
    return backend;
  };
  const stores = (backend: Backend, key: string): Promise<boolean> =>
    backend.set(key, bytes('stored'), 60_000, AbortSignal.timeout(500)).then(
      () => true,
      () => false,
    );
  /** Waits until it writes to the master of now. */
  const landsOn = async (backend: Backend, server: RedisServer): Promise<void> => {
    const key = keyIn(freshPrefix());
    // Its role first: what was written to the old master could have been copied.
    expect(await server.command('ROLE')).toContain('master');
    const isThere = async (): Promise<boolean> =>
      (await stores(backend, key)) && (await server.command('GET', key)).includes('stored');
    await until(isThere, { what: 'it writes to the new master' });
  };

  test('entries, leases and the log work, though the first Sentinel named is away', async () => {
    const backend = open(set.url.replace('//', '//127.0.0.1:1,'));
    const prefix = freshPrefix();
    const key = keyIn(prefix);
    const request = beginOf(key);
    const begun = await backend.fence!.begin(request, never());
    expect(
      begun.kind === 'run' && (await backend.fence!.fill(fillOf(key, begun.lease, request.token), never())),
    ).toBe(true);
    const { inc, head } = await backend.log!.sync(place(prefix), never());
    const waiting = backend.log!.follow({ prefix, inc, head }, 30_000, never());
    const made = await backend.log!.appendKey(append({ prefix, inc, head }, key), never());
    expect((await waiting).records.map(({ position }) => position)).toEqual([made.position]);
    expect(await backend.get(key, never())).toBeUndefined();
  });

  test('a process that used it and follows the log ends by itself, without a word', async () => {
    const result = await runChild(`
      import { redisBackend } from './runtime/adapters/redis/index.ts';
      const backend = redisBackend(${JSON.stringify(set.url)});
      const signal = new AbortController().signal;
      void backend.log.follow({ prefix: 'end', inc: 0, head: 0 }, 1000, signal).catch(() => undefined);
      await backend.set('exit-test', Uint8Array.of(7), 1000, signal);
      console.log((await backend.get('exit-test', signal))?.[0]);`);
    expect(result).toEqual({ code: 0, stdout: '7\n', stderr: '' });
  });

  test('a master of another name is said so, without the name', async () => {
    const backend = open(set.url.replace('mymaster', 'CANARY'));
    const error = await backend.get('k', never()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'permanent' });
    expect(String(error)).toMatch(/Sentinel knows no master/);
    expect(String(error)).not.toContain('CANARY');
  });

  // First the one that Sentinels decide on: after any failover they wait before the next.
  test('when the master is killed nothing waits long, and the other one is found', async () => {
    const backend = open();
    await until(() => stores(backend, 'k'), { what: 'the first write' });
    const before = await set.master();
    await before.sigkill();
    let longestMs = 0;
    const lateness = watchLateness();
    const isBack = async (): Promise<boolean> => {
      const beganMs = performance.now();
      const isStored = await stores(backend, 'k');
      longestMs = Math.max(longestMs, performance.now() - beganMs);
      return isStored;
    };
    await until(isBack, { withinMs: 20_000, everyMs: 20, what: 'the new master is found' });
    expect(longestMs - lateness()).toBeLessThan(700);
    const after = await set.master();
    expect(after.port).not.toBe(before.port);
    await landsOn(backend, after);
    await before.restart();
    await set.settled();
  });

  test('after a planned failover it uses the new master, and says that the server changed', async () => {
    const backend = open();
    const prefix = freshPrefix();
    const { inc, head } = await backend.log!.sync(place(prefix), never());
    await backend.log!.follow({ prefix, inc, head }, 5, never());
    let told = 0;
    backend.log?.onTopology?.(() => told++);
    const before = await set.master();
    await set.failover();
    const after = await set.master();
    expect(after.port).not.toBe(before.port);
    await landsOn(backend, after);
    await until(() => told > 0, { what: 'the change is told' });
    const made = await backend.log!.appendGroup(append({ prefix, inc, head }, 'n:x'), never());
    const heard = (): Promise<boolean> =>
      backend.log!.follow({ prefix, inc, head }, 200, never()).then(
        ({ records }) => records.some(({ position }) => position === made.position),
        () => false,
      );
    await until(heard, { what: 'the link follows the new master' });
  });
});
