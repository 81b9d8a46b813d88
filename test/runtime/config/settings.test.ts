import { describe, expect, it } from 'vitest';
import { parseBytes } from '../../../runtime/config/bytes.ts';
import type { CacheOptions } from '../../../runtime/config/cache-options.ts';
import type { CacheKitConfig } from '../../../runtime/config/cachekit-config.ts';
import { checkConfig } from '../../../runtime/config/check-config.ts';
import { defaultBackend } from '../../../runtime/config/choose-backend.ts';
import { parseDuration } from '../../../runtime/config/duration.ts';
import { readEnvironment } from '../../../runtime/config/env.ts';
import { fitNamespace, resolveSettings } from '../../../runtime/config/resolve-settings.ts';
import type { CacheDescriptor } from '../../../runtime/contract/cache-descriptor.ts';

const descriptor = (changes: Partial<CacheDescriptor> = {}): CacheDescriptor => ({
  v: 1,
  id: 'app/f',
  profile: 'default',
  package: '@Acme/My App',
  settings: {},
  shape: 's'.repeat(16),
  code: 'c'.repeat(16),
  serializer: 'std',
  index: 1,
  ...changes,
});

const resolve = (
  changes: Partial<CacheDescriptor> = {},
  config: CacheKitConfig = {},
  env: Record<string, string> = {},
  options?: CacheOptions,
) => resolveSettings(descriptor(changes), options, config, readEnvironment(env, '24.21.0').environment);

describe('parseDuration', () => {
  it.each([
    [1.5, 1500],
    ['250ms', 250],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1w', 604_800_000],
  ])('reads %j as %d ms', (text, ms) => {
    expect(parseDuration(text, 'ttl')).toBe(ms);
  });

  it.each([
    0,
    -1,
    Number.NaN,
    Infinity,
    '0s',
    '-1s',
    '5',
    '5 m',
    '1e3s',
    'Infinitys',
    '',
    null,
    undefined,
    {},
    5n,
  ])('refuses %s', (value) => {
    expect(() => parseDuration(value, 'ttl')).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG' }),
    );
  });
});

describe('parseBytes', () => {
  it('reads numbers and units of 1024', () => {
    expect([
      parseBytes(10, 'x'),
      parseBytes('1kb', 'x'),
      parseBytes('1.5mb', 'x'),
      parseBytes('2gb', 'x'),
    ]).toEqual([10, 1024, 1_572_864, 2_147_483_648]);
  });

  it.each([0, -1, Number.NaN, '5', '5tb', ''])('refuses %s', (value) => {
    expect(() => parseBytes(value, 'maxSize')).toThrow(/maxSize/);
  });
});

describe('precedence', () => {
  it('of ttl: call site, defaults, environment, built in', () => {
    const env = { CACHEKIT_DEFAULT_TTL: '7' };
    const config = { defaults: { ttl: '10s' } } as const;
    expect([
      resolve({ settings: { ttlMs: 5 } }, config, env, { ttl: '3s' }).ttlMs,
      resolve({ settings: { ttlMs: 5 } }, config, env).ttlMs,
      resolve({}, config, env).ttlMs,
      resolve({}, {}, env).ttlMs,
      resolve().ttlMs,
    ]).toEqual([3000, 5, 10_000, 7000, 3_600_000]);
  });

  it('of the backend: namespaces, call site, profile, configure(), environment, built in', () => {
    const env = { CACHEKIT_BACKEND: 'none' };
    const config = { backend: 'redis://a', namespaces: { ns: { backend: 'memory' } } } as const;
    const site = { settings: { backend: 'embedded', namespace: 'ns' } };
    expect([
      resolve(site, config, env).backend,
      resolve({ settings: { backend: 'embedded' } }, config, env).backend,
      resolve({ profile: 'local' }, config, env).backend,
      resolve({ profile: 'test' }, config, env).backend,
      resolve({}, config, env).backend,
      resolve({}, {}, env).backend,
      resolve({}, {}, {}).backend,
    ]).toEqual([
      { kind: 'memory' },
      { kind: 'embedded' },
      { kind: 'none' },
      { kind: 'memory' },
      { kind: 'url', url: 'redis://a' },
      { kind: 'none' },
      { kind: 'embedded' },
    ]);
  });

  it('of the switches that a profile decides: only the call site is above it', () => {
    const config = { defaults: { compress: true, jitter: 0.5 } };
    expect(resolve({ profile: 'secure' }, config).compress).toBe(false);
    expect(resolve({ profile: 'secure' }, config, {}, { compress: true }).compress).toBe(true);
    expect(resolve({ profile: 'test' }, config).jitter01).toBe(0);
    expect(resolve({ profile: 'test' }, config, {}, { jitter: 0.2 }).jitter01).toBe(0.2);
    expect(resolve({}, config)).toMatchObject({ compress: true, jitter01: 0.5 });
  });

  it('of enabled: the variable over everything, then the namespace', () => {
    const on = { enabled: true, namespaces: { ns: { enabled: false } } };
    expect(resolve({}, on).enabled).toBe(true);
    expect(resolve({ settings: { namespace: 'ns' } }, on).enabled).toBe(false);
    expect(resolve({}, on, { CACHEKIT_DISABLED: '1' }).enabled).toBe(false);
  });

  it('of memory, size, prefix', () => {
    const env = { CACHEKIT_L1_MAX_SIZE_MB: '2', CACHEKIT_MAX_CHUNK_SIZE_MB: '3', CACHEKIT_KEY_PREFIX: 'e' };
    expect(resolve({}, {}, env)).toMatchObject({
      memory: { maxBytes: 2 * 1024 ** 2 },
      maxSizeBytes: 3 * 1024 ** 2,
      keyPrefix: 'e',
    });
    const config = {
      l1: { maxSize: '5mb', maxEntries: 9 },
      keyPrefix: 'c',
      defaults: { maxSize: '6mb' },
    } as const;
    expect(resolve({}, config, env)).toMatchObject({
      memory: { maxBytes: 5 * 1024 ** 2, maxEntries: 9 },
      maxSizeBytes: 6 * 1024 ** 2,
      keyPrefix: 'c',
    });
    expect(resolve({}, { l1: false }, env).memory).toBe(false);
    expect(resolve({}, {}, { CACHEKIT_L1_ENABLED: 'false' }).memory).toBe(false);
  });
});

describe('version text', () => {
  it('is the code, in production the shape, or what was written; these never meet', () => {
    expect([
      resolve().versionText,
      resolve({}, {}, { NODE_ENV: 'production' }).versionText,
      resolve({ settings: { version: 'shape' } }).versionText,
      resolve({ settings: { version: 'none' } }).versionText,
      resolve({ settings: { version: '7' } }).versionText,
    ]).toEqual([`code:${'c'.repeat(16)}`, `shape:${'s'.repeat(16)}`, `shape:${'s'.repeat(16)}`, '', 'own:7']);
  });
});

describe('sealing', () => {
  const masterKey = 'never looked at here';

  it('follows profile and key, and nothing turns it off', () => {
    expect([
      resolve({ profile: 'secure' }, { encryption: { masterKey } }).sealing,
      resolve({ profile: 'secure' }, {}, { CACHEKIT_MASTER_KEY: masterKey }).sealing,
      resolve({ profile: 'secure' }, {}).sealing,
      resolve({ profile: 'secure', inferred: true }, {}).sealing,
      resolve({ profile: 'secure' }, {}, { VITEST: 'true' }).sealing,
      resolve({ profile: 'production' }, { encryption: { masterKey } }).sealing,
    ]).toEqual(['master-key', 'master-key', 'missing', 'ephemeral', 'ephemeral', 'off']);
  });
});

describe('the default backend', () => {
  const choose = (config: CacheKitConfig, env: Record<string, string>, node = '24.21.0') =>
    defaultBackend(config, readEnvironment(env, node).environment);

  it('is found in the documented order', () => {
    const env = { CACHEKIT_BACKEND: 'memory', CACHEKIT_REDIS_URL: 'redis://ck', REDIS_URL: 'redis://plain' };
    expect([
      choose({ backend: 'none' }, env),
      choose({}, env),
      choose({}, { ...env, CACHEKIT_BACKEND: '' }),
      choose({}, { REDIS_URL: 'rediss://plain' }),
      choose({}, {}),
      choose({}, {}, '22.18.0'),
    ]).toEqual([
      { choice: { kind: 'none' }, source: 'code' },
      { choice: { kind: 'memory' }, source: 'environment' },
      { choice: { kind: 'url', url: 'redis://ck' }, source: 'environment' },
      { choice: { kind: 'url', url: 'rediss://plain' }, source: 'environment' },
      { choice: { kind: 'embedded' }, source: 'default' },
      { choice: { kind: 'none' }, source: 'default' },
    ]);
  });

  it('is memory in test runs, where REDIS_URL is not asked', () => {
    for (const test of [{ NODE_ENV: 'test' }, { VITEST: 'true' }, { NODE_TEST_CONTEXT: 'child-v8' }]) {
      expect(choose({}, { ...test, REDIS_URL: 'redis://plain' }).choice).toEqual({ kind: 'memory' });
    }
  });

  it('is never another store than the one named', () => {
    expect(choose({ backend: 'http://what' }, {}).choice).toEqual({ kind: 'unknown', name: 'default' });
    expect(resolve({ settings: { backend: 'constructor' } }, { backends: {} }).backend).toEqual({
      kind: 'unknown',
      name: 'constructor',
    });
    expect(resolve({ settings: { backend: 'fast' } }, { backends: { fast: 'redis://f' } }).backend).toEqual({
      kind: 'url',
      url: 'redis://f',
    });
    expect(resolve({ settings: { backend: 'fast' } }, { backends: { fast: 'redsi://f' } }).backend).toEqual({
      kind: 'unknown',
      name: 'fast',
    });
  });

  it('is for a namespace also one of the named ones', () => {
    const backends = { fast: 'redis://f' };
    const last = (backend: string): unknown =>
      resolve({ settings: { namespace: 'ns' } }, { backends, namespaces: { ns: { backend } } }).backend;
    expect(last('fast')).toEqual({ kind: 'url', url: 'redis://f' });
    expect(last('none')).toEqual({ kind: 'none' });
    expect(last('slow')).toEqual({ kind: 'unknown', name: 'default' });
  });
});

describe('environment variables', () => {
  it('that are ill-typed get a notice and the default, without their value', () => {
    const { environment, notices } = readEnvironment(
      { CACHEKIT_DEFAULT_TTL: 'canary', CACHEKIT_L1_ENABLED: 'canary', CACHEKIT_KEY_PREFIX: 'a{b}' },
      '24.0.0',
    );
    expect(environment).toMatchObject({
      defaultTtlMs: undefined,
      l1Enabled: undefined,
      keyPrefix: undefined,
    });
    expect(notices.map(({ name }) => name).toSorted()).toEqual([
      'CACHEKIT_DEFAULT_TTL',
      'CACHEKIT_KEY_PREFIX',
      'CACHEKIT_L1_ENABLED',
    ]);
    expect(JSON.stringify(notices)).not.toContain('canary');
  });

  it('that nobody knows get a notice, with the name that was meant', () => {
    const { notices } = readEnvironment(
      { CACHEKIT_TTL: '1', CACHE_DEFAULT_TTL: '1', CACHE_DIR: 'x', HOME: '/' },
      '24.0.0',
    );
    expect(notices.map(({ message }) => message)).toEqual([
      expect.stringContaining('CACHEKIT_TTL has no effect'),
      expect.stringContaining('Did you mean CACHEKIT_DEFAULT_TTL?'),
    ]);
  });

  it('are seconds, megabytes and booleans as documented', () => {
    const { environment } = readEnvironment(
      {
        CACHEKIT_READ_TIMEOUT: '0.3',
        CACHEKIT_PATH_MAX_SIZE_MB: '64',
        CACHEKIT_ENABLE_COMPRESSION: '0',
        CACHEKIT_CONNECTION_POOL_SIZE: '4',
      },
      '24.0.0',
    );
    expect(environment).toMatchObject({
      readTimeoutMs: 300,
      pathMaxSizeBytes: 67_108_864,
      compress: false,
      connections: 4,
    });
  });
});

describe('checkConfig', () => {
  it.each([
    [{ tll: 1 }, '`tll`'],
    [{ defaults: { ttl: 0 } }, '`defaults.ttl`'],
    [{ defaults: { swr: '1m' } }, '`swr`'],
    [{ l1: { maxEntries: 0 } }, '`l1.maxEntries`'],
    [{ namespaces: { a: { l1: { maxSize: -1 } } } }, '`namespaces.a.l1.maxSize`'],
    [{ keyPrefix: 'a{b}' }, '`keyPrefix`'],
    [{ backend: 5 }, '`backend`'],
    [{ circuitBreaker: { failureThreshold: 0.5 } }, '`circuitBreaker.failureThreshold`'],
    [{ circuit_breaker: false }, 'Did you mean `circuitBreaker`?'],
    [null, 'configure()'],
  ])('refuses %j', (config, text) => {
    expect(() => checkConfig(config)).toThrow(
      expect.objectContaining({ code: 'ERR_CACHEKIT_CONFIG', message: expect.stringContaining(text) }),
    );
  });
});

describe('fitNamespace', () => {
  it('makes package names fit', () => {
    expect([fitNamespace('@Acme/My App'), fitNamespace(''), fitNamespace('a'.repeat(99))]).toEqual([
      'acme-my-app',
      'app',
      'a'.repeat(64),
    ]);
  });
});
