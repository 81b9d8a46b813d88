// Leases, locks and the log behind the guard: outcomes are values, bounds of their own, and what they teach the breakers.
import { afterEach, describe, expect, test } from 'vitest';
import { BackendError, type BackendErrorKind } from '../../../runtime/backend/backend-error.ts';
import type { Backend } from '../../../runtime/backend/backend.ts';
import type { BeginRequest, FillRequest } from '../../../runtime/backend/fence-capability.ts';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { subscribe } from '../../../runtime/observe/publish.ts';
import { guardBackend } from '../../../runtime/reliability/guard-backend.ts';
import type { GuardOptions } from '../../../runtime/reliability/guard-options.ts';
import type { GuardedFence, GuardedLog } from '../../../runtime/reliability/guarded-backend.ts';
import { faultyBackend, type Fault } from '../../../runtime/testing/faulty-backend.ts';
import { settle, stepClock } from '../../helpers/step-clock.ts';

const VALUE = Uint8Array.of(1, 2, 3);
const LEASE = '0123456789abcdef';
const TOKEN = '0123456789abcdef0123456789abcdef';
const APPEND = {
  prefix: 'ck1',
  inc: 0,
  head: 0,
  spareInc: 8e15,
  recordId: LEASE,
  subject: 't:a',
  redone: false,
  registryMax: 100,
};
const PLACE = { prefix: 'ck1', inc: 0, head: 0 };

const begin = (token = TOKEN): BeginRequest => ({
  key: 'k',
  nonce: LEASE,
  leaseMs: 120_000,
  token,
  lockMs: 3000,
  rejected: undefined,
});
const fill = (extra: Partial<FillRequest> = {}): FillRequest => ({
  key: 'k',
  lease: LEASE,
  value: VALUE,
  ttlMs: 1000,
  token: TOKEN,
  born: 0,
  ageMs: 0,
  ...extra,
});
const failed = (failure: BackendErrorKind | 'open' | 'rejected'): object => ({ ok: false, failure });

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function guarded(faults: readonly Fault[] = [], options: Partial<GuardOptions> = {}) {
  const clock = stepClock();
  const backend = faultyBackend(memoryBackend({ clock }), faults);
  const guard = guardBackend(backend, { clock, ...options });
  const fence = guard.fence as GuardedFence; // the memory backend has both
  const log = guard.log as GuardedLog;
  return { clock, guard, fence, log };
}

async function after<T>(
  clock: ReturnType<typeof stepClock>,
  ms: number,
  work: Promise<T>,
): Promise<T | 'waits'> {
  await clock.advance(ms);
  await settle();
  return Promise.race([work, settle().then(() => 'waits' as const)]);
}

describe('a healthy backend', () => {
  test('fence and log exist exactly when the backend has them', () => {
    const { fence, log, ...plain } = memoryBackend();
    expect(guardBackend(plain)).toMatchObject({ fence: undefined, log: undefined });
    expect(guardBackend({ ...plain, fence, log } as Backend).fence).toBeDefined();
  });

  test('leases and locks come through', async () => {
    const { fence } = guarded();
    expect(await fence.begin(begin())).toEqual({ ok: true, value: { kind: 'run', lease: LEASE } });
    const other = await fence.begin(begin(TOKEN.replace('0', 'f')));
    expect(other).toEqual({ ok: true, value: { kind: 'locked', lease: LEASE } });
    expect(await fence.renew('k', TOKEN, 3000)).toEqual({ ok: true, value: true });
    expect(await fence.release('k', TOKEN)).toEqual({ ok: true, value: undefined });
    expect(await fence.renew('k', TOKEN, 3000)).toEqual({ ok: true, value: false });
    expect(await fence.fill(fill())).toEqual({ ok: true, value: true });
    expect(await fence.fill(fill())).toEqual({ ok: true, value: false });
    const replacing = { key: 'k', expected: VALUE, value: Uint8Array.of(9), ttlMs: 1000 };
    expect(await fence.replace(replacing)).toEqual({ ok: true, value: true });
  });

  test('the log comes through, and following is not touched', async () => {
    const { log } = guarded();
    const synced = await log.sync(APPEND);
    expect(synced).toMatchObject({ ok: true, value: { inc: 8e15, floor: 0 } });
    const appended = await log.appendGroup(APPEND);
    const position = appended.ok ? appended.value.position : 0;
    expect(await log.positions(PLACE, ['t:a', 't:b'])).toEqual({
      ok: true,
      value: { floor: 0, positions: [position, 0] },
    });
    expect((await log.follow(PLACE, 1000, new AbortController().signal)).records).toHaveLength(1);
    expect(log.onTopology(() => undefined)).toBeTypeOf('function');
    await expect(log.follow(PLACE, 1000, AbortSignal.abort())).rejects.toBeInstanceOf(BackendError);
  });

  test('events say set for a fill, else lock, fence or bus, and carry sizes but no key', async () => {
    const { fence, log } = guarded();
    const events: unknown[] = [];
    stops.push(subscribe('cachekit:backend', (event) => events.push(event)));
    await fence.begin(begin());
    await fence.fill(fill());
    await fence.begin(begin());
    await fence.replace({ key: 'CANARY', expected: VALUE, value: VALUE, ttlMs: 1000 });
    await log.appendKey({ ...APPEND, subject: 'CANARY' });
    expect(events).toMatchObject([
      { operation: 'lock', outcome: 'ok' },
      { operation: 'set', outcome: 'ok', bytes: 3 },
      { operation: 'lock', outcome: 'ok', bytes: 3 },
      { operation: 'fence', outcome: 'ok', bytes: 3 },
      { operation: 'bus', outcome: 'ok' },
    ]);
    expect(JSON.stringify(events)).not.toContain('CANARY');
  });
});

describe('bounds', () => {
  test.each<[string, number, (guard: { fence: GuardedFence; log: GuardedLog }) => Promise<unknown>]>([
    ['begin', 250, ({ fence }) => fence.begin(begin())],
    ['renew', 250, ({ fence }) => fence.renew('k', TOKEN, 1)],
    ['release', 250, ({ fence }) => fence.release('k', TOKEN)],
    ['fill', 250, ({ fence }) => fence.fill(fill())],
    ['fill with a deadline', 900, ({ fence }) => fence.fill(fill(), 900)],
    ['replace', 250, ({ fence }) => fence.replace({ key: 'k', expected: VALUE, value: VALUE, ttlMs: 1 })],
    ['sync', 1000, ({ log }) => log.sync(APPEND)],
    ['appendGroup', 1000, ({ log }) => log.appendGroup(APPEND)],
    ['appendKey', 1000, ({ log }) => log.appendKey(APPEND)],
    ['positions', 250, ({ log }) => log.positions(PLACE, ['t:a'])],
  ])('%s that hangs ends after %i ms, not before', async (_, deadlineMs, run) => {
    const { clock, ...guard } = guarded([{ do: 'hang' }]);
    const work = run(guard);
    expect(await after(clock, deadlineMs - 1, work)).toBe('waits');
    expect(await after(clock, 1, work)).toEqual(failed('timeout'));
  });

  test('slow locks and a slow log do not lengthen the wait for reads', async () => {
    const { clock, guard, fence, log } = guarded([
      { operation: 'lock', do: { delayMs: 5 } },
      { operation: 'bus', do: { delayMs: 5 } },
    ]);
    for (let i = 0; i < 30; i++) {
      const work = Promise.all([fence.begin(begin('')), log.positions(PLACE, [])]);
      await clock.advance(90);
      await work;
    }
    expect(guard.state()).toMatchObject({ averageMs: 0, timeoutMs: 250 });
  });

  test('a lock does not wait behind a burst of values', async () => {
    const { fence } = guarded([{ operation: 'fence', do: 'hang' }]);
    for (let i = 0; i < 200; i++) void fence.fill(fill(), 60_000);
    expect(await fence.begin(begin())).toMatchObject({ ok: true, value: { kind: 'run' } });
  });

  test('closing lets all of them go', async () => {
    const { guard, fence, log } = guarded([{ do: 'hang' }]);
    const work = [fence.begin(begin()), fence.fill(fill()), log.sync(APPEND), log.appendKey(APPEND)];
    await settle();
    await guard.close();
    for (const one of work) expect(await one).toEqual(failed('open'));
    expect(await fence.renew('k', TOKEN, 1)).toEqual(failed('open'));
  });
});

describe('breakers', () => {
  test('fills that fail shut off writes, not reads', async () => {
    const { guard, fence } = guarded([{ operation: 'fence', do: 'transient' }]);
    for (let i = 0; i < 5; i++) expect(await fence.fill(fill())).toEqual(failed('transient'));
    expect(await guard.set('k', VALUE, 1000)).toEqual(failed('open'));
    expect(await fence.begin(begin())).toEqual(failed('open'));
    expect(await guard.get('k')).toMatchObject({ ok: true });
  });

  test('a store that takes no values can still be locked and told of invalidations', async () => {
    const { clock, fence, log } = guarded([{ operation: 'fence', count: 5, do: 'permanent' }]);
    for (let i = 0; i < 5; i++) await fence.fill(fill());
    expect(await fence.fill(fill())).toEqual(failed('open'));
    expect(await fence.begin(begin())).toMatchObject({ ok: true });
    expect(await log.appendKey({ ...APPEND, subject: 'other' })).toMatchObject({ ok: true });
    // Only values tell when it takes them again, and locks do not use up their trials.
    for (let i = 0; i < 3; i++) {
      await clock.advance(1000);
      await fence.renew('k', TOKEN, 3000);
      expect(await fence.fill(fill({ lease: 'none', token: '' }))).toMatchObject({ ok: true });
    }
    expect(await fence.fill(fill({ token: '' }))).toEqual({ ok: true, value: true });
  });

  test('appends that are not answered shut off writes; answers of small things outweigh nothing', async () => {
    const { clock, guard, fence, log } = guarded([{ operation: 'bus', do: 'hang' }]);
    const work = Array.from({ length: 4 }, () => log.appendGroup(APPEND));
    await clock.advance(1000);
    expect(await Promise.all(work)).toEqual(Array.from({ length: 4 }, () => failed('timeout')));
    await fence.begin(begin());
    const last = log.appendGroup(APPEND);
    await clock.advance(1000);
    await last;
    expect(await guard.set('k', VALUE, 1000)).toEqual(failed('open'));
    expect(guard.state().breaker).toBe('CLOSED');
  });

  test('syncs that fail shut off reads', async () => {
    const { guard, log } = guarded([{ operation: 'bus', do: 'transient' }]);
    for (let i = 0; i < 5; i++) await log.sync(APPEND);
    expect(await guard.get('k')).toEqual(failed('open'));
  });

  test('probes never read what the log calls a subject', async () => {
    const asked: string[] = [];
    const clock = stepClock();
    const inner = faultyBackend(memoryBackend({ clock }), [{ operation: 'bus', do: 'transient' }]);
    const spy: Backend = { ...inner, get: (key, signal) => (asked.push(key), inner.get(key, signal)) };
    const guard = guardBackend(spy, { clock });
    for (let i = 0; i < 5; i++) await guard.log?.sync(APPEND);
    await clock.advance(10_000);
    expect(asked).toEqual([]);
    expect(guard.state().breaker).toBe('CLOSED');
  });

  test('a permission that is missing is misconfigured', async () => {
    const { guard, fence } = guarded([{ operation: 'lock', do: 'auth' }]);
    expect(await fence.begin(begin())).toEqual(failed('auth'));
    expect(guard.state()).toMatchObject({ status: 'misconfigured', breaker: 'CLOSED' });
  });
});

test('whatever a fence or a log throws is a value', async () => {
  const throwing = (): never => {
    throw new TypeError('no');
  };
  const guard = guardBackend(
    {
      ...memoryBackend(),
      fence: { begin: throwing, fill: throwing, renew: throwing, release: throwing, replace: throwing },
      log: {
        sync: throwing,
        appendGroup: throwing,
        appendKey: throwing,
        follow: throwing,
        positions: throwing,
      },
    },
    { clock: stepClock(), circuitBreaker: false },
  );
  const { fence, log } = guard;
  const outcomes = [
    fence?.begin(begin()),
    fence?.fill(fill()),
    fence?.renew('k', TOKEN, 1),
    fence?.release('k', TOKEN),
    fence?.replace({ key: 'k', expected: VALUE, value: VALUE, ttlMs: 1 }),
    log?.sync(APPEND),
    log?.appendGroup(APPEND),
    log?.appendKey(APPEND),
    log?.positions(PLACE, []),
  ];
  for (const outcome of outcomes) expect(await outcome).toEqual(failed('transient'));
});
