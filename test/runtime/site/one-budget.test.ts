// All that a call asks of a backend comes out of one budget, and nobody waits for a log where nothing was read.
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { BackendError, cacheOf, configure, flush, type Backend } from '../../../runtime/index.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { watchStandstill } from '../../helpers/lateness.ts';
import { oneNumber } from './hand-written.ts';

beforeEach(resetCacheKit);

const BUDGET_MS = 250;
/** What a busy machine may add. */
const SLACK_MS = 100;
/** This process, not the backend. */
function standStill(ms: number): void {
  const beganMs = performance.now();
  while (performance.now() - beganMs < ms);
}
const never = (): Promise<never> => new Promise(() => undefined);

/** A backend with a log and leases, which can become slow, silent or away, each part for itself. */
function partly() {
  const inner = memoryBackend();
  const { fence, log } = inner;
  if (fence === undefined || log === undefined) throw new Error('The memory backend has both.');
  const how = {
    read: 'well' as 'well' | 'slow' | 'late' | 'silent' | 'away',
    begin: 'well',
    log: 'well',
    begun: 0,
  };
  const backend: Backend = {
    name: 'partly',
    async get(key, signal) {
      if (how.read === 'slow') await pause(200);
      if (how.read === 'late') standStill(BUDGET_MS + 50);
      if (how.read === 'silent') await never();
      if (how.read === 'away') throw new BackendError('transient', 'away');
      return inner.get(key, signal);
    },
    set: (key, value, ttlMs, signal) => inner.set(key, value, ttlMs, signal),
    delete: (key, signal) => inner.delete(key, signal),
    fence: {
      fill: (request, signal) => fence.fill(request, signal),
      renew: (key, token, lockMs, signal) => fence.renew(key, token, lockMs, signal),
      release: (key, token, signal) => fence.release(key, token, signal),
      replace: (request, signal) => fence.replace(request, signal),
      async begin(request, signal) {
        how.begun++;
        return how.begin === 'well' ? fence.begin(request, signal) : never();
      },
    },
    log: {
      ...(log.isLocal === undefined ? {} : { isLocal: log.isLocal }),
      sync: (request, signal) => (how.log === 'well' ? log.sync(request, signal) : never()),
      follow: (place, waitMs, signal) => log.follow(place, waitMs, signal),
      appendKey: (request, signal) => log.appendKey(request, signal),
      appendGroup: (request, signal) => log.appendGroup(request, signal),
      positions: (place, ids, signal) => log.positions(place, ids, signal),
    },
  };
  return { backend, how };
}

async function tookMs(call: () => Promise<unknown>): Promise<number> {
  const [beganMs, standstill] = [performance.now(), watchStandstill()];
  await call();
  return performance.now() - beganMs - standstill();
}

it('a slow read and a silent lock together take no longer than a silent read', async () => {
  const { backend, how } = partly();
  configure({ backend });
  const load = oneNumber(async (id) => ({ id, tags: [] }));
  await load(1);
  await flush();
  Object.assign(how, { read: 'slow', begin: 'silent', begun: 0 });
  expect(await tookMs(() => load(2))).toBeLessThan(BUDGET_MS + SLACK_MS);
  expect(how.begun).toBe(1);
});

it('where this process was late itself, it still asks for the lock: others may hold it', async () => {
  const { backend, how } = partly();
  configure({ backend });
  const load = oneNumber(async (id) => ({ id, tags: [] }));
  await load(1);
  await flush();
  Object.assign(how, { read: 'late', begun: 0 });
  await load(2);
  expect(how.begun).toBe(1);
});

it('a backend that does not answer a read is not asked for a lock', async () => {
  const { backend, how } = partly();
  configure({ backend });
  const load = oneNumber(async (id) => ({ id, tags: [] }));
  await load(1);
  await flush();
  Object.assign(how, { read: 'silent', begin: 'silent', begun: 0 });
  expect(await tookMs(() => load(2))).toBeLessThan(BUDGET_MS + SLACK_MS);
  expect(how.begun).toBe(0);
});

it('a log that was never reached costs no time where the breaker is open', async () => {
  const { backend, how } = partly();
  Object.assign(how, { read: 'away', log: 'silent' });
  configure({ backend });
  const load = oneNumber(async (id) => ({ id, tags: [] }), { settings: { l1: false } });
  for (let i = 0; i < 10; i++) await load(i);
  expect(cacheOf(load).getHealthStatus().circuitBreaker.state).toBe('OPEN');
  const took = await Promise.all(Array.from({ length: 20 }, (_, i) => tookMs(() => load(i))));
  expect(Math.max(...took)).toBeLessThan(SLACK_MS);
});

it.each([
  ['250 ms', {}, 250],
  ['what is configured, if that is less', { timeout: { initial: '50ms' } }, 50],
  ['no longer than 250 ms', { timeout: { adaptive: { max: '2s' } } }, 250],
] as const)('a second tier that does not open is waited for: %s', async (_, config, boundMs) => {
  configure({ backend: partly().backend, ...config });
  const load = oneNumber(async (id) => ({ id, tags: [] }));
  await load(1);
  load.site.core.tier = undefined;
  const opening = Promise.withResolvers<undefined>();
  load.site.core.tierOpening = opening.promise;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let isDone = false;
    void load(2).then(() => (isDone = true));
    await vi.advanceTimersByTimeAsync(boundMs - 1);
    expect(isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isDone).toBe(true);
  } finally {
    vi.useRealTimers();
    opening.resolve(undefined);
  }
});

/** How long a call takes, by a clock that is moved; `meanwhile` happens `atMs` after it began. */
async function movedMs(call: () => Promise<unknown>, atMs = 0, meanwhile = () => {}): Promise<number> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const beganMs = performance.now();
    let endedMs: number | undefined;
    void call().then(() => (endedMs = performance.now()));
    await vi.advanceTimersByTimeAsync(atMs);
    meanwhile();
    for (let i = 0; endedMs === undefined && i < 1000; i++) await vi.advanceTimersByTimeAsync(1);
    return (endedMs ?? Number.POSITIVE_INFINITY) - beganMs;
  } finally {
    vi.useRealTimers();
  }
}

it('a registry that has not said a word yet costs the first call no more than a silent read', async () => {
  const { backend, how } = partly();
  how.log = 'silent';
  configure({ backend });
  const load = oneNumber(async (id) => ({ id, tags: [] }));
  expect(await movedMs(() => load(1))).toBeLessThanOrEqual(BUDGET_MS + 1);
});

describe('the call that opens the second tier', () => {
  async function firstCallMs(openMs: number, how: { read?: 'silent'; begin?: 'silent' }): Promise<number> {
    const { backend, how: state } = partly();
    configure({ backend });
    const load = oneNumber(async (id) => ({ id, tags: [] }));
    await load(1);
    await flush();
    Object.assign(state, how);
    const { core } = load.site;
    const { tier } = core;
    const opening = Promise.withResolvers<typeof tier>();
    core.tier = undefined;
    core.tierOpening = opening.promise;
    const open = (): void => {
      core.tier = tier;
      opening.resolve(tier);
    };
    return movedMs(() => load(2), openMs, open);
  }

  it('waits for opening and a silent read no longer than for a silent read', async () => {
    expect(await firstCallMs(200, { read: 'silent' })).toBeLessThanOrEqual(BUDGET_MS + 1);
  });

  it('has no more than 50 ms for the lock where opening and reading have used the budget up', async () => {
    expect(await firstCallMs(200, { begin: 'silent' })).toBeLessThanOrEqual(BUDGET_MS + 51);
    expect(await firstCallMs(245, { begin: 'silent' })).toBeLessThanOrEqual(BUDGET_MS + 51);
  });
});
