// A real redis-server crashes, stands still, refuses, is full. Through the guard nobody waits past the bound, nobody sees
// an exception, and the server is used again within a second of its recovery.
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { guardBackend } from '../../runtime/reliability/guard-backend.ts';
import type { GuardedBackend } from '../../runtime/reliability/guarded-backend.ts';
import { watchStandstill } from '../helpers/lateness.ts';
import { until } from '../helpers/redis-server.ts';
import {
  atEnd,
  BACK_MS,
  backAfterMs,
  broken,
  during,
  guardOn,
  guardTests,
  PATIENT,
  report,
  server,
  VALUE,
} from './kit.ts';
import { openAdmin } from './matrix/admin-connection.ts';

const hasRedis = inject('redisUrl') !== '';
/** A refused login is tried again every 5 s, and two more answers are waited for. */
const MENDED_MS = 6500;
guardTests();

/** For a while, and until the server has said so, which may take longer on a busy machine. */
async function misconfigured(guard: GuardedBackend): Promise<void> {
  await pause(600);
  await until(() => guard.state().status === 'misconfigured', { what: 'it is noticed' });
}

describe.runIf(hasRedis)('a real server', () => {
  test('SIGKILL and restart', async (context) => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    const watch = await during(guard, async (countOf) => {
      await redis.sigkill();
      await pause(900);
      await until(() => countOf('open') > 100, { what: 'the breaker ends reads' });
    });
    await redis.restart();
    const backMs = await backAfterMs(guard);
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
    expect(broken(watch)).toEqual([]);
    expect(watch.outcomes['open']).toBeGreaterThan(100);
    report(context, watch, backMs);
  });

  test('SIGSTOP and SIGCONT', async (context) => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    const watch = await during(guard, async (countOf) => {
      redis.stop();
      await pause(1000);
      await until(() => countOf('open') > 100, { what: 'the breaker ends reads' });
    });
    redis.cont();
    const backMs = await backAfterMs(guard);
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
    expect(broken(watch)).toEqual([]);
    expect(watch.outcomes['open']).toBeGreaterThan(100);
    report(context, watch, backMs);
  });

  test('a wrong password is misconfigured, not down', async () => {
    const redis = await server(['--requirepass', 'right']);
    const guard = guardBackend(redisBackend(redis.url.replace('//', '//:wrong-CANARY@')));
    atEnd(() => guard.close());
    const watch = await during(guard, () => misconfigured(guard));
    expect(broken(watch)).toEqual([]);
    expect(guard.state().status).toBe('misconfigured');
    expect(JSON.stringify(guard.state())).not.toContain('CANARY');
  });

  test('a missing password is misconfigured, not down', async () => {
    const redis = await server(['--requirepass', 'right']);
    const guard = guardBackend(redisBackend(redis.url));
    atEnd(() => guard.close());
    const watch = await during(guard, () => misconfigured(guard));
    expect(broken(watch)).toEqual([]);
    expect(guard.state().status).toBe('misconfigured');
  });

  test('a password that is changed, and back: misconfigured all the time, used again within seconds', async (context) => {
    const redis = await server();
    const admin = await openAdmin(redis.port);
    atEnd(() => admin.close());
    const guard = await guardOn(redis.url);
    const states = new Set<string>();
    const watch = await during(guard, async () => {
      await admin.command('CONFIG', 'SET', 'requirepass', 'other');
      await admin.command('AUTH', 'other');
      await admin.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await until(() => guard.state().status === 'misconfigured', { what: 'it is noticed' });
      // Long enough for several probes.
      const beganMs = performance.now();
      while (performance.now() - beganMs < 3000) {
        states.add(guard.state().status);
        await pause(20);
      }
    });
    expect([...states]).toEqual(['misconfigured']);
    expect(broken(watch)).toEqual([]);
    await admin.command('CONFIG', 'SET', 'requirepass', '');
    const backMs = await backAfterMs(guard);
    expect(backMs).toBeLessThanOrEqual(MENDED_MS);
    expect(guard.state().status).toBe('up');
    report(context, watch, backMs);
  });

  test('a user who may only read: reads go on, writes are misconfigured', async () => {
    const redis = await server();
    await redis.command('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@read', '+@connection', '+ping');
    const guard = guardBackend(redisBackend(redis.url.replace('//', '//reader:pw@')), PATIENT);
    atEnd(() => guard.close());
    await until(async () => (await guard.get('k')).ok, { what: 'reads' });
    expect(await guard.set('k', VALUE, 1000)).toEqual({ ok: false, failure: 'auth' });
    expect((await guard.get('k')).ok).toBe(true);
    expect(guard.state()).toMatchObject({ status: 'misconfigured', breaker: 'CLOSED' });
  });

  test('a full server: reads and deletes go on, writes stop', async () => {
    const redis = await server();
    const guard = await guardOn(redis.url, PATIENT);
    await redis.command('CONFIG', 'SET', 'maxmemory', '100kb');
    const failures = [];
    for (let i = 0; i < 6; i++) failures.push(await guard.set('k2', VALUE, 1000));
    expect(failures.at(0)).toEqual({ ok: false, failure: 'permanent' });
    expect(failures.at(-1)).toEqual({ ok: false, failure: 'open' });
    expect((await guard.get('k')).ok).toBe(true);
    expect((await guard.delete('k2')).ok).toBe(true);
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    const standstill = watchStandstill();
    const isWritten = async (): Promise<boolean> => (await guard.set('k2', VALUE, 1000)).ok;
    const tookMs = await until(isWritten, { what: 'a trial write' });
    expect(tookMs - standstill()).toBeLessThan(3000);
  });

  test('a value of another kind is a miss for its key alone', async () => {
    const redis = await server();
    const guard = await guardOn(redis.url, PATIENT);
    await redis.command('RPUSH', 'list', 'x');
    for (let i = 0; i < 20; i++) expect(await guard.get('list')).toEqual({ ok: false, failure: 'permanent' });
    expect((await guard.get('k')).ok).toBe(true);
  });

  test('a server that is loading its data', async (context) => {
    // Without the second it would not even accept connections while it loads.
    const slowly = ['--key-load-delay', '300', '--loading-process-events-interval-bytes', '1024'];
    const redis = await server(['--enable-debug-command', 'yes', ...slowly]);
    const guard = await guardOn(redis.url);
    for (let i = 0; i < 20; i++) {
      await Promise.all(Array.from({ length: 100 }, (_, j) => guard.set(`load-${i}-${j}`, VALUE, 600_000)));
    }
    const watch = await during(guard, async () => {
      await redis.command('DEBUG', 'RELOAD').catch(() => undefined);
    });
    const backMs = await backAfterMs(guard);
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
    expect(broken(watch)).toEqual([]);
    report(context, watch, backMs);
  });

  test('connections killed by the server', async () => {
    const redis = await server();
    const guard = await guardOn(redis.url);
    for (let i = 0; i < 3; i++) {
      await redis.command('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => undefined);
      expect(await backAfterMs(guard)).toBeLessThanOrEqual(BACK_MS);
    }
  });
});
