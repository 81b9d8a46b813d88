// The guard around real backends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { embeddedBackend } from '../../runtime/adapters/embedded/sqlite-backend.ts';
import { redisBackend } from '../../runtime/adapters/redis/index.ts';
import { guardBackend } from '../../runtime/reliability/guard-backend.ts';
import { GUARD_DEFAULTS } from '../../runtime/reliability/guard-options.ts';
import { watchStandstill } from '../helpers/lateness.ts';

const VALUE = Uint8Array.of(1, 2, 3);
/** What is answered is tested here, and not how soon. */
const PATIENT = { ...GUARD_DEFAULTS, timeout: { initialMs: 30_000, adaptive: false } } as const;

test.runIf(inject('redisUrl') !== '')('Redis: values, ping and state', async () => {
  const guard = guardBackend(redisBackend(inject('redisUrl')), PATIENT);
  await guard.ping(30_000);
  const key = `guard-test:${process.pid}`;
  expect(await guard.set(key, VALUE, 10_000)).toEqual({ ok: true, value: undefined });
  const read = await guard.get(key);
  expect(read.ok && [...(read.value ?? [])]).toEqual([1, 2, 3]);
  expect(await guard.delete(key)).toEqual({ ok: true, value: undefined });
  expect(await guard.get(key)).toEqual({ ok: true, value: undefined });
  expect(await guard.ping(30_000)).toBeGreaterThan(0);
  expect(guard.state()).toMatchObject({ status: 'up', breaker: 'CLOSED', running: 0, rejected: 0 });
  await guard.close();
});

describe('the embedded store', () => {
  test('values, synchronous values, ping and close', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cachekit-guard-'));
    const guard = guardBackend(embeddedBackend({ path: folder }), PATIENT);
    expect(await guard.set('k', VALUE, 10_000)).toEqual({ ok: true, value: undefined });
    expect(guard.sync?.get('k')).toMatchObject({ ok: true });
    expect(await guard.ping(30_000)).toBeGreaterThanOrEqual(0);
    const [beganMs, standstill] = [performance.now(), watchStandstill()];
    await guard.close();
    expect(performance.now() - beganMs - standstill()).toBeLessThan(1000);
    rmSync(folder, { recursive: true, force: true });
  });

  test('without a usable folder reads stay a quick failure and ping says so', async () => {
    const guard = guardBackend(embeddedBackend({ path: '/dev/null/store' }));
    const beganMs = performance.now();
    for (let i = 0; i < 100; i++) expect(await guard.get('k')).toEqual({ ok: false, failure: 'permanent' });
    expect(performance.now() - beganMs).toBeLessThan(500);
    expect(await guard.ping(100)).toBeNull();
    await guard.close();
  });
});
