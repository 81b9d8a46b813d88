// Every environment variable: what holds without it, that it does something, and who beats it. A variable without a case
// here fails the first test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { prometheus } from '../../../runtime/adapters/prometheus/index.ts';
import { redisBackend } from '../../../runtime/adapters/redis/index.ts';
import { defaultBackend } from '../../../runtime/config/choose-backend.ts';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { readEnvironment, type Environment } from '../../../runtime/config/env.ts';
import { resolveGuard } from '../../../runtime/config/resolve-guard.ts';
import { resolveSettings } from '../../../runtime/config/resolve-settings.ts';
import { keygen } from '../../../runtime/crypto/master-key.ts';
import {
  cacheOf,
  checkHealth,
  close,
  configure,
  effectiveConfig,
  flush,
  type BackendError,
  type CacheKitConfig,
  type CacheOptions,
  type Duration,
} from '../../../runtime/index.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { configPaths } from '../../helpers/config-paths.ts';
import { startRespServer } from '../../helpers/resp-server.ts';
import { stepClock } from '../../helpers/step-clock.ts';
import { oneNumber, textValue } from '../site/hand-written.ts';

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cachekit-variable-'));
  await resetCacheKit();
});
afterEach(async () => {
  await close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await resetCacheKit();
  rmSync(folder, { recursive: true, force: true });
});

function setVariable(name: string, value: string): void {
  vi.stubEnv(name, value);
  forgetEnvironment();
}

const of = (env: Record<string, string>): Environment => readEnvironment(env, '24.21.0').environment;

const settingsOf = (env: Record<string, string>, config: CacheKitConfig = {}, options?: CacheOptions) =>
  resolveSettings(oneNumber(async () => 'x').descriptor, options, config, of(env));

const backendOf = (env: Record<string, string>, config: CacheKitConfig = {}) =>
  defaultBackend(config, of(env)).choice;

const waitOf = (env: Record<string, string>, config: CacheKitConfig = {}) =>
  resolveGuard(config, of(env), stepClock()).timeout.initialMs;

/** Two calls of one key: how often it ran. */
async function runsOfTwo(): Promise<number> {
  let runs = 0;
  const load = oneNumber(async () => `run ${++runs}`, { value: textValue });
  await load(1);
  await load(1);
  return runs;
}

/** How many connections a Redis that hangs sees closed, after a call and `check`. */
async function withHangingRedis(check: (closed: () => number) => Promise<void>): Promise<void> {
  const server = await startRespServer('hang');
  onTestFinished(() => server.close());
  configure({ backend: server.url });
  const load = oneNumber(async () => 'x', { value: textValue });
  expect(await load(1)).toBe('x');
  await expect.poll(() => server.commands, { timeout: 20_000 }).toBeGreaterThan(0);
  await check(() => server.closed);
  await close();
}

/** A port that takes no connection: the process behind it stands still, and its queue is full. */
async function blockedUrl(): Promise<string> {
  const code = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 },
    function () { console.log(this.address().port); })`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  const sockets = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    child.kill('SIGKILL');
  });
  return `redis://127.0.0.1:${port}`;
}

const cases: Readonly<Record<string, () => Promise<void>>> = {
  async CACHEKIT_DISABLED() {
    configure({ backend: 'none', enabled: true });
    expect(await runsOfTwo()).toBe(1);
    setVariable('CACHEKIT_DISABLED', '1');
    configure({ enabled: true, namespaces: { any: { enabled: true } } });
    expect(await runsOfTwo()).toBe(2);
  },

  async CACHEKIT_BACKEND() {
    const urls = { CACHEKIT_REDIS_URL: 'redis://a', REDIS_URL: 'redis://b' };
    expect(backendOf({})).toEqual({ kind: 'embedded' });
    expect(backendOf({ ...urls, CACHEKIT_BACKEND: 'none' })).toEqual({ kind: 'none' });
    expect(backendOf({ CACHEKIT_BACKEND: 'none' }, { backend: 'memory' })).toEqual({ kind: 'memory' });
  },

  async CACHEKIT_REDIS_URL() {
    const urls = { CACHEKIT_REDIS_URL: 'redis://a', REDIS_URL: 'redis://b' };
    expect(backendOf(urls)).toEqual({ kind: 'url', url: 'redis://a' });
    expect(backendOf(urls, { backend: 'none' })).toEqual({ kind: 'none' });
  },

  async REDIS_URL() {
    expect(backendOf({ REDIS_URL: 'redis://b' })).toEqual({ kind: 'url', url: 'redis://b' });
    expect(backendOf({ REDIS_URL: 'redis://b', VITEST: 'true' })).toEqual({ kind: 'memory' });
  },

  async CACHEKIT_PATH() {
    const path = join(folder, 'here');
    setVariable('CACHEKIT_PATH', path);
    configure({ backend: 'embedded' });
    await runsOfTwo();
    await flush();
    expect(existsSync(join(path, 'cache.sqlite'))).toBe(true);
  },

  async CACHEKIT_PATH_MAX_SIZE_MB() {
    expect(of({ CACHEKIT_PATH_MAX_SIZE_MB: '0.5' }).pathMaxSizeBytes).toBeUndefined(); // less than a store needs
    setVariable('CACHEKIT_PATH', join(folder, 'small'));
    setVariable('CACHEKIT_PATH_MAX_SIZE_MB', '1');
    setVariable('CACHEKIT_READ_TIMEOUT', '10');
    configure({ backend: 'embedded', l1: false });
    let runs = 0;
    const load = oneNumber(async (id) => (runs++, `${id} `.repeat(20_000)), {
      value: textValue,
      settings: { compress: false },
    });
    for (let id = 100; id < 200; id++) await load(id); // 8 MB
    await flush();
    for (let id = 100; id < 200; id++) await load(id);
    expect(runs).toBeGreaterThan(180);
  },

  async CACHEKIT_CONNECTION_POOL_SIZE() {
    expect(of({ CACHEKIT_CONNECTION_POOL_SIZE: '65' }).connections).toBeUndefined(); // more than a pool can have
    const connections = async (): Promise<number> => {
      const server = await startRespServer();
      configure({ backend: server.url });
      await runsOfTwo();
      const { connectionPool } = await checkHealth();
      await close();
      await server.close();
      return connectionPool.createdConnections;
    };
    expect(await connections()).toBe(1);
    setVariable('CACHEKIT_CONNECTION_POOL_SIZE', '3');
    expect(await connections()).toBe(3);
  },

  async CACHEKIT_SOCKET_TIMEOUT() {
    expect(of({ CACHEKIT_SOCKET_TIMEOUT: '3000000' }).socketTimeoutMs).toBeUndefined(); // no timer waits so long
    await withHangingRedis((closed) => expect.poll(closed, { timeout: 20_000 }).toBeGreaterThan(0));
    setVariable('CACHEKIT_SOCKET_TIMEOUT', '60');
    await withHangingRedis(async (closed) => {
      // Longer than the default would take, shorter than the log's own connection is silent. No clock moves sockets.
      await pause(1900);
      expect(closed()).toBe(0);
    });
  },

  async CACHEKIT_SOCKET_CONNECT_TIMEOUT() {
    expect(of({ CACHEKIT_SOCKET_CONNECT_TIMEOUT: '0.05' }).connectTimeoutMs).toBe(50);
    const url = await blockedUrl();
    const outcome = async (connectTimeout: Duration, waitMs: number): Promise<unknown> => {
      const backend = redisBackend(url, { connectTimeout });
      const signal = AbortSignal.timeout(waitMs);
      const error: unknown = await backend.get('k', signal).catch((reason: unknown) => reason);
      await backend.close?.();
      return signal.aborted ? 'the caller gave up' : (error as BackendError).kind;
    };
    expect(await outcome('50ms', 15_000)).toBe('timeout');
    expect(await outcome('60s', 1500)).toBe('the caller gave up');
    // By the default of a second the read would fail earlier than its own time is up.
    setVariable('CACHEKIT_SOCKET_CONNECT_TIMEOUT', '60');
    setVariable('CACHEKIT_READ_TIMEOUT', '2');
    configure({ backend: url });
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1); // waits a moment for the tier to be opened, and no longer
    const beganMs = performance.now();
    await load(2);
    expect(performance.now() - beganMs).toBeGreaterThan(1800);
  },

  async CACHEKIT_READ_TIMEOUT() {
    expect([waitOf({}), waitOf({ CACHEKIT_READ_TIMEOUT: '0.1' })]).toEqual([250, 100]);
    expect(waitOf({ CACHEKIT_READ_TIMEOUT: '0.1' }, { timeout: { initial: '70ms' } })).toBe(70);
  },

  async CACHEKIT_DEFAULT_TTL() {
    const env = { CACHEKIT_DEFAULT_TTL: '7' };
    expect([settingsOf({}).ttlMs, settingsOf(env).ttlMs]).toEqual([3_600_000, 7000]);
    expect(settingsOf(env, { defaults: { ttl: '3s' } }).ttlMs).toBe(3000);
  },

  async CACHEKIT_MAX_CHUNK_SIZE_MB() {
    const env = { CACHEKIT_MAX_CHUNK_SIZE_MB: '1' };
    expect([settingsOf({}).maxSizeBytes, settingsOf(env).maxSizeBytes]).toEqual([50 * 1024 ** 2, 1024 ** 2]);
    expect(settingsOf(env, { defaults: { maxSize: '2kb' } }).maxSizeBytes).toBe(2048);
  },

  async CACHEKIT_ENABLE_COMPRESSION() {
    const env = { CACHEKIT_ENABLE_COMPRESSION: 'false' };
    expect([settingsOf({}).compress, settingsOf(env).compress]).toEqual([true, false]);
    expect(settingsOf(env, { defaults: { compress: true } }).compress).toBe(true);
  },

  async CACHEKIT_L1_ENABLED() {
    const env = { CACHEKIT_L1_ENABLED: '0' };
    expect([settingsOf({}).memory !== false, settingsOf(env).memory]).toEqual([true, false]);
    expect(settingsOf(env, { l1: {} }).memory).not.toBe(false);
  },

  async CACHEKIT_L1_MAX_SIZE_MB() {
    const env = { CACHEKIT_L1_MAX_SIZE_MB: '3' };
    expect([settingsOf({}).memory, settingsOf(env).memory]).toMatchObject([
      { maxBytes: 100 * 1024 ** 2 },
      { maxBytes: 3 * 1024 ** 2 },
    ]);
    expect(settingsOf(env, { l1: { maxSize: 5000 } }).memory).toMatchObject({ maxBytes: 5000 });
  },

  async CACHEKIT_KEY_PREFIX() {
    const env = { CACHEKIT_KEY_PREFIX: 'mine' };
    expect([settingsOf({}).keyPrefix, settingsOf(env).keyPrefix]).toEqual(['ck1', 'mine']);
    expect(settingsOf(env, { keyPrefix: 'code' }).keyPrefix).toBe('code');
    setVariable('CACHEKIT_KEY_PREFIX', 'mine');
    configure({ backend: 'none' });
    expect(cacheOf(oneNumber(async () => 'x')).key(1)).toMatch(/^mine:/);
  },

  async CACHEKIT_MASTER_KEY() {
    const [variable, code] = [keygen(), keygen()];
    const load = oneNumber(async () => 'x', { value: textValue, profile: 'secure' });
    const keyOf = (config: CacheKitConfig): string => {
      configure({ backend: 'none', ...config });
      return cacheOf(load).key(1);
    };
    const throwaway = keyOf({});
    setVariable('CACHEKIT_MASTER_KEY', variable);
    const byVariable = keyOf({});
    expect(byVariable).not.toBe(throwaway);
    expect(keyOf({ encryption: { masterKey: code } })).not.toBe(byVariable);
    expect(keyOf({ encryption: { masterKey: variable } })).toBe(byVariable);
  },

  async CACHEKIT_MASTER_KEY_FILE() {
    const [inFile, inVariable] = [keygen(), keygen()];
    const load = oneNumber(async () => 'x', { value: textValue, profile: 'secure' });
    const keyOf = (config: CacheKitConfig = {}): string => {
      configure({ backend: 'none', encryption: {}, ...config });
      return cacheOf(load).key(1);
    };
    const file = join(folder, 'key');
    writeFileSync(file, `${inFile}\n`, { mode: 0o600 });
    setVariable('CACHEKIT_MASTER_KEY_FILE', file);
    const byFile = keyOf();
    expect(keyOf({ encryption: { masterKey: inFile } })).toBe(byFile);
    // The variable itself says it more directly.
    setVariable('CACHEKIT_MASTER_KEY', inVariable);
    expect(keyOf()).toBe(keyOf({ encryption: { masterKey: inVariable } }));
  },

  async CACHEKIT_PREVIOUS_MASTER_KEYS() {
    const [old, young] = [keygen(), keygen()];
    const backend = memoryBackend();
    let runs = 0;
    const load = oneNumber(async () => `run ${++runs}`, { value: textValue, profile: 'secure' });
    configure({ backend, encryption: { masterKey: old } });
    await load(1);
    await flush();
    setVariable('CACHEKIT_PREVIOUS_MASTER_KEYS', old);
    configure({ encryption: { masterKey: young } });
    expect(await load(1)).toBe('run 1');
    configure({ encryption: { masterKey: young, previousMasterKeys: [] } });
    expect(await load(1)).toBe('run 2');
  },

  async CACHEKIT_ENCRYPTION_FAIL_CLOSED() {
    const env = { CACHEKIT_ENCRYPTION_FAIL_CLOSED: 'true' };
    const secure = oneNumber(async () => 'x', { profile: 'secure' }).descriptor;
    const closedBy = (variables: Record<string, string>, config: CacheKitConfig = {}) =>
      resolveSettings(secure, undefined, config, of(variables)).failClosed;
    expect([closedBy({}), closedBy(env)]).toEqual([false, true]);
    expect(closedBy(env, { encryption: { failClosed: false } })).toBe(false);
  },

  async CACHEKIT_LOG_LEVEL() {
    const logged = () =>
      cacheOf(oneNumber(async () => 'x')).getHealthStatus().featuresEnabled.structuredLogging;
    expect(logged()).toBe(false);
    setVariable('CACHEKIT_LOG_LEVEL', 'error');
    configure({ backend: 'none' });
    expect(logged()).toBe(true);
    // What it writes, and that a logger beats it: test/runtime/observe/logger.test.ts.
  },

  async CACHEKIT_ENABLE_PROMETHEUS_METRICS() {
    const registered = (): number => {
      const registry = new Registry();
      const stop = prometheus({ registry });
      const { length } = registry.getMetricsAsArray();
      stop();
      return length;
    };
    expect(registered()).toBeGreaterThan(10);
    setVariable('CACHEKIT_ENABLE_PROMETHEUS_METRICS', 'false');
    expect(registered()).toBe(0);
  },
};

/** What the source reads, by the name of its field. */
const source = readFileSync(join(import.meta.dirname, '../../../runtime/config/env.ts'), 'utf8');
const variables = [...source.matchAll(/: \['(\w+)', \w+\]/g)].map((match) => match[1] ?? '');

/** One value each that is not the default and can be. */
const VALUES: Readonly<Record<string, string>> = {
  CACHEKIT_DISABLED: 'true',
  CACHEKIT_BACKEND: 'memory',
  CACHEKIT_REDIS_URL: 'redis://host:1',
  REDIS_URL: 'redis://host:1',
  CACHEKIT_PATH: '/somewhere',
  CACHEKIT_PATH_MAX_SIZE_MB: '7',
  CACHEKIT_CONNECTION_POOL_SIZE: '7',
  CACHEKIT_SOCKET_TIMEOUT: '7',
  CACHEKIT_SOCKET_CONNECT_TIMEOUT: '7',
  CACHEKIT_READ_TIMEOUT: '7',
  CACHEKIT_DEFAULT_TTL: '7',
  CACHEKIT_MAX_CHUNK_SIZE_MB: '7',
  CACHEKIT_ENABLE_COMPRESSION: '0',
  CACHEKIT_L1_ENABLED: '0',
  CACHEKIT_L1_MAX_SIZE_MB: '7',
  CACHEKIT_KEY_PREFIX: 'mine',
  CACHEKIT_MASTER_KEY: '7'.repeat(64),
  CACHEKIT_MASTER_KEY_FILE: '/somewhere',
  CACHEKIT_PREVIOUS_MASTER_KEYS: '7'.repeat(64),
  CACHEKIT_ENCRYPTION_FAIL_CLOSED: '1',
  CACHEKIT_LOG_LEVEL: 'error',
  CACHEKIT_ENABLE_PROMETHEUS_METRICS: '0',
};

describe('every environment variable', () => {
  it('has a case here', () => {
    expect(variables.length).toBeGreaterThan(15);
    expect(Object.keys(cases).toSorted()).toEqual(variables.toSorted());
    expect(Object.keys(VALUES).toSorted()).toEqual(variables.toSorted());
  });

  it.each(Object.keys(cases))('%s', { timeout: 60_000 }, async (name) => {
    await expect(cases[name]?.()).resolves.toBeUndefined();
  });

  it.each(Object.entries(VALUES))('%s is a line of effectiveConfig()', (name, value) => {
    for (const test of ['NODE_ENV', 'VITEST', 'NODE_TEST_CONTEXT']) vi.stubEnv(test, '');
    for (const one of variables) vi.stubEnv(one, '');
    forgetEnvironment();
    const before = effectiveConfig();
    expect(before.filter(({ source: from }) => from === 'environment')).toEqual([]);
    setVariable(name, value);
    const changed = effectiveConfig().filter((line, i) => line.value !== before[i]?.value);
    expect(changed).toMatchObject([{ source: 'environment' }]);
    expect(JSON.stringify(changed)).not.toContain('7'.repeat(64));
  });

  // Texts take anything. Where a default would not protect, secure calls reject: test/runtime/site/fail-closed.test.ts.
  it.each(variables.filter((name) => !/BACKEND|URL|PATH$|_KEY$|_FILE$|PREVIOUS|FAIL_CLOSED/.test(name)))(
    '%s that is ill-typed gets a notice without its value',
    (name) => {
      const { notices } = readEnvironment({ [name]: 'canary, , ,' }, '24.0.0');
      expect(notices.map((one) => [one.code, one.name])).toEqual([['CACHEKIT_ENV_VALUE', name]]);
      expect(notices[0]?.message).not.toContain('canary');
    },
  );

  it('that the parent has and that has no effect here gets a notice', () => {
    const { notices } = readEnvironment({ CACHEKIT_COMPRESSION_LEVEL: '6' }, '24.0.0');
    expect(notices.map(({ code }) => code)).toEqual(['CACHEKIT_ENV_UNKNOWN']);
  });
});

describe('effectiveConfig()', () => {
  it('has a line for each setting of configure(), with the defaults that hold', () => {
    const names = new Set(effectiveConfig().map(({ name }) => name));
    const missing = configPaths()
      .map((path) => path.replace(/^namespaces\..*/, 'namespaces'))
      .filter((path) => path !== 'clock' && !names.has(path)); // a clock is for tests
    expect(missing).toEqual([]);
    const shown = (name: string) => effectiveConfig().find((line) => line.name === name)?.value;
    const guard = resolveGuard({}, of({}), stepClock());
    const breaker = guard.circuitBreaker === false ? undefined : guard.circuitBreaker;
    expect([shown('backpressure.maxConcurrent'), shown('backpressure.maxQueued')]).toEqual([
      String(guard.backpressure.maxConcurrent),
      String(guard.backpressure.maxQueued),
    ]);
    expect([
      shown('circuitBreaker.failureThreshold'),
      shown('circuitBreaker.successThreshold'),
      shown('circuitBreaker.recoveryTimeout'),
      shown('timeout.initial'),
    ]).toEqual([
      String(breaker?.failureThreshold),
      String(breaker?.successThreshold),
      `${(breaker?.recoveryTimeoutMs ?? 0) / 1000}s`,
      `${guard.timeout.initialMs}ms`,
    ]);
  });
});
