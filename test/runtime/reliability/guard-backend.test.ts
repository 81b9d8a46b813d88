// The guard on a clock moved by hand: outcomes are values, within their bounds, whatever the backend does.
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { BackendError } from '../../../runtime/backend/backend-error.ts';
import type { Backend } from '../../../runtime/backend/backend.ts';
import { memoryBackend } from '../../../runtime/backend/memory-backend.ts';
import { subscribe } from '../../../runtime/observe/publish.ts';
import { guardBackend } from '../../../runtime/reliability/guard-backend.ts';
import { GUARD_DEFAULTS, type GuardOptions } from '../../../runtime/reliability/guard-options.ts';
import { faultyBackend, type Fault } from '../../../runtime/testing/faulty-backend.ts';
import { settle, stepClock } from '../../helpers/step-clock.ts';

const VALUE = Uint8Array.of(1, 2, 3);
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A backend that counts what reaches it, behind faults, behind the guard. */
function guarded(faults: readonly Fault[] = [], options: Partial<GuardOptions> = {}) {
  const clock = stepClock();
  const calls: string[] = [];
  const scripted = faultyBackend(memoryBackend({ clock }), faults);
  const counting: Backend = {
    name: 'counting',
    get: (key, signal) => (calls.push('get'), scripted.get(key, signal)),
    set: (key, value, ttlMs, signal) => (calls.push('set'), scripted.set(key, value, ttlMs, signal)),
    delete: (key, signal) => (calls.push('delete'), scripted.delete(key, signal)),
    ping: async () => void calls.push('ping'),
    ...(scripted.log !== undefined && { log: scripted.log }),
  };
  return { clock, calls, guard: guardBackend(counting, { clock, ...options }) };
}

async function outcomeAfter<T>(
  clock: ReturnType<typeof stepClock>,
  ms: number,
  work: Promise<T>,
): Promise<T | 'waits'> {
  await clock.advance(ms);
  await settle();
  return Promise.race([work, settle().then(() => 'waits' as const)]);
}

describe('a healthy backend', () => {
  test('values come through, absence is a value', async () => {
    const { guard } = guarded();
    expect(await guard.get('k')).toEqual({ ok: true, value: undefined });
    expect(await guard.set('k', VALUE, 1000)).toEqual({ ok: true, value: undefined });
    expect(await guard.get('k')).toEqual({ ok: true, value: VALUE });
    expect(await guard.delete('k')).toEqual({ ok: true, value: undefined });
    expect(await guard.get('k')).toEqual({ ok: true, value: undefined });
  });

  test('no timer is left after the deadline of the last operation', async () => {
    const { guard, clock } = guarded();
    await guard.get('k');
    await guard.get('k');
    expect(clock.timers).toBe(1);
    await clock.advance(guard.state().timeoutMs);
    expect(clock.timers).toBe(0);
  });

  test('sync exists exactly when the backend has it', () => {
    expect(guarded().guard.sync).toBeUndefined();
    const guard = guardBackend(memoryBackend());
    expect(guard.sync?.set('k', VALUE, 1000)).toEqual({ ok: true, value: undefined });
    expect(guard.sync?.get('k')).toEqual({ ok: true, value: VALUE });
  });

  test('each operation is one event without key or value', async () => {
    const { guard } = guarded();
    const events: unknown[] = [];
    stops.push(subscribe('cachekit:backend', (event) => events.push(event)));
    await guard.set('CANARY', VALUE, 1000);
    await guard.get('CANARY');
    expect(events).toMatchObject([
      { backend: 'counting', operation: 'set', outcome: 'ok', bytes: 3 },
      { backend: 'counting', operation: 'get', outcome: 'ok', bytes: 3 },
    ]);
    expect(JSON.stringify(events)).not.toContain('CANARY');
  });
});

describe('deadlines', () => {
  test('a read that hangs ends after 250 ms, not before', async () => {
    const { guard, clock } = guarded([{ do: 'hang' }]);
    const work = guard.get('k');
    expect(await outcomeAfter(clock, 249, work)).toBe('waits');
    expect(await outcomeAfter(clock, 1, work)).toEqual({ ok: false, failure: 'timeout' });
  });

  test('fast answers shorten the wait to 100 ms, and it never exceeds the read budget', async () => {
    const { guard, clock } = guarded([{ operation: 'get', from: 31, do: 'hang' }]);
    for (let i = 0; i < 30; i++) await guard.get('k');
    expect(guard.state().timeoutMs).toBe(100);
    const slow = Array.from({ length: 4 }, () => guard.get('k'));
    await clock.advance(100);
    expect(await Promise.all(slow)).toEqual(
      Array.from({ length: 4 }, () => ({ ok: false, failure: 'timeout' })),
    );
    expect(guard.state().timeoutMs).toBeLessThanOrEqual(250);
  });

  test('a late answer changes nothing', async () => {
    const { clock } = guarded();
    let answer: (value: Uint8Array) => void = () => undefined;
    const backend: Backend = { ...memoryBackend(), get: () => new Promise((resolve) => (answer = resolve)) };
    const guard = guardBackend(backend, { clock });
    const work = guard.get('k');
    await clock.advance(250);
    answer(VALUE);
    expect(await work).toEqual({ ok: false, failure: 'timeout' });
  });

  test('the signal is aborted at the deadline', async () => {
    const clock = stepClock();
    let seen: AbortSignal | undefined;
    const backend: Backend = {
      ...memoryBackend(),
      get: (_, signal) => ((seen = signal), new Promise(() => undefined)),
    };
    void guardBackend(backend, { clock }).get('k');
    await clock.advance(250);
    expect(seen?.aborted).toBe(true);
  });
});

describe('the bulkhead', () => {
  const backpressure = { maxConcurrent: 2, maxQueued: 1 };

  test('what does not fit is rejected at once, what waits is rejected at its deadline', async () => {
    const { guard, clock, calls } = guarded([{ do: 'hang' }], { backpressure });
    const [, , waiting, tooMany] = [guard.get('a'), guard.get('b'), guard.get('c'), guard.get('d')];
    expect(await tooMany).toEqual({ ok: false, failure: 'rejected' });
    await clock.advance(250);
    expect(await waiting).toEqual({ ok: false, failure: 'rejected' });
    expect(calls).toEqual(['get', 'get']);
    expect(guard.state().rejected).toBe(1);
  });

  test('a backend that ignores its signal keeps its place, but not for ever', async () => {
    const { guard, clock } = guarded([{ do: 'hang' }], { backpressure });
    void guard.get('a');
    void guard.get('b');
    await clock.advance(250);
    expect(guard.state().running).toBe(2);
    await clock.advance(5000);
    expect(guard.state().running).toBe(0);
  });

  test('a place that gets free goes to the one that waited longest', async () => {
    const { guard, clock } = guarded([{ count: 2, do: 'transient' }], { backpressure });
    const all = [guard.get('a'), guard.get('b'), guard.get('c')];
    await clock.advance(0);
    expect((await Promise.all(all)).map((result) => result.ok)).toEqual([false, false, true]);
    expect(guard.state().running).toBe(0);
  });
});

describe('the breaker', () => {
  test('after five time-outs nothing reaches the backend and callers go on at once', async () => {
    const { guard, clock, calls } = guarded([{ operation: 'get', do: 'hang' }]);
    const work = Array.from({ length: 5 }, () => guard.get('k'));
    await clock.advance(250);
    await Promise.all(work);
    calls.length = 0;
    const results = await Promise.all(Array.from({ length: 1000 }, () => guard.get('k')));
    expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(
      new Set(['{"ok":false,"failure":"open"}']),
    );
    expect(calls).toEqual([]);
    expect(guard.state()).toMatchObject({ breaker: 'OPEN', status: 'down' });
  });

  test('probes come one at a time, 250 ms apart at first, then a second', async () => {
    const { guard, clock, calls } = guarded([{ operation: 'get', do: 'transient' }]);
    for (let i = 0; i < 5; i++) await guard.get('k');
    calls.length = 0;
    await clock.advance(2000);
    expect(calls.filter((call) => call === 'ping').length).toBeLessThanOrEqual(8);
    expect(calls.filter((call) => call === 'ping').length).toBeGreaterThanOrEqual(7);
    calls.length = 0;
    await clock.advance(10_000);
    expect(calls.filter((call) => call === 'ping').length).toBeLessThanOrEqual(14);
    expect(calls.filter((call) => call === 'ping').length).toBeGreaterThanOrEqual(9);
  });

  test('within a second of the heal it is used again', async () => {
    const { guard, clock } = guarded([{ operation: 'get', count: 25, do: 'transient' }]);
    for (let i = 0; i < 5; i++) await guard.get('k');
    await clock.advance(60_000);
    expect(guard.state()).toMatchObject({ breaker: 'CLOSED', status: 'up' });
    expect(await guard.get('k')).toEqual({ ok: true, value: undefined });
  });

  test('errors about one value never shut off reads', async () => {
    const { guard } = guarded([{ operation: 'get', do: 'permanent' }]);
    for (let i = 0; i < 50; i++) expect(await guard.get('k')).toEqual({ ok: false, failure: 'permanent' });
    expect(guard.state().breaker).toBe('CLOSED');
  });

  test('a store that is full stops writes, goes on with reads and deletes, and takes one write now and then', async () => {
    const { guard, clock, calls } = guarded([{ operation: 'set', count: 6, do: 'permanent' }]);
    for (let i = 0; i < 5; i++) await guard.set('k', VALUE, 1000);
    expect(await guard.set('k', VALUE, 1000)).toEqual({ ok: false, failure: 'open' });
    expect(await guard.get('k')).toEqual({ ok: true, value: undefined });
    expect(await guard.delete('k')).toEqual({ ok: true, value: undefined });
    calls.length = 0;
    const outcomes: boolean[] = [];
    for (let i = 0; i < 10; i++) {
      await clock.advance(500);
      outcomes.push((await guard.set('k', VALUE, 1000)).ok);
    }
    expect(outcomes).toEqual([false, false, false, true, true, true, true, true, true, true]);
  });

  test('a refused password is misconfigured, not down, and is asked about after a second, then every 5 s', async () => {
    const { guard, clock, calls } = guarded([{ operation: 'get', count: 11, do: 'auth' }]);
    expect(await guard.get('k')).toEqual({ ok: false, failure: 'auth' });
    expect(guard.state()).toMatchObject({ breaker: 'OPEN', status: 'misconfigured' });
    calls.length = 0;
    const probes = (): number => calls.filter((name) => name === 'ping').length;
    await clock.advance(700);
    expect(probes()).toBe(0);
    await clock.advance(300);
    expect(probes()).toBe(1);
    await clock.advance(29_000);
    // After about 1, 2 and 4 s, then each 3.75 to 5 s.
    expect(probes()).toBeGreaterThanOrEqual(7);
    expect(probes()).toBeLessThanOrEqual(9);
    expect(guard.state()).toMatchObject({ breaker: 'OPEN', status: 'misconfigured' });
    await clock.advance(25_000);
    expect(guard.state()).toMatchObject({ breaker: 'CLOSED', status: 'up' });
  });

  test('who waits for the backend is told when it is used again, and can leave', async () => {
    const { guard, clock } = guarded([{ count: 6, do: 'transient' }]);
    let [told, left] = [0, 0];
    guard.log?.onUsable(() => told++);
    guard.log?.onUsable(() => left++)();
    for (let i = 0; i < 6; i++) await guard.get('k');
    expect(guard.state().breaker).toBe('OPEN');
    expect(told).toBe(0);
    await clock.advance(3000);
    expect([guard.state().breaker, told, left]).toEqual(['CLOSED', 1, 0]);
  });

  test('a refused write is misconfigured and leaves reads alone', async () => {
    const { guard } = guarded([{ operation: 'set', do: 'auth' }]);
    expect(await guard.set('k', VALUE, 1000)).toEqual({ ok: false, failure: 'auth' });
    expect(await guard.set('k', VALUE, 1000)).toEqual({ ok: false, failure: 'open' });
    expect(await guard.get('k')).toEqual({ ok: true, value: undefined });
    expect(guard.state()).toMatchObject({ breaker: 'CLOSED', status: 'misconfigured' });
  });

  test.each([
    ['reads first', 'get'],
    ['writes first', 'set'],
  ] as const)('refused as a whole, writes come back with the reads: %s', async (_, first) => {
    const { guard, clock } = guarded([
      { operation: 'get', count: 5, do: 'transient' },
      { operation: 'get', from: 6, count: 1, do: 'auth' },
      { operation: 'set', count: 1, do: 'auth' },
    ]);
    const refused = [];
    if (first === 'set') refused.push(await guard.set('k', VALUE, 1000));
    for (let i = 0; i < 5; i++) await guard.get('k');
    if (first === 'get') refused.push(await guard.set('k', VALUE, 1000));
    expect(refused).toEqual([{ ok: false, failure: 'auth' }]);
    await clock.advance(300); // the first probe is refused
    expect(guard.state()).toMatchObject({ breaker: 'OPEN', status: 'misconfigured' });
    await clock.advance(3000);
    expect((await guard.get('k')).ok).toBe(true);
    expect((await guard.set('k', VALUE, 1000)).ok).toBe(true);
    expect(guard.state()).toMatchObject({ breaker: 'CLOSED', status: 'up' });
  });

  test('those who wait for a place are let go when it opens', async () => {
    const backpressure = { maxConcurrent: 1, maxQueued: 10 };
    const circuitBreaker = { failureThreshold: 1, successThreshold: 3, recoveryTimeoutMs: 1000 };
    const { guard } = guarded([{ do: 'transient' }], { backpressure, circuitBreaker });
    const results = await Promise.all([guard.get('a'), guard.get('b'), guard.get('c')]);
    expect(results.map((result) => (result.ok ? 'ok' : result.failure))).toEqual([
      'transient',
      'open',
      'open',
    ]);
  });

  test('an own rule decides what counts, and one that throws is not heard', async () => {
    const isFailure = (error: BackendError): boolean => {
      if (error.kind === 'permanent') throw new Error('a mistake in the rule');
      return false;
    };
    const circuitBreaker = {
      ...GUARD_DEFAULTS.circuitBreaker,
      failureThreshold: 5,
      successThreshold: 3,
      recoveryTimeoutMs: 1000,
      isFailure,
    };
    const { guard } = guarded([{ count: 50, do: 'transient' }, { do: 'permanent' }], { circuitBreaker });
    for (let i = 0; i < 60; i++) await guard.get('k');
    expect(guard.state().breaker).toBe('CLOSED');
  });

  test('synchronous failures count as well', () => {
    const guard = guardBackend(faultyBackend(memoryBackend(), [{ do: 'transient' }]), { clock: stepClock() });
    const failures = Array.from({ length: 7 }, () => guard.sync?.get('k')).map((r) =>
      r?.ok ? 'ok' : r?.failure,
    );
    expect(failures).toEqual([...Array.from({ length: 5 }, () => 'transient'), 'open', 'open']);
  });
});

describe('closing', () => {
  test('whoever waits is let go, nothing runs afterwards, twice is fine', async () => {
    const { guard, clock } = guarded([{ do: 'hang' }]);
    const work = guard.get('k');
    await settle();
    await guard.close();
    await guard.close();
    expect(await work).toEqual({ ok: false, failure: 'open' });
    expect(await guard.get('k')).toEqual({ ok: false, failure: 'open' });
    expect(await guard.ping(10)).toBeNull();
    await clock.advance(10_000);
    expect(clock.timers).toBe(0);
  });

  test('a backend that never closes holds nobody longer than a second', async () => {
    const clock = stepClock();
    const guard = guardBackend({ ...memoryBackend(), close: () => new Promise(() => undefined) }, { clock });
    const closing = guard.close().then(() => 'closed');
    expect(await outcomeAfter(clock, 1000, closing)).toBe('closed');
  });
});

test('ping is a round trip or null, and never rejects', async () => {
  expect(await guardBackend(memoryBackend()).ping(100)).toBeGreaterThanOrEqual(0);
  const broken: Backend = { ...memoryBackend(), ping: () => Promise.reject(new Error('no')) };
  expect(await guardBackend(broken).ping(100)).toBeNull();
});

test('whatever a backend throws is a value', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string(), fc.constant(undefined), fc.constant(new Error('x'))),
      async (thrown) => {
        const throwing = (): never => {
          throw thrown;
        };
        const guard = guardBackend(
          {
            name: 'throws',
            get: throwing,
            set: throwing,
            delete: throwing,
            sync: { get: throwing, set: throwing },
          },
          { clock: stepClock(), circuitBreaker: false },
        );
        const transient = { ok: false, failure: 'transient' };
        expect(await guard.get('k')).toEqual(transient);
        expect(await guard.set('k', VALUE, 1)).toEqual(transient);
        expect(await guard.delete('k')).toEqual(transient);
        expect(guard.sync?.get('k')).toEqual(transient);
      },
    ),
    { numRuns: 30 },
  );
});

test('with any script of faults every operation ends within its bound and nothing is left over', async () => {
  const fault: fc.Arbitrary<Fault> = fc.record(
    {
      operation: fc.constantFrom('get', 'set', 'delete'),
      from: fc.integer({ min: 1, max: 20 }),
      count: fc.integer({ min: 1, max: 20 }),
      do: fc.constantFrom('timeout', 'transient', 'permanent', 'auth', 'hang', 'corrupt'),
    },
    { requiredKeys: ['do'] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 6 }),
      fc.array(fc.nat(2), { maxLength: 40 }),
      async (faults, steps) => {
        const { guard, clock } = guarded(faults, { backpressure: { maxConcurrent: 3, maxQueued: 3 } });
        const work = steps.map((step) =>
          step === 0 ? guard.get('k') : step === 1 ? guard.set('k', VALUE, 1000) : guard.delete('k'),
        );
        const results = await outcomeAfter(clock, 250, Promise.all(work));
        expect(results).not.toBe('waits');
        await clock.advance(10_000);
        expect(guard.state().running).toBe(0);
        await guard.close();
      },
    ),
    { numRuns: 60 },
  );
});
