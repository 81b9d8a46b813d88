// Each setting: what it accepts in a comment, in code and in a profile of the build, and what it refuses.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../runtime/config/cache-options.ts';
import type { Marker, OptionValue } from '../../../transformer/1-scan/marker.ts';
import { parseDirective } from '../../../transformer/1-scan/parse-directive.ts';
import { readBuildProfiles } from '../../../transformer/3-plan/build-profiles.ts';
import { displayName, optionsOf, settingOptions } from '../../../transformer/3-plan/option-names.ts';
import { parseSettings } from '../../../transformer/3-plan/parse-settings.ts';
import type { ProfileEntry } from '../../../transformer/3-plan/profile-entry.ts';
import { marker, option, plan, signature, string, target } from './ir.ts';

const on: OptionValue = { kind: 'flag', on: true };
const off: OptionValue = { kind: 'flag', on: false };
const num = (value: number): OptionValue => ({ kind: 'number', value });

const read = (name: string, value: string | OptionValue, kind: Marker['kind'] = 'comment') => {
  const { settings, problems } = parseSettings(marker(target('f'), undefined, [option(name, value)], kind));
  return problems.length === 0 ? settings.settings : problems.map(({ code }) => code).join();
};

describe('a setting is read with its unit', () => {
  it.each<[string, string | OptionValue, object]>([
    ['swr', '1m', { swrMs: 60_000 }],
    ['stale-if-error', '1h', { staleIfErrorMs: 3_600_000 }],
    ['soft-timeout', '200ms', { softTimeoutMs: 200 }],
    ['refresh-ahead', '0.8', { refreshAhead: 0.8 }],
    ['refresh-ahead', '.5', { refreshAhead: 0.5 }],
    ['refresh-ahead', off, { refreshAhead: false }],
    ['refresh-ttl-on-get', on, { refreshTtlOnGet: true }],
    ['refresh-ttl-on-get', off, { refreshTtlOnGet: false }],
    ['refresh-ttl-on-get', '0.25', { refreshTtlOnGet: 0.25 }],
    ['jitter', '0', { jitter: 0 }],
    ['cache-null', on, { cacheNull: true }],
    ['cache-null', off, { cacheNull: false }],
    ['cache-null', '30s', { cacheNull: 30_000 }],
    ['compress', off, { compress: false }],
    ['max-size', '2kb', { maxSizeBytes: 2048 }],
    ['max-size', '50mb', { maxSizeBytes: 52_428_800 }],
    ['max-size', '300', { maxSizeBytes: 300 }],
    ['l1', off, { l1: false }],
    ['lock', on, { lock: true }],
    ['share', on, { share: true }],
    ['integrity', 'hmac', { integrity: 'hmac' }],
    ['interop', 'get-report', { interop: 'get-report' }],
    ['self', 'instance', { self: 'instance' }],
  ])('%s=%j', (name, value, settings) => {
    expect(read(name, value)).toEqual(settings);
  });

  it.each<[string, OptionValue, object]>([
    ['max-size', num(1024), { maxSizeBytes: 1024 }],
    ['refresh-ahead', num(0.25), { refreshAhead: 0.25 }],
    ['cache-null', num(30), { cacheNull: 30_000 }],
    ['swr', num(0.5), { swrMs: 500 }],
    ['tags', { kind: 'list', items: ['a$b', 'c', 'a$b'] }, { tags: ['a$b', 'c'] }],
    ['tags', { kind: 'list', items: [] }, {}],
  ])('%s: %j in code', (name, value, settings) => {
    expect(read(name, value, 'call')).toEqual(settings);
  });

  it.each<[string, string | OptionValue]>([
    ['swr', '0'],
    ['swr', on],
    ['stale-if-error', '-1m'],
    ['refresh-ahead', '0'],
    ['refresh-ahead', '1'],
    ['refresh-ahead', on],
    ['refresh-ahead', 'half'],
    ['refresh-ttl-on-get', '1'],
    ['jitter', '2'],
    ['jitter', off],
    ['cache-null', 'no'],
    ['max-size', '0'],
    ['max-size', '1.5mb'],
    ['max-size', '50 mb'],
    ['max-size', '9999999999gb'],
    ['lock', 'true'],
    ['compress', '1'],
    ['integrity', 'sha1'],
    ['interop', 'Get.Report'],
    ['interop', 'a..b'],
    ['profile', on],
    ['tags', on],
    ['when', on],
    ['unless', off],
    ['tenant', on],
    ['key', { kind: 'list', items: [] }],
  ])('%s=%j is refused', (name, value) => {
    expect(read(name, value)).toBe('CK1003');
  });

  it.each(['key', 'when', 'unless', 'tenant', 'batch'])('%s in code is a function', (name) => {
    expect(read(name, '$id', 'call')).toBe('CK1003');
    expect(read(name, { kind: 'code', text: 'f', range: { start: 0, end: 1 } }, 'call')).toEqual({});
  });

  it('what the build must know is no function', () => {
    const code: OptionValue = { kind: 'code', text: 'f', range: { start: 0, end: 1 } };
    for (const name of ['swr', 'lock', 'interop', 'self', 'serializer', 'name'])
      expect([name, read(name, code, 'call')]).toEqual([name, 'CK1018']);
  });

  it.each(['comment', 'call'] as const)(
    'every option of a %s has an example, which is a value of it',
    (kind) => {
      const examples = optionsOf(kind).map((name) => {
        const wrong: OptionValue = { kind: 'list', items: ['\n', '!'] };
        const { problems } = parseSettings(marker(target('f'), undefined, [option(name, wrong)], kind));
        const args = problems[0]?.args;
        return args !== undefined && 'example' in args ? args.example : undefined;
      });
      // Namespaces have a code of their own; lists take any text as a path, which the types then refuse.
      const missing = optionsOf(kind).filter((_, index) => examples[index] === undefined);
      expect(missing).toEqual(
        kind === 'call'
          ? ['namespace']
          : ['namespace', 'key', 'ignore', 'tags', 'when', 'unless', 'tenant', 'self'],
      );
      const texts = examples.filter((example) => example !== undefined && kind === 'comment');
      const list = `@cache.dev ${texts.filter((text) => !text?.startsWith('profile')).join(' ')}`;
      const { directive } = parseDirective(list, 0, list.length);
      expect(parseSettings({ ...marker(target('f')), directive }).problems).toEqual([]);
    },
  );
});

describe('any option list', () => {
  it('ends in settings or problems', () => {
    const word = fc.constantFrom(...optionsOf('comment'), 'tll', 'a-b');
    const value = fc.oneof(
      fc.constantFrom(
        '5m',
        '0.5',
        '$id',
        'report:$id??x',
        '"a b"',
        "'",
        '"',
        '$',
        '!',
        'result.ok==false',
        'instance',
        '50mb',
        'hmac',
        ',',
        'a,b',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const item = fc.oneof(
      word,
      word.map((name) => `!${name}`),
      fc.tuple(word, value).map(([name, text]) => `${name}=${text}`),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), (items) => {
        const text = `@cache ${items.join(' ')}`;
        const { directive, problems: first } = parseDirective(text, 0, text.length);
        const of = { ...marker(target('load')), directive };
        const result = plan(of, signature({ id: string }));
        const isSaid = items.every((one) => one.trim() === '') || first.length + result.problems.length > 0;
        const { plan: made } = result;
        expect(isSaid || made !== undefined).toBe(true);
        for (const problem of result.problems) expect(problem.range.end).toBeLessThanOrEqual(text.length);
        expect(JSON.parse(JSON.stringify(made ?? null))).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a profile of the build', () => {
  it('is read like the options of code, above a built-in one', () => {
    const { profiles, problems } = readBuildProfiles({
      reports: { extends: 'production', ttl: '1d', refreshAhead: false, maxSize: 1024, backend: 'slow' },
      'plain-1': {},
    });
    expect(problems).toEqual([]);
    expect(profiles).toEqual({
      reports: {
        base: 'production',
        settings: { ttlMs: 86_400_000, refreshAhead: false, maxSizeBytes: 1024, backend: 'slow' },
      },
      'plain-1': { base: 'default', settings: {} },
    });
  });

  it.each<[object, string]>([
    [{ production: {} }, 'profiles.production'],
    [{ default: {} }, 'profiles.default'],
    [{ lock: {} }, 'profiles.lock'],
    [{ 'a b': {} }, 'profiles.a b'],
    [{ constructor: {} }, 'profiles.constructor'],
    [{ a: [] }, 'profiles.a'],
    [{ a: { extends: 'b' } }, 'profiles.a.extends'],
    [{ a: { extends: 'default' } }, 'profiles.a.extends'],
    [{ a: { ttl: 0 } }, 'profiles.a.ttl'],
    [{ a: { ttl: null } }, 'profiles.a.ttl'],
    [{ a: { 'max-size': '1mb' } }, 'profiles.a.max-size'],
    [{ a: { tags: ['x'] } }, 'profiles.a.tags'],
    [{ a: { name: 'x' } }, 'profiles.a.name'],
    [{ a: { extends: 'secure', share: true } }, 'profiles.a'],
  ])('%j is refused', (entries, option_) => {
    expect(readBuildProfiles(entries as Record<string, unknown>).problems.map((one) => one.option)).toEqual([
      option_,
    ]); // an object has string keys
  });

  it('gives its settings below those of the marker, and its base as the profile', () => {
    const { profiles } = readBuildProfiles({ reports: { extends: 'production', ttl: '1d', swr: '1m' } });
    const { settings } = parseSettings(marker(target('getUser'), 'reports', [option('ttl', '5m')]), profiles);
    expect(settings).toMatchObject({ profile: 'production', buildProfile: 'reports' });
    const options = {
      namespace: undefined,
      sensitiveNames: ['user'],
      sensitiveFields: [],
      hotNames: [],
      profiles,
    };
    const { plan: made } = plan(marker(target('getUser'), 'reports', [option('ttl', '5m')]), signature({}), {
      options,
    });
    expect(made).toMatchObject({
      profile: { value: 'production', reason: 'marker: reports' },
      inferred: false,
      settings: { ttlMs: 300_000, swrMs: 60_000 },
    });
  });

  it('has the type of the settings of the runtime', () => {
    const entry: Required<Omit<ProfileEntry, 'extends'>> | undefined = undefined as
      | Required<Settings>
      | undefined; // either way: the same fields
    const settings: Required<Settings> | undefined = entry;
    expect(settings).toBeUndefined();
    const camel = settingOptions.map((name) => displayName(name, 'call'));
    expect(new Set(camel).size).toBe(camel.length);
  });
});

describe('options of the build', () => {
  const base = { namespace: 'shop', sensitiveNames: [], sensitiveFields: [], hotNames: [] };

  it('library: ids and the default namespace carry the name of the package', () => {
    const options = { ...base, library: true };
    const named = plan(marker(target('load'), 'production', [option('name', 'orders/get')]), signature({}), {
      options,
    });
    expect(named.plan).toMatchObject({
      id: '@acme/shop/orders/get',
      settings: { namespace: 'acme-shop.shop' },
    });
    const own = plan(marker(target('load'), 'production', [option('namespace', 'own')]), signature({}), {
      options,
    });
    expect(own.plan?.settings.namespace).toBe('own');
  });

  it('multiTenant: a secure function names its tenant', () => {
    const options = { ...base, multiTenant: true };
    const codes = (of: Marker) =>
      plan(of, signature({ org: string }), { options }).problems.map(({ code }) => code);
    expect(codes(marker(target('load'), 'secure'))).toEqual(['CK1303']);
    expect(codes(marker(target('load'), 'secure', [option('tenant', '$org')]))).toEqual([]);
    expect(codes(marker(target('load'), 'production'))).toEqual([]);
    const code: OptionValue = { kind: 'code', text: 'f', range: { start: 0, end: 1 } };
    expect(codes(marker(target('load'), 'secure', [option('tenant', code)], 'call'))).toEqual([]);
  });
});
