// Every option of configure(): its default, that it does something, and who has the last word. An option without a case
// here fails the first test.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { readEnvironment } from '../../../runtime/config/env.ts';
import { resolveGuard } from '../../../runtime/config/resolve-guard.ts';
import { resolveSettings } from '../../../runtime/config/resolve-settings.ts';
import type { CacheDescriptor } from '../../../runtime/contract/cache-descriptor.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import {
  cached,
  cacheOf,
  configure,
  flush,
  invalidateTags,
  subscribe,
  type Backend,
  type CacheKitConfig,
  type CacheOptions,
} from '../../../runtime/index.ts';
import { guardBackend } from '../../../runtime/reliability/guard-backend.ts';
import {
  faultyBackend,
  manualClock,
  memoryBackend,
  recordEvents,
  resetCacheKit,
  type Fault,
} from '../../../runtime/testing/index.ts';
import { configPaths } from '../../helpers/config-paths.ts';
import { settle, stepClock } from '../../helpers/step-clock.ts';
import { oneNumber, syncNumber, textValue } from '../site/hand-written.ts';

beforeEach(resetCacheKit);
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function setVariable(name: string, value: string): void {
  vi.stubEnv(name, value);
  forgetEnvironment();
}

/** As outside of tests: jitter, and no throwaway key. */
function noTestRun(): void {
  for (const name of ['NODE_ENV', 'VITEST', 'NODE_TEST_CONTEXT']) vi.stubEnv(name, '');
  forgetEnvironment();
}

const texts = (settings: object = {}) => {
  let runs = 0;
  return oneNumber(async () => `run ${++runs}`, { value: textValue, settings });
};

/** A store that remembers what it was given. */
function remembering(name = 'mine') {
  const stored = new Map<string, Uint8Array>();
  const inner = memoryBackend();
  const backend: Backend = {
    name,
    get: (key, signal) => inner.get(key, signal),
    set(key, value, ttlMs, signal) {
      stored.set(key, value);
      return inner.set(key, value, ttlMs, signal);
    },
    delete: (key, signal) => inner.delete(key, signal),
  };
  return { backend, stored };
}

async function runsOf(call: (id: number) => unknown, ids: readonly number[]): Promise<unknown[]> {
  const results = [];
  for (const id of ids) results.push(await call(id));
  return results;
}

const settingsOf = (config: CacheKitConfig, env: Record<string, string> = {}, options?: CacheOptions) => {
  const { descriptor } = oneNumber(async () => 'x', { settings: { namespace: 'ns' } });
  return resolveSettings(descriptor, options, config, readEnvironment(env, '24.21.0').environment);
};

const guardOf = (config: CacheKitConfig, env: Record<string, string> = {}) =>
  resolveGuard(config, readEnvironment(env, '24.21.0').environment, stepClock());

/** The guard of a configuration, around a backend that follows a script. */
function guarded(config: CacheKitConfig, faults: readonly Fault[]) {
  const clock = stepClock();
  const options = { ...guardOf(config), clock };
  return { clock, guard: guardBackend(faultyBackend(memoryBackend({ clock }), faults), options) };
}

/** Milliseconds until a read that hangs is given up. */
async function longestWait(config: CacheKitConfig, readsBefore = 0): Promise<number> {
  const { clock, guard } = guarded(config, [{ operation: 'get', from: readsBefore + 1, do: 'hang' }]);
  for (let i = 0; i < readsBefore; i++) await guard.get('k');
  let ended = false;
  void guard.get('k').then(() => (ended = true));
  for (let ms = 0; ms < 20_000; ms += 10) {
    await settle();
    if (ended) return ms;
    await clock.advance(10);
  }
  throw new Error('it waits for ever');
}

const MB = 1024 ** 2;
const never = new AbortController().signal;

const cases: Readonly<Record<string, () => Promise<void>>> = {
  async enabled() {
    expect(settingsOf({}).enabled).toBe(true);
    configure({ enabled: false });
    expect(await runsOf(texts(), [1, 1])).toEqual(['run 1', 'run 2']);
    expect(settingsOf({ enabled: false, namespaces: { ns: { enabled: true } } }).enabled).toBe(true);
    expect(settingsOf({ enabled: true }, { CACHEKIT_DISABLED: '1' }).enabled).toBe(false);
  },

  async backend() {
    expect(settingsOf({}).backend).toEqual({ kind: 'embedded' });
    const { backend, stored } = remembering();
    configure({ backend });
    await texts()(1);
    await flush();
    expect(stored.size).toBe(1);
    const env = { CACHEKIT_BACKEND: 'none' };
    expect(settingsOf({}, env).backend).toEqual({ kind: 'none' });
    expect(settingsOf({ backend: 'memory' }, env).backend).toEqual({ kind: 'memory' });
    expect(settingsOf({ backend: 'memory' }, env, { backend: 'embedded' }).backend).toEqual({
      kind: 'embedded',
    });
  },

  async backends() {
    expect(settingsOf({}, {}, { backend: 'slow' }).backend).toEqual({ kind: 'unknown', name: 'slow' });
    const { backend, stored } = remembering();
    configure({ backends: { slow: backend } });
    await texts({ backend: 'slow' })(1);
    await texts()(1);
    await flush();
    expect(stored.size).toBe(1);
  },

  async 'defaults.ttl'() {
    expect(settingsOf({}).ttlMs).toBe(3_600_000);
    const clock = manualClock();
    configure({ clock, backend: 'none', defaults: { ttl: '10s' } });
    const [load, long] = [texts(), texts({ ttlMs: 60_000 })];
    await runsOf(load, [1]);
    await runsOf(long, [1]);
    await clock.advance(10_100);
    expect([await load(1), await long(1)]).toEqual(['run 2', 'run 1']);
    const env = { CACHEKIT_DEFAULT_TTL: '5' };
    expect([settingsOf({}, env).ttlMs, settingsOf({ defaults: { ttl: 7 } }, env).ttlMs]).toEqual([
      5000, 7000,
    ]);
  },

  async 'defaults.jitter'() {
    expect(settingsOf({}).jitter01).toBe(0.1);
    expect(settingsOf({ defaults: { jitter: 0.5 } }, { VITEST: 'true' }).jitter01).toBe(0);
    expect(settingsOf({ defaults: { jitter: 0.5 } }, {}, { jitter: 0.2 }).jitter01).toBe(0.2);
    noTestRun();
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const clock = manualClock();
    configure({ clock, backend: 'none', defaults: { ttl: '100s', jitter: 0.5 } });
    const load = texts();
    await load(1);
    await clock.advance(51_000);
    expect(await load(1)).toBe('run 2');
  },

  async 'defaults.maxSize'() {
    expect(settingsOf({}).maxSizeBytes).toBe(50 * MB);
    configure({ backend: 'none', defaults: { maxSize: 100 } });
    const discards = recordEvents('cachekit:discard');
    const notices = recordEvents('cachekit:notice');
    let runs = 0;
    const load = oneNumber(async () => `${++runs}`.padEnd(200, 'x'), { value: textValue });
    expect((await runsOf(load, [1, 1])).map((text) => String(text)[0])).toEqual(['1', '2']);
    discards.stop();
    notices.stop();
    expect(notices.events).toMatchObject([
      {
        code: 'CACHEKIT_UNSTORABLE',
        message: expect.stringMatching(/^A result of `\S+` is larger than its maxSize/),
      },
    ]);
    expect(discards.events).toMatchObject([{ reason: 'too-large' }, { reason: 'too-large' }]);
    const env = { CACHEKIT_MAX_CHUNK_SIZE_MB: '3' };
    expect(settingsOf({}, env).maxSizeBytes).toBe(3 * MB);
    expect(settingsOf({ defaults: { maxSize: '2mb' } }, env).maxSizeBytes).toBe(2 * MB);
    expect(settingsOf({ defaults: { maxSize: '2mb' } }, env, { maxSize: '1mb' }).maxSizeBytes).toBe(MB);
  },

  async 'defaults.cacheNull'() {
    configure({ backend: 'none', defaults: { cacheNull: false } });
    let runs = 0;
    const find = cached(async (_id: number) => (runs++, null));
    await find(1);
    await find(1);
    expect(runs).toBe(2);
    expect(settingsOf({ defaults: { cacheNull: '2s' } }, {}, { cacheNull: true }).cacheNull).toBe(true);
  },

  async 'defaults.compress'() {
    expect(settingsOf({}).compress).toBe(true);
    const sizeWith = async (compress: boolean): Promise<number> => {
      const { backend, stored } = remembering();
      configure({ backend, defaults: { compress } });
      await oneNumber(async () => 'x'.repeat(10_000), { value: textValue })(1);
      await flush();
      return [...stored.values()][0]?.byteLength ?? 0;
    };
    expect(await sizeWith(false)).toBeGreaterThan(10_000);
    expect(await sizeWith(true)).toBeLessThan(1000);
    const env = { CACHEKIT_ENABLE_COMPRESSION: 'false' };
    expect(settingsOf({}, env).compress).toBe(false);
    expect(settingsOf({ defaults: { compress: true } }, env).compress).toBe(true);
    expect(settingsOf({ defaults: { compress: true } }, env, { compress: false }).compress).toBe(false);
  },

  async 'namespaces.*.enabled'() {
    expect(settingsOf({ namespaces: { ns: {} } }).enabled).toBe(true);
    configure({ backend: 'none', namespaces: { off: { enabled: false } } });
    expect(await runsOf(texts({ namespace: 'off' }), [1, 1])).toEqual(['run 1', 'run 2']);
    expect(await runsOf(texts({ namespace: 'on' }), [1, 1])).toEqual(['run 1', 'run 1']);
    const config = { namespaces: { ns: { enabled: true } } };
    expect(settingsOf(config, { CACHEKIT_DISABLED: '1' }).enabled).toBe(false);
  },

  async 'namespaces.*.backend'() {
    expect(settingsOf({ backend: 'memory', namespaces: { ns: {} } }).backend).toEqual({ kind: 'memory' });
    const { backend, stored } = remembering();
    configure({ namespaces: { special: { backend } } });
    await texts({ namespace: 'special' })(1);
    await texts({ namespace: 'other' })(1);
    await flush();
    expect(stored.size).toBe(1);
    const config: CacheKitConfig = { namespaces: { ns: { backend: 'none' } } };
    expect(settingsOf(config, {}, { backend: 'memory' }).backend).toEqual({ kind: 'none' });
  },

  async 'namespaces.*.l1'() {
    expect(settingsOf({ namespaces: { ns: {} } }).memory).toMatchObject({ maxBytes: 100 * MB });
    configure({ backend: 'none', namespaces: { bare: { l1: false } } });
    expect(await runsOf(texts({ namespace: 'bare' }), [1, 1])).toEqual(['run 1', 'run 2']);
    expect(await runsOf(texts({ namespace: 'other' }), [1, 1])).toEqual(['run 1', 'run 1']);
    expect(settingsOf({ l1: false, namespaces: { ns: { l1: {} } } }).memory).not.toBe(false);
  },

  async 'namespaces.*.l1.maxSize'() {
    configure({ backend: 'none', namespaces: { small: { l1: { maxSize: 2000 } } } });
    const load = texts({ namespace: 'small' });
    await runsOf(load, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(cacheOf(load).stats().bytes).toBeLessThanOrEqual(2000);
    const config: CacheKitConfig = { l1: { maxSize: '5mb' }, namespaces: { ns: { l1: { maxSize: '2mb' } } } };
    expect(settingsOf(config).memory).toMatchObject({ maxBytes: 2 * MB });
  },

  async 'namespaces.*.l1.maxEntries'() {
    configure({ backend: 'none', namespaces: { small: { l1: { maxEntries: 2 } } } });
    const load = texts({ namespace: 'small' });
    await runsOf(load, [1, 2, 3, 4]);
    expect(cacheOf(load).stats().entries).toBe(2);
    const config: CacheKitConfig = { l1: { maxEntries: 9 }, namespaces: { ns: { l1: { maxEntries: 3 } } } };
    expect(settingsOf(config).memory).toMatchObject({ maxEntries: 3 });
  },

  async keyPrefix() {
    expect(cacheOf(texts()).key(1)).toMatch(/^ck1:/);
    configure({ keyPrefix: 'mine' });
    expect(cacheOf(texts()).key(1)).toMatch(/^mine:/);
    const env = { CACHEKIT_KEY_PREFIX: 'env' };
    expect([settingsOf({}, env).keyPrefix, settingsOf({ keyPrefix: 'a' }, env).keyPrefix]).toEqual([
      'env',
      'a',
    ]);
  },

  async l1() {
    expect(settingsOf({}).memory).toEqual({ maxBytes: 100 * MB, maxEntries: Infinity });
    configure({ backend: 'none', l1: false });
    expect(await runsOf(texts(), [1, 1])).toEqual(['run 1', 'run 2']);
    expect(settingsOf({}, { CACHEKIT_L1_ENABLED: 'false' }).memory).toBe(false);
    expect(settingsOf({ l1: {} }, { CACHEKIT_L1_ENABLED: 'false' }).memory).not.toBe(false);
  },

  async 'l1.maxSize'() {
    configure({ backend: 'none', l1: { maxSize: 2000 } });
    const load = texts();
    await runsOf(load, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(cacheOf(load).stats()).toMatchObject({ maxBytes: 2000 });
    expect(cacheOf(load).stats().bytes).toBeLessThanOrEqual(2000);
    const env = { CACHEKIT_L1_MAX_SIZE_MB: '3' };
    expect(settingsOf({}, env).memory).toMatchObject({ maxBytes: 3 * MB });
    expect(settingsOf({ l1: { maxSize: '2mb' } }, env).memory).toMatchObject({ maxBytes: 2 * MB });
  },

  async 'l1.maxEntries'() {
    configure({ backend: 'none', l1: { maxEntries: 3 } });
    const load = texts();
    await runsOf(load, [1, 2, 3, 4, 5]);
    expect(cacheOf(load).stats().entries).toBe(3);
  },

  async 'timeout.initial'() {
    expect(guardOf({}).timeout.initialMs).toBe(250);
    expect(await longestWait({})).toBe(250);
    expect(await longestWait({ timeout: { initial: '90ms' } })).toBe(90);
    expect(await longestWait({ timeout: { initial: '900ms' } })).toBe(900);
    const env = { CACHEKIT_READ_TIMEOUT: '0.3' };
    expect(guardOf({}, env).timeout.initialMs).toBe(300);
    expect(guardOf({ timeout: { initial: '1s' } }, env).timeout.initialMs).toBe(1000);
  },

  async 'timeout.adaptive'() {
    expect(await longestWait({}, 30)).toBe(100);
    expect(await longestWait({ timeout: { adaptive: false } }, 30)).toBe(250);
  },

  async 'timeout.adaptive.min'() {
    expect(await longestWait({ timeout: { adaptive: { min: '40ms' } } }, 30)).toBe(40);
    const limits = { min: '60ms', max: '50ms' } as const;
    expect(() => configure({ timeout: { adaptive: limits } })).toThrow('longer than `timeout.adaptive.max`');
    expect(guardOf({ timeout: { adaptive: { min: '20s' } } }).timeout.adaptive).toMatchObject({
      maxMs: 20_000,
    });
  },

  async 'timeout.adaptive.max'() {
    // A backend that needs 400 ms: by default nobody waits that long; with a maximum of 2 s callers do.
    const readsOf = async (config: CacheKitConfig): Promise<boolean[]> => {
      const { clock, guard } = slow(config, 400);
      const results = [];
      for (let i = 0; i < 24; i++) {
        const reading = guard.get('k');
        await clock.advance(2000);
        results.push((await reading).ok);
      }
      return results;
    };
    const circuitBreaker = false;
    expect(new Set(await readsOf({ circuitBreaker }))).toEqual(new Set([false]));
    const patient = await readsOf({ circuitBreaker, timeout: { adaptive: { max: '2s' } } });
    expect(patient.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => false)); // not learnt yet: 250 ms
    expect(patient.at(-1)).toBe(true);
    expect(await longestWait({ timeout: { adaptive: { max: '150ms' } } })).toBe(150);
    // Below the built-in minimum: never longer, all the same.
    const below = { timeout: { adaptive: { max: '50ms' } } } as const;
    expect(guardOf(below).timeout.adaptive).toEqual({ minMs: 50, maxMs: 50 });
  },

  async circuitBreaker() {
    const outcomes = async (config: CacheKitConfig): Promise<string[]> => {
      const { guard } = guarded(config, [{ do: 'transient' }]);
      const results = [];
      for (let i = 0; i < 7; i++) results.push(await guard.get('k'));
      return results.map((result) => (result.ok ? 'ok' : result.failure));
    };
    expect((await outcomes({})).slice(-2)).toEqual(['open', 'open']);
    expect((await outcomes({ circuitBreaker: false })).slice(-2)).toEqual(['transient', 'transient']);
  },

  async 'circuitBreaker.failureThreshold'() {
    expect(guardOf({}).circuitBreaker).toMatchObject({ failureThreshold: 5 });
    const { guard } = guarded({ circuitBreaker: { failureThreshold: 2 } }, [{ do: 'transient' }]);
    await runsOf(() => guard.get('k'), [1, 2]);
    expect(await guard.get('k')).toEqual({ ok: false, failure: 'open' });
  },

  async 'circuitBreaker.successThreshold'() {
    const healsAfterMs = async (successThreshold?: number): Promise<number> => {
      const given = successThreshold === undefined ? {} : { successThreshold };
      const config = { circuitBreaker: { failureThreshold: 1, ...given } };
      const { clock, guard } = guarded(config, [{ operation: 'get', count: 1, do: 'transient' }]);
      await guard.get('k');
      let ms = 0;
      for (; guard.state().breaker !== 'CLOSED'; ms += 10) await clock.advance(10);
      await guard.close();
      return ms;
    };
    expect(guardOf({}).circuitBreaker).toMatchObject({ successThreshold: 3 });
    expect(await healsAfterMs(1)).toBeLessThan(await healsAfterMs());
    expect(await healsAfterMs(6)).toBeGreaterThan(await healsAfterMs());
  },

  async 'circuitBreaker.recoveryTimeout'() {
    expect(guardOf({}).circuitBreaker).toMatchObject({ recoveryTimeoutMs: 1000 });
    const probesIn = async (recoveryTimeout: '50ms' | '20s'): Promise<number> => {
      const config = { circuitBreaker: { failureThreshold: 1, recoveryTimeout } };
      const { clock, guard } = guarded(config, [{ operation: 'get', do: 'transient' }]);
      const probes = recordEvents('cachekit:backend');
      await guard.get('k');
      await clock.advance(30_000);
      probes.stop();
      await guard.close();
      return probes.events.filter(({ operation }) => operation === 'ping').length;
    };
    expect(await probesIn('50ms')).toBeGreaterThan(100);
    expect(await probesIn('20s')).toBeLessThan(15);
  },

  async 'circuitBreaker.isFailure'() {
    const seen: string[] = [];
    const isFailure = ({ kind }: { readonly kind: string }): boolean => (seen.push(kind), false);
    configure({
      backend: faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]),
      circuitBreaker: { isFailure, failureThreshold: 1 },
    });
    const load = texts();
    await runsOf(load, [1, 2, 3]);
    expect(cacheOf(load).getHealthStatus().circuitBreaker.state).toBe('CLOSED');
    expect(seen).toContain('transient');
  },

  async 'backpressure.maxConcurrent'() {
    expect(guardOf({}).backpressure).toEqual({ maxConcurrent: 100, maxQueued: 100 });
    const { guard } = guarded({ backpressure: { maxConcurrent: 2 } }, [{ do: 'hang' }]);
    for (let i = 0; i < 5; i++) void guard.get('k');
    expect(guard.state().running).toBe(2);
    await guard.close();
  },

  async 'backpressure.maxQueued'() {
    const { guard } = guarded({ backpressure: { maxConcurrent: 1, maxQueued: 1 } }, [{ do: 'hang' }]);
    const [, , third] = [guard.get('a'), guard.get('b'), guard.get('c')];
    expect(await third).toEqual({ ok: false, failure: 'rejected' });
    await guard.close();
  },

  async 'encryption.masterKey'() {
    noTestRun();
    configure({ backend: 'none' });
    const load = oneNumber(async () => 'x', { value: textValue, profile: 'secure' });
    await expect(load(1)).rejects.toThrow(/NO_MASTER_KEY/);
    const [first, second] = [keygen(), keygen()];
    setVariable('CACHEKIT_MASTER_KEY', second);
    configure({});
    const byVariable = cacheOf(load).key(1);
    configure({ encryption: { masterKey: first } });
    const byCode = cacheOf(load).key(1);
    expect(byCode).not.toBe(byVariable);
    configure({ encryption: { masterKey: second } });
    expect(cacheOf(load).key(1)).toBe(byVariable);
  },

  async 'encryption.previousMasterKeys'() {
    const [old, young] = [keygen(), keygen()];
    const { backend } = remembering();
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue, profile: 'secure' });
    configure({ backend, encryption: { masterKey: old } });
    await load(1);
    await flush();
    configure({ encryption: { masterKey: young, previousMasterKeys: [old] } });
    expect(await load(1)).toBe('run 1');
    setVariable('CACHEKIT_PREVIOUS_MASTER_KEYS', old);
    configure({ encryption: { masterKey: young } });
    expect(await load(1)).toBe('run 1');
    configure({ encryption: { masterKey: young, previousMasterKeys: [] } });
    expect(await load(1)).toBe('run 2');
  },

  async 'encryption.failClosed'() {
    const of = (config: CacheKitConfig, env: Record<string, string> = {}): boolean => {
      const { descriptor } = oneNumber(async () => 'x', { profile: 'secure' });
      return resolveSettings(descriptor, undefined, config, readEnvironment(env, '24.21.0').environment)
        .failClosed;
    };
    expect(of({})).toBe(false);
    const env = { CACHEKIT_ENCRYPTION_FAIL_CLOSED: '1' };
    expect([of({}, env), of({ encryption: { failClosed: false } }, env)]).toEqual([true, false]);
    const { backend } = remembering();
    const encryption = { masterKey: keygen() };
    configure({ backend, encryption });
    const load = oneNumber(async () => 'x', { value: textValue, profile: 'secure' });
    await load(1);
    await flush();
    await backend.set(
      cacheOf(load).key(2),
      (await backend.get(cacheOf(load).key(1), never)) ?? new Uint8Array(),
      60_000,
      never,
    );
    configure({ encryption: { ...encryption, failClosed: true } });
    await expect(load(2)).rejects.toThrow(/ERR_CACHEKIT_DECRYPT/);
    configure({ encryption });
    expect(await load(2)).toBe('x');
  },

  async serializers() {
    expect(settingsOf({}, {}, { serializer: 'mine' }).serializer).toBe('mine');
    const mine = {
      id: 'mine',
      serialize: (value: unknown) => Buffer.from(`mine ${String(value)}`),
      deserialize: (bytes: Uint8Array) => Buffer.from(bytes).toString().slice(5),
    };
    const { backend, stored } = remembering();
    configure({ backend, serializers: [mine] });
    await texts({ serializer: 'mine' })(1);
    await flush();
    expect([...stored.values()].map((bytes) => Buffer.from(bytes).includes('mine run 1'))).toEqual([true]);
  },

  async logger() {
    const lines: string[] = [];
    const line = (_fields: object, message: string): void => void lines.push(message);
    configure({
      backend: faultyBackend(memoryBackend(), [{ operation: 'get', do: 'transient' }]),
      logger: { debug: line, info: line, warn: line, error: line },
      circuitBreaker: { failureThreshold: 1 },
    });
    await texts()(1);
    expect(lines.length).toBeGreaterThan(0);
  },

  async correlationId() {
    configure({ backend: 'none', correlationId: () => 'request-7' });
    const calls = recordEvents('cachekit:call');
    await texts()(1);
    calls.stop();
    expect(calls.events).toMatchObject([{ correlationId: 'request-7' }]);
    configure({ correlationId: undefined });
    const later = recordEvents('cachekit:call');
    await texts()(1);
    later.stop();
    expect(later.events[0]).not.toHaveProperty('correlationId');
  },

  async clock() {
    const clock = manualClock(Date.UTC(2020, 0, 1));
    configure({ clock, backend: 'none' });
    const load = texts();
    await load(1);
    expect(cacheOf(load).stats().lastOperationAtMs).toBe(Date.UTC(2020, 0, 1));
  },
};

/** A guard around a backend that answers after so many ms of its clock. */
function slow(config: CacheKitConfig, ms: number) {
  const clock = stepClock();
  const inner = memoryBackend({ clock });
  const backend: Backend = {
    ...inner,
    get: (key, signal) => new Promise((resolve) => clock.setTimer(() => resolve(inner.get(key, signal)), ms)),
  };
  return { clock, guard: guardBackend(backend, { ...guardOf(config), clock }) };
}

describe('every option of configure()', () => {
  it('has a case here', () => {
    expect(configPaths().toSorted()).toEqual(Object.keys(cases).toSorted());
  });

  it.each(Object.keys(cases))('%s', async (path) => {
    await expect(cases[path]?.()).resolves.toBeUndefined();
  });
});

type CompiledMark = (
  fn: (id: number) => Promise<string>,
  options: CacheOptions,
  thunk: () => CacheDescriptor,
) => (id: number) => Promise<string>;

/** `cached()` as the compiler leaves it: only that has more than memory. */
function compiled(body: (id: number) => Promise<string>, options: CacheOptions) {
  const { descriptor } = oneNumber(body, { value: textValue });
  return (cached as unknown as CompiledMark)(body, options, () => descriptor); // what it writes is not in the type
}

/** A function whose result is how often it ran, and time that is moved. */
function counting(options: CacheOptions<(id: number) => Promise<number>>) {
  const clock = manualClock();
  configure({ clock, backend: 'none' });
  let runs = 0;
  let isFailing = false;
  const load = cached(async (_id: number): Promise<number> => {
    if (isFailing) throw new Error('the source');
    return ++runs;
  }, options);
  return { load, clock, call: () => load(1), fail: () => void (isFailing = true) };
}

/** Options of `cached()` beat `configure({ defaults })`; what only they have is shown by what it does. */
const callCases: Readonly<Record<keyof CacheOptions, () => Promise<void>>> = {
  async ttl() {
    expect(settingsOf({ defaults: { ttl: 7 } }, {}, { ttl: '3s' }).ttlMs).toBe(3000);
    const { call, clock } = counting({ ttl: '3s' });
    expect([await call(), await call()]).toEqual([1, 1]);
    await clock.advance(3100);
    expect(await call()).toBe(2);
  },
  async jitter() {
    expect(settingsOf({ defaults: { jitter: 0.5 } }, { VITEST: '1' }, { jitter: 0.3 }).jitter01).toBe(0.3);
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { call, clock } = counting({ ttl: '10s', jitter: 0.5 });
    await call();
    await clock.advance(5100);
    expect(await call()).toBe(2);
  },
  async namespace() {
    expect(settingsOf({}, {}, { namespace: 'other' }).namespace).toBe('other');
    const { load } = counting({ namespace: 'other' });
    expect(load.cache.namespace).toBe('other');
    const { call } = counting({ namespace: 'off' });
    configure({ namespaces: { off: { enabled: false } } });
    expect([await call(), await call()]).toEqual([1, 2]);
  },
  async name() {
    configure({ backend: 'none' });
    expect(cached(async (id: number) => id, { name: 'by-name' }).cache.id).toBe('by-name');
  },
  async version() {
    const texts = [1, 'none', 'shape', 'code', 'mine'].map(
      (version) => settingsOf({}, {}, { version } as CacheOptions).versionText,
    );
    expect(new Set(texts).size).toBe(5);
    const keyOf = (version: number) =>
      cached(async (id: number) => id, { name: `v${version}`, version }).cache.key(1);
    configure({ backend: 'none' });
    expect(keyOf(1)).not.toBe(keyOf(2));
  },
  async serializer() {
    expect(settingsOf({}).serializer).toBe('std');
    expect(settingsOf({}, {}, { serializer: 'json' }).serializer).toBe('json');
    const { backend, stored } = remembering();
    configure({ backend });
    await compiled(async (id) => `number ${id}`, { serializer: 'json' })(7);
    await flush();
    expect([...stored.values()].map((bytes) => Buffer.from(bytes).includes('"number 7"'))).toEqual([true]);
  },
  async compress() {
    expect(settingsOf({ defaults: { compress: true } }, {}, { compress: false }).compress).toBe(false);
    const sizeWith = async (compress: boolean): Promise<number> => {
      const { backend, stored } = remembering();
      configure({ backend });
      await compiled(async (id) => 'x'.repeat(10_000 * id), { compress })(1);
      await flush();
      return [...stored.values()][0]?.byteLength ?? 0;
    };
    expect([(await sizeWith(true)) < 1000, (await sizeWith(false)) > 10_000]).toEqual([true, true]);
  },
  async maxSize() {
    expect(settingsOf({ defaults: { maxSize: '9mb' } }, {}, { maxSize: '1kb' }).maxSizeBytes).toBe(1024);
    configure({ backend: 'none' });
    const load = cached(async (id: number) => 'x'.repeat(id), { maxSize: '1kb' });
    for (const id of [10, 10, 5000, 5000]) await load(id);
    expect(load.cache.stats()).toMatchObject({ hits: 1, misses: 3 });
  },
  async backend() {
    expect(settingsOf({ backend: 'memory' }, {}, { backend: 'none' }).backend).toEqual({ kind: 'none' });
    const { backend, stored } = remembering();
    configure({ backend: 'none' });
    await compiled(async (id) => `own ${id}`, { backend })(1);
    await flush();
    expect(stored.size).toBe(1);
  },
  async key() {
    configure({ backend: 'none' });
    let runs = 0;
    const load = cached(async (user: { id: number; at: number }) => user.id + ++runs, {
      key: (user) => user.id,
    });
    expect([await load({ id: 1, at: 1 }), await load({ id: 1, at: 2 })]).toEqual([2, 2]);
  },
  // More of what these do to answers: test/runtime/site/{stale,rules}.test.ts.
  async swr() {
    expect(settingsOf({}).swrMs).toBe(0);
    expect(settingsOf({}, {}, { swr: '5s' }).swrMs).toBe(5000);
    const { call, clock } = counting({ ttl: '10s', swr: '5s' });
    await call();
    await clock.advance(12_000);
    expect(await call()).toBe(1);
    await clock.advance(1);
    expect(await call()).toBe(2);
  },
  async staleIfError() {
    expect(settingsOf({}).staleIfErrorMs).toBe(0);
    expect(settingsOf({}, {}, { staleIfError: '5s' }).staleIfErrorMs).toBe(5000);
    const { call, clock, fail } = counting({ ttl: '10s', staleIfError: '5s' });
    await call();
    fail();
    await clock.advance(12_000);
    expect(await call()).toBe(1);
    await clock.advance(5000);
    await expect(call()).rejects.toThrow('the source');
  },
  async softTimeout() {
    expect(settingsOf({}).softTimeoutMs).toBe(0);
    expect(settingsOf({}, {}, { softTimeout: '80ms' }).softTimeoutMs).toBe(80);
    const clock = manualClock();
    configure({ clock, backend: 'none' });
    let runs = 0;
    const load = cached(
      (_id: number): Promise<number> => (++runs === 1 ? Promise.resolve(1) : new Promise(() => undefined)),
      { ttl: '10s', staleIfError: '1h', softTimeout: '80ms' },
    );
    await load(1);
    await clock.advance(12_000);
    const late = load(1);
    await clock.advance(100);
    expect(await late).toBe(1);
  },
  async refreshAhead() {
    expect(settingsOf({}).refreshAhead01).toBe(0.8);
    expect(settingsOf({}, { VITEST: '1' }).refreshAhead01).toBe(0);
    expect(settingsOf({}, { VITEST: '1' }, { refreshAhead: 0.5 }).refreshAhead01).toBe(0.5);
    expect(settingsOf({}, {}, { refreshAhead: false }).refreshAhead01).toBe(0);
    const { call, clock } = counting({ ttl: '10s', refreshAhead: 0.5 });
    await call();
    await clock.advance(6000);
    expect(await call()).toBe(1);
    await clock.advance(1);
    expect(await call()).toBe(2);
  },
  async refreshTtlOnGet() {
    expect(settingsOf({}).refreshTtlOnGet01).toBe(0);
    expect(settingsOf({}, {}, { refreshTtlOnGet: true }).refreshTtlOnGet01).toBe(0.5);
    expect(settingsOf({}, {}, { refreshTtlOnGet: 0.2 }).refreshTtlOnGet01).toBe(0.2);
    const { call, clock } = counting({ ttl: '10s', refreshTtlOnGet: true });
    await call();
    await clock.advance(8000);
    expect(await call()).toBe(1); // and begins again
    await clock.advance(8000);
    expect(await call()).toBe(1);
  },
  async cacheNull() {
    expect(settingsOf({}).cacheNull).toBe(true);
    expect(settingsOf({ defaults: { cacheNull: '2s' } }).cacheNull).toBe(2000);
    expect(settingsOf({ defaults: { cacheNull: '2s' } }, {}, { cacheNull: false }).cacheNull).toBe(false);
    const clock = manualClock();
    configure({ clock, backend: 'none' });
    const never = cached(async (_id: number) => null, { cacheNull: false });
    const short = cached(async (_id: number) => undefined, { cacheNull: '2s' });
    for (const load of [never, never, short, short]) await load(1);
    await clock.advance(2100);
    await short(1);
    expect([never.cache.stats().misses, short.cache.stats()]).toMatchObject([2, { misses: 2, hits: 1 }]);
  },
  async l1() {
    expect(settingsOf({}).memory).not.toBe(false);
    expect(settingsOf({}, {}, { l1: false }).memory).toBe(false);
    expect(settingsOf({ l1: false }, {}, { l1: true }).memory).toBe(false);
    const { call, load } = counting({ l1: false });
    configure({ backend: memoryBackend() });
    await call();
    await flush();
    await call();
    expect(load.cache.stats()).toMatchObject({ entries: 0, l1Hits: 0 });
  },
  async lock() {
    expect(settingsOf({}).lock).toBe(true);
    expect(settingsOf({}, {}, { lock: false }).lock).toBe(false);
    const asked = async (lock: boolean): Promise<boolean> => {
      const seen: boolean[] = [];
      const inner = memoryBackend();
      const { fence } = inner;
      if (fence === undefined) throw new Error('memory has leases');
      const begin: typeof fence.begin = (request, signal) => {
        seen.push(request.token !== '');
        return fence.begin(request, signal);
      };
      configure({ backend: { ...inner, fence: { ...fence, begin } } });
      await texts({ lock })(1);
      return seen.includes(true);
    };
    expect([await asked(true), await asked(false)]).toEqual([true, false]);
  },
  async share() {
    expect(settingsOf({}).share).toBe(false);
    expect(settingsOf({}, {}, { share: true }).share).toBe(true);
    configure({ backend: 'none' });
    const same = async (share: boolean): Promise<boolean> => {
      const load = cached(async (id: number) => ({ id }), { share });
      await load(1);
      return (await load(1)) === (await load(1));
    };
    expect([await same(true), await same(false)]).toEqual([true, false]);
  },
  async tags() {
    expect(settingsOf({}, {}, { tags: ['a', 'b'] }).tags).toEqual(['a', 'b']);
    const tags = (): string[] => ['x'];
    expect(settingsOf({}, {}, { tags }).rules.tags).toBe(tags);
    configure({ backend: 'none' });
    const load = cached(async (id: number) => id, { tags: (result) => [`id:${result}`] });
    for (const id of [1, 2]) await load(id);
    await invalidateTags('id:1');
    for (const id of [1, 2]) await load(id);
    expect(load.cache.stats()).toMatchObject({ misses: 3, hits: 1 });
  },
  async when() {
    const load = cached(async (id: number) => id, { when: (id) => id > 1 });
    configure({ backend: 'none' });
    for (const id of [1, 1, 2, 2]) await load(id);
    expect(load.cache.stats()).toMatchObject({ bypasses: 2, misses: 1, hits: 1 });
  },
  async unless() {
    configure({ backend: 'none' });
    const load = cached(async (id: number) => id, { unless: (result) => result === 1 });
    for (const id of [1, 1, 2, 2]) await load(id);
    expect(load.cache.stats()).toMatchObject({ misses: 3, hits: 1 });
  },
  async tenant() {
    configure({ backend: 'none' });
    let who = 'a';
    const load = cached(async (id: number) => id, { tenant: () => who });
    await load(1);
    who = 'b';
    await load(1);
    expect(load.cache.stats()).toMatchObject({ misses: 2 });
  },
  async integrity() {
    expect(settingsOf({}).integrity).toBe('off');
    const config = { encryption: { masterKey: keygen() } };
    expect(settingsOf(config, {}, { integrity: 'hmac' }).integrity).toBe('hmac');
    expect(settingsOf({ backend: 'memory' }, {}, { integrity: 'hmac' })).toMatchObject({
      integrity: 'missing',
      backend: { kind: 'none' },
    });
  },
  async interop() {
    expect(settingsOf({}).interop).toBeUndefined();
    expect(settingsOf({}, {}, { interop: 'get_user' }).interop).toBe('get_user');
    configure({ backend: 'none' });
    const load = cached(async (id: number) => id, { namespace: 'users', interop: 'get_user' });
    expect(load.cache.key(42)).toBe(
      'users:get_user:61598716255080080f6456eb065c2e51badfaa4320b0efe97469c29cffee8875',
    );
    expect(() => cached(async () => 1, { namespace: 'users', interop: 'Get User' })).toThrow(/interop/);
  },
  async self() {
    configure({ backend: 'none' });
    class Repository {
      runs = 0;
      readonly load = cached(
        async function (this: Repository, id: number) {
          return id + ++this.runs;
        },
        { self: 'instance' },
      );
    }
    const [a, b] = [new Repository(), new Repository()];
    expect([await a.load(1), await a.load(1), await b.load(1), a.runs, b.runs]).toEqual([2, 2, 2, 1, 1]);
    expect(settingsOf({ backend: 'embedded' }, {}, { self: 'instance' }).backend.kind).toBe('none');
  },
  async batch() {
    configure({ backend: 'none' });
    let batches = 0;
    const load = cached(async (id: number) => id, {
      batch: async (list) => (batches++, list.map(([id]) => id)),
    });
    expect([await load.cache.many([[1], [2]]), batches]).toEqual([[1, 2], 1]);
  },
};

describe('every option of cached()', () => {
  it.each(Object.entries(callCases))('%s', async (_name, check) => {
    await expect(check()).resolves.toBeUndefined();
  });
});

describe('a published library', () => {
  const settingsOfLibrary = (config: CacheKitConfig, env: Record<string, string>) => {
    const load = oneNumber(async () => 'x', { library: true });
    const { environment } = readEnvironment(env, '24.0.0');
    return resolveSettings(load.descriptor, undefined, config, environment).backend.kind;
  };

  it('uses memory only until the application says anything', () => {
    expect(settingsOfLibrary({}, {})).toBe('none');
    expect(settingsOfLibrary({}, { REDIS_URL: 'redis://localhost' })).toBe('none');
    expect(settingsOfLibrary({ backend: 'embedded' }, {})).toBe('embedded');
    expect(settingsOfLibrary({ keyPrefix: 'app' }, { REDIS_URL: 'redis://localhost' })).toBe('url');
    expect(settingsOfLibrary({}, { CACHEKIT_REDIS_URL: 'redis://localhost' })).toBe('url');
  });
});

describe('precedence', () => {
  it('holds in calls: namespaces, call site, defaults, environment', async () => {
    const stored = { a: remembering('a'), b: remembering('b') };
    configure({ backends: { a: stored.a.backend }, namespaces: { ns: { backend: stored.b.backend } } });
    const calc = syncNumber(() => ({ id: 1, tags: [] }), { settings: { backend: 'a', namespace: 'ns' } });
    calc(1);
    await flush();
    expect([stored.a.stored.size, stored.b.stored.size]).toEqual([0, 1]);
    const stop = subscribe('cachekit:call', () => undefined);
    stop();
  });
});
