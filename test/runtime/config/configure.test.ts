import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEnvironment } from '../../../runtime/config/current.ts';
import { checkHealth, configure, effectiveConfig, type Backend } from '../../../runtime/index.ts';
import { memoryBackend, resetCacheKit } from '../../../runtime/testing/index.ts';
import { oneNumber, textValue } from '../site/hand-written.ts';

beforeEach(resetCacheKit);

const shown = (name: string) => effectiveConfig().find((setting) => setting.name === name);

describe('effectiveConfig()', () => {
  it.each([
    [{ initial: '5s', adaptive: { max: '2s' } }, '2s', 'code'],
    [{ adaptive: { max: '100ms' } }, '100ms', 'code'],
    [{ initial: '1s', adaptive: { max: '2s' } }, '1s', 'code'],
    [{ adaptive: { max: '2s' } }, '250ms', 'default'],
    [{ initial: '30s', adaptive: { min: '1s' } }, '30s', 'code'],
    [{ initial: '30s', adaptive: false }, '30s', 'code'],
  ] as const)('shows the first wait that holds: timeout %j', (timeout, value, source) => {
    configure({ timeout });
    expect(shown('timeout.initial')).toEqual({ name: 'timeout.initial', value, source });
  });

  it('says what holds and where it comes from', () => {
    expect(shown('defaults.ttl')).toEqual({ name: 'defaults.ttl', value: '1h', source: 'default' });
    configure({ defaults: { ttl: '5m' }, l1: { maxSize: '7mb' } });
    expect(shown('defaults.ttl')).toEqual({ name: 'defaults.ttl', value: '5m', source: 'code' });
    expect(shown('l1.maxSize')).toEqual({ name: 'l1.maxSize', value: '7mb', source: 'code' });
    vi.stubEnv('CACHEKIT_KEY_PREFIX', 'mine');
    forgetEnvironment();
    expect(shown('keyPrefix')).toEqual({ name: 'keyPrefix', value: 'mine', source: 'environment' });
    vi.unstubAllEnvs();
  });

  it('masks secrets', () => {
    configure({
      backend: 'redis://user:canary@host:6379/0',
      encryption: { masterKey: () => 'canary' },
    });
    expect(shown('backend')).toMatchObject({ value: 'redis://host:6379/0', source: 'code' });
    expect(shown('encryption.masterKey')).toMatchObject({ value: 'set', source: 'code' });
    expect(JSON.stringify(effectiveConfig())).not.toContain('canary');
  });

  it('shows the servers of a URL that lists several, and never a part of its password', () => {
    const backendOf = (url: string): string | undefined => {
      configure({ backend: url });
      return shown('backend')?.value;
    };
    expect(backendOf('redis+sentinel://me:canary@one:26379,two:26379/mymaster/0?tls=true')).toBe(
      'redis+sentinel://one:26379,two:26379/mymaster/0',
    );
    expect(backendOf('redis+cluster://[::1]:7000,two.example')).toBe(
      'redis+cluster://[::1]:7000,two.example',
    );
    for (const password of ['can/ary', '12/canary', '12?canary', '12#canary', '12,canary', 'a@canary'])
      for (const servers of ['one:1,two:2', 'one'])
        expect(backendOf(`redis+sentinel://me:${password}@${servers}/m`)).not.toMatch(/can|ary|12/);
  });
});

describe('configure()', () => {
  it('replaces the top-level keys given and keeps the others', () => {
    configure({ defaults: { ttl: '5m' }, keyPrefix: 'a' });
    configure({ keyPrefix: 'b' });
    expect([shown('defaults.ttl')?.value, shown('keyPrefix')?.value]).toEqual(['5m', 'b']);
  });

  it('changes nothing when it throws', () => {
    expect(() => configure({ keyPrefix: 'b', enabled: 'yes' as never })).toThrow(/`enabled`/);
    expect(shown('keyPrefix')?.value).toBe('ck1');
  });

  it.each([
    ['backend', { get: async () => undefined, set: async () => undefined, name: 'no delete' }],
    ['backend', { ...memoryBackend(), name: undefined }],
    ['clock', { nowMs: () => 0, monotonicMs: () => 0 }],
    ['logger', { debug: () => undefined }],
  ])('refuses a %s that lacks something', (name, half) => {
    expect(() => configure({ [name]: half })).toThrow(`\`${name}\` is not a`);
  });

  it('says how many calls ran before it', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const load = oneNumber(async () => 'x', { value: textValue });
    await load(1);
    await load(1);
    configure({ keyPrefix: 'late' });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('2 calls'), expect.anything());
    warn.mockRestore();
  });
});

describe('checkHealth()', () => {
  it('pings the configured backend also before the first call', async () => {
    const ping = vi.fn<() => Promise<void>>(async () => undefined);
    const backend: Backend = { ...memoryBackend(), name: 'mine', ping };
    configure({ backend });
    expect(await checkHealth()).toMatchObject({
      status: 'healthy',
      redisConnection: 'unused',
      backends: { mine: { status: 'up' } },
    });
    expect(ping).toHaveBeenCalled();
  });

  it('is degraded by a backend that does not answer, and by a URL that cannot be', async () => {
    const backend: Backend = { ...memoryBackend(), name: 'mine', ping: () => new Promise(() => undefined) };
    configure({ backend });
    expect(await checkHealth()).toMatchObject({
      status: 'degraded',
      backends: { mine: { latencyMs: null } },
    });
    configure({ backend: 'http://nowhere' });
    expect(await checkHealth()).toMatchObject({
      status: 'degraded',
      backends: { default: { status: 'misconfigured' } },
    });
  });
});
