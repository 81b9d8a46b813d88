import { describe, expect, it } from 'vitest';
import type { Marker, Option } from '../../../transformer/1-scan/marker.ts';
import { keyFunctionOf, parseSettings } from '../../../transformer/3-plan/parse-settings.ts';
import { marker, option, target } from './ir.ts';

const parse = (options: readonly Option[], profile?: string, kind?: Marker['kind']) =>
  parseSettings(marker(target('load'), profile, options, kind));
const problems = (options: readonly Option[], profile?: string, kind?: Marker['kind']) =>
  parse(options, profile, kind).problems.map(({ code, args }) => ({ code, ...args }));

describe('options of a marker', () => {
  it('are parsed with units', () => {
    const { settings, problems: found } = parse(
      [
        option('ttl', '5m'),
        option('namespace', 'reports'),
        option('version', '3'),
        option('backend', 'slow'),
        option('serializer', 'auto'),
        option('name', 'orders/get'),
        option('key', { kind: 'list', items: ['$id', '$opts.page'] }),
      ],
      'production',
    );
    expect(found).toEqual([]);
    expect(settings).toMatchObject({
      profile: 'production',
      name: 'orders/get',
      serializer: 'auto',
      settings: { ttlMs: 300_000, namespace: 'reports', version: '3', backend: 'slow', serializer: 'auto' },
    });
    expect(settings.key?.items.map((item) => item.text)).toEqual(['$id', '$opts.page']);
  });

  it('say nothing that was not written', () => {
    expect(parse([]).settings.settings).toEqual({});
  });

  it('take numbers in code: a bare ttl is seconds', () => {
    const options = [
      option('ttl', { kind: 'number', value: 30 }),
      option('version', { kind: 'number', value: 3 }),
    ];
    expect(parse(options, undefined, 'call').settings.settings).toEqual({ ttlMs: 30_000, version: '3' });
  });

  it('know the place of each item of a list', () => {
    const { key } = parse([option('key', '$id,$opts.page')]).settings;
    expect(key?.items).toEqual([
      { text: '$id', range: { start: 30, end: 33 } },
      { text: '$opts.page', range: { start: 34, end: 44 } },
    ]);
  });
});

describe('problems of options', () => {
  it('suggests the profile that was meant and edits just its name', () => {
    const [finding] = parse([], 'prodction').problems;
    expect(finding).toMatchObject({
      code: 'CK1001',
      args: { name: 'prodction', suggestion: 'production' },
      fixes: [{ edits: [{ start: 7, end: 16, text: 'production' }] }],
    });
  });

  it.each(['default', 'Production', 'constructor', ''])('refuses the profile %j', (profile) => {
    expect(problems([], profile)).toMatchObject([{ code: 'CK1001', name: profile }]);
  });

  it('suggests the option that was meant and renames it', () => {
    const [finding] = parse([option('tll', '5m')]).problems;
    expect(finding).toMatchObject({
      code: 'CK1002',
      args: { name: 'tll', suggestion: 'ttl' },
      fixes: [{ edits: [{ start: 10, end: 13, text: 'ttl' }] }],
    });
  });

  it.each(['stale', 'l2', 'timeout', 'isolate', 'params', 'batch', 'staleIfError', 'TTL', 'constructor'])(
    'refuses %s: what does nothing is never accepted in silence',
    (name) => {
      expect(problems([option(name, 'x')])).toMatchObject([{ code: 'CK1002', name }]);
    },
  );

  it('shows options of code in camel case', () => {
    expect(problems([option('max-sise', '1mb')], undefined, 'call')).toMatchObject([
      { code: 'CK1002', name: 'maxSise', suggestion: 'maxSize' },
    ]);
  });

  it('leaves options of code that only the runtime reads to the runtime', () => {
    const options = [
      option('max-size', '1mb'),
      option('jitter', { kind: 'number', value: 0.2 }),
      option('backend', { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } }),
      option('key', { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } }),
    ];
    expect(problems(options, undefined, 'call')).toEqual([]);
    expect(keyFunctionOf(marker(target('f'), undefined, options, 'call'))?.text).toBe('(id) => id');
  });

  it.each([
    ['ttl', '0'],
    ['ttl', '5 minutes'],
    ['serializer', 'jason'],
    ['serializer', 'a b'],
    ['backend', 'redis://host'],
    ['version', ' '],
    ['name', 'a\nb'],
  ])('refuses %s=%s', (name, value) => {
    expect(problems([option(name, value)])).toMatchObject([{ code: 'CK1003', option: name, got: value }]);
  });

  it('refuses a bare or negated option that needs a value', () => {
    expect(problems([option('ttl', { kind: 'flag', on: true })])).toMatchObject([
      { code: 'CK1003', got: '' },
    ]);
    expect(problems([option('ttl', { kind: 'flag', on: false })])).toMatchObject([
      { code: 'CK1003', got: '!ttl' },
    ]);
  });

  it('refuses a namespace that keys do not allow, and offers one', () => {
    const [finding] = parse([option('namespace', 'My Users')]).problems;
    expect(finding).toMatchObject({ code: 'CK1020', fixes: [{ edits: [{ text: 'my-users' }] }] });
  });

  it('refuses what the build needs and cannot see', () => {
    expect(
      problems(
        [option('swr', { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } })],
        undefined,
        'call',
      ),
    ).toMatchObject([{ code: 'CK1018' }]);
    expect(problems([option('name', { kind: 'dynamic', text: 'NAME' })], undefined, 'call')).toEqual([
      { code: 'CK1018', option: 'name', what: "the computed 'NAME'" },
    ]);
  });

  it('refuses a key in code that is no function', () => {
    expect(problems([option('key', '$id')], undefined, 'call')).toMatchObject([
      { code: 'CK1003', option: 'key' },
    ]);
  });

  it('reports every wrong option, and keeps the right ones', () => {
    const result = parse([option('tll', '5m'), option('ttl', 'x'), option('namespace', 'ok')]);
    expect(result.problems.map((problem) => problem.code)).toEqual(['CK1002', 'CK1003']);
    expect(result.settings.settings).toEqual({ namespace: 'ok' });
  });
});
