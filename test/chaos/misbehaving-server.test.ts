// Servers that greet and then misbehave, and servers that are not there.
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, inject, test } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import type { Backend } from '../../runtime/backend/backend.ts';
import { guardBackend } from '../../runtime/reliability/guard-backend.ts';
import { watchStandstill } from '../helpers/lateness.ts';
import { measured } from '../helpers/measured.ts';
import { until } from '../helpers/redis-server.ts';
import type { Misbehaviour, RespServer } from '../helpers/resp-server.ts';
import {
  atEnd,
  BACK_MS,
  backAfterMs,
  broken,
  during,
  guardOn,
  guardTests,
  respServer,
  server,
  VALUE,
} from './kit.ts';

setFlagsFromString('--expose-gc');
/** Not a global of this process unless it was started with the flag. */
const collectGarbage = runInNewContext('gc') as () => void; // the flag above makes it one

const hasRedis = inject('redisUrl') !== '';
guardTests();

describe('a server that misbehaves', () => {
  test.each<[string, Misbehaviour]>([
    ['takes commands and never answers', 'hang'],
    ['does not even greet', 'mute'],
    ['closes at every command', 'drop'],
    ['is loading', 'loading'],
    ['stops in the middle of a reply', 'truncate'],
    ['is slower than anybody waits', { slowMs: 600 }],
  ])('%s: bounded, and used again when it is well', async (_, how) => {
    const resp = await respServer();
    const guard = await guardOn(resp.url);
    const watch = await during(guard, async () => {
      resp.behave(how);
      if (how === 'mute') await pause(800);
      await pause(900);
    });
    resp.behave('none');
    expect(await backAfterMs(guard)).toBeLessThanOrEqual(BACK_MS);
    expect(broken(watch)).toEqual([]);
  });

  test('while the breaker is open no caller sends a command', async () => {
    const resp = await respServer();
    const guard = await guardOn(resp.url);
    resp.behave('loading');
    await until(async () => !(await guard.get('k')).ok && guard.state().breaker === 'OPEN', {
      what: 'it opens',
    });
    const before = resp.commands;
    const beganMs = performance.now();
    let calls = 0;
    while (performance.now() - beganMs < 1000 || calls <= 2000) {
      await Promise.all(Array.from({ length: 100 }, () => guard.get('k')));
      calls += 100;
      await pause(1);
    }
    expect(calls).toBeGreaterThan(2000);
    // Own probes: at most one each 250 ms, a PING that fails, nothing more.
    const tookMs = performance.now() - beganMs;
    expect(resp.commands - before).toBeLessThanOrEqual(1 + Math.ceil(tookMs / 250));
  });
});

describe('a lost reply, after which each command gets the reply to the next', () => {
  /** Nothing but a reply that does not fit closes the socket in time. */
  const PATIENT_MS = 60_000;
  const backendOn = async (): Promise<{ resp: RespServer; backend: Backend; signal: AbortSignal }> => {
    const resp = await respServer();
    const backend = redisBackend(resp.url, { socketTimeout: `${PATIENT_MS}ms` });
    atEnd(() => backend.close?.());
    const signal = new AbortController().signal;
    await backend.set('a', VALUE, 600_000, signal);
    return { resp, backend, signal };
  };

  test.each<
    [string, (backend: Backend, signal: AbortSignal) => readonly [Promise<unknown>, Promise<unknown>]]
  >([
    ['a read gets the answer to a write', (of, signal) => [of.get('a', signal), of.delete('b', signal)]],
    [
      'a write gets the answer to a read',
      (of, signal) => [of.set('b', VALUE, 1000, signal), of.get('a', signal)],
    ],
    ['a ping gets the answer to the next', (of, signal) => [of.ping!(signal), of.ping!(signal)]],
    ['a ping gets the answer to a read', (of, signal) => [of.ping!(signal), of.get('a', signal)]],
  ])('%s: both fail, and a new connection is in step', async (_, ask) => {
    const { resp, backend, signal } = await backendOn();
    resp.behave('skip');
    const outcomes = await Promise.allSettled(ask(backend, signal));
    expect(outcomes).toEqual(
      [1, 2].map(() => ({ status: 'rejected', reason: expect.objectContaining({ kind: 'transient' }) })),
    );
    await backend.ping!(signal); // waits for the new connection
    expect(await backend.get('a', signal)).toEqual(VALUE);
    expect(resp.closed).toBe(1);
  });
});

describe('a server that is not there from the start', () => {
  test.each([
    ['refused', 'redis://127.0.0.1:1'],
    ['no such name', 'redis://does-not-exist.invalid:6379'],
    ['an address that swallows packets', 'redis://192.0.2.1:6379'],
  ])('%s', async (_, url) => {
    const guard = guardBackend(redisBackend(url));
    atEnd(() => guard.close());
    const watch = await during(guard, () => pause(900));
    expect(broken(watch)).toEqual([]);
    expect(watch.outcomes['ok']).toBeUndefined();
    expect(guard.state().status).toBe('down');
    const [beganMs, standstill] = [performance.now(), watchStandstill()];
    await guard.close();
    expect(performance.now() - beganMs - standstill()).toBeLessThan(1000);
  });

  test.runIf(hasRedis)('it is used as soon as it comes', async () => {
    const redis = await server();
    await redis.sigkill();
    const guard = guardBackend(redisBackend(redis.url));
    atEnd(() => guard.close());
    await during(guard, () => pause(800));
    await redis.restart();
    expect(await backAfterMs(guard)).toBeLessThanOrEqual(BACK_MS);
  });
});

test('a stalled server costs memory for what is bounded, not for every call', async (context) => {
  const resp = await respServer();
  const guard = guardBackend(redisBackend(resp.url), { circuitBreaker: false });
  atEnd(() => guard.close());
  await until(async () => (await guard.get('k')).ok, { what: 'connected' });
  resp.behave('hang');
  collectGarbage();
  const beforeBytes = process.memoryUsage().heapUsed;
  let ended = 0;
  for (let i = 0; i < 200; i++) {
    void Promise.all(Array.from({ length: 500 }, () => guard.get('k'))).then(() => ended++);
    if (i % 20 === 0) await pause(20);
  }
  await until(() => ended === 200, { what: 'all calls have ended' });
  collectGarbage();
  const grownMb = (process.memoryUsage().heapUsed - beforeBytes) / 1024 ** 2;
  expect(grownMb).toBeLessThanOrEqual(20);
  expect(guard.state().running).toBeLessThanOrEqual(100);
  measured(context, `100,000 calls against a stalled server: ${grownMb.toFixed(1)} MB`);
});
