// Which settings cannot be together, on which profile, and on which function.
import { describe, expect, it } from 'vitest';
import type { Option, OptionValue } from '../../../transformer/1-scan/marker.ts';
import { date, marker, number, object, option, plan, signature, string, target } from './ir.ts';

const on: OptionValue = { kind: 'flag', on: true };
const off: OptionValue = { kind: 'flag', on: false };
const code: OptionValue = { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } };

const found = (
  options: readonly Option[],
  profile: string | undefined = 'production',
  kind: 'comment' | 'call' = 'comment',
) =>
  plan(marker(target('load'), profile, options, kind), signature({ id: string }))
    .problems.filter(({ code: one }) => one === 'CK1005')
    .map(({ args }) => {
      const { first, second, without } = args as { first: string; second: string; without?: true }; // of CK1005
      return `${first} ${without === true ? 'without' : '+'} ${second}`;
    });

describe('settings that contradict each other', () => {
  it.each<[string, readonly Option[], string | undefined]>([
    ['backend + local', [option('backend', 'slow')], 'local'],
    ['lock + local', [option('lock', on)], 'local'],
    ['compress + local', [option('compress', off)], 'local'],
    ['integrity + local', [option('integrity', 'hmac')], 'local'],
    ['l1 + local', [option('l1', off)], 'local'],
    ['backend + self', [option('self', 'instance'), option('backend', 'slow')], undefined],
    ['l1 + self', [option('self', 'instance'), option('l1', off)], undefined],
    ['l1 + backend', [option('l1', off), option('backend', 'none')], undefined],
    ['lock + backend', [option('lock', on), option('backend', 'none')], undefined],
    ['share + l1', [option('share', on), option('l1', off)], undefined],
    ['share + secure', [option('share', on)], 'secure'],
    ['integrity + secure', [option('integrity', 'hmac')], 'secure'],
    ['soft-timeout without stale-if-error', [option('soft-timeout', '1s')], 'minimal'],
    [
      'refresh-ahead + refresh-ttl-on-get',
      [option('refresh-ttl-on-get', on), option('refresh-ahead', '0.5')],
      undefined,
    ],
  ])('%s', (pair, options, profile) => {
    expect(found(options, profile)).toEqual([pair]);
  });

  it.each<[string, readonly Option[], string]>([
    ['no backend on local', [option('backend', 'none')], 'local'],
    ['soft-timeout on production, which serves old values', [option('soft-timeout', '1s')], 'production'],
    [
      'soft-timeout beside stale-if-error',
      [option('soft-timeout', '1s'), option('stale-if-error', '1h')],
      'minimal',
    ],
    [
      'saying that nothing runs ahead',
      [option('refresh-ttl-on-get', on), option('refresh-ahead', off)],
      'production',
    ],
    ['share elsewhere', [option('share', on)], 'production'],
    ['compress on secure, which the marker may ask for', [option('compress', on)], 'secure'],
  ])('%s is fine', (_, options, profile) => {
    expect(found(options, profile)).toEqual([]);
  });

  it('are pointed at where they stand', () => {
    const { problems } = plan(marker(target('load'), 'local', [option('backend', 'slow')]), signature({}));
    expect(problems).toMatchObject([{ code: 'CK1005', range: { start: 10, end: 34 } }]);
  });

  it('have the names of code in code', () => {
    expect(found([option('soft-timeout', '1s')], 'minimal', 'call')).toEqual([
      'softTimeout without staleIfError',
    ]);
  });
});

describe('interop', () => {
  const interop = [option('interop', 'get-report'), option('namespace', 'reports')];

  it('needs a namespace that is written', () => {
    expect(found([option('interop', 'get-report')])).toEqual(['interop without namespace']);
    expect(found(interop)).toEqual([]);
  });

  it.each(['ns', 'nsapi', '-reports', 'a..b'])('does not go with the namespace %s', (namespace) => {
    const options = [option('interop', 'get-report'), option('namespace', namespace)];
    expect(found(options)).toEqual([`interop + namespace=${namespace}`]);
  });

  it.each(['key', 'ignore', 'tags', 'tenant', 'version', 'compress', 'integrity'])('excludes %s', (name) => {
    const values: Record<string, string | OptionValue> = {
      key: '$id',
      ignore: 'id',
      tenant: '$id',
      version: '3',
      compress: off,
      integrity: 'hmac',
      tags: 'reports',
    };
    expect(found([...interop, option(name, values[name] ?? 'x')])).toEqual([`interop + ${name}`]);
  });

  it('excludes functions in code as well', () => {
    expect(found([...interop, option('key', code)], 'production', 'call')).toEqual(['interop + key']);
  });

  it('excludes serializers that only we have', () => {
    expect(found([...interop, option('serializer', 'std')])).toEqual([]);
    expect(found([...interop, option('serializer', 'auto')])).toEqual(['interop + serializer']);
  });

  it('excludes captured values: other languages make the key of the arguments', () => {
    const types = signature({ id: string }, number, {
      captures: [{ name: 'tenant', shape: string, optional: false, rest: false }],
    });
    const { problems } = plan(marker(target('load'), 'production', interop), types);
    expect(problems).toMatchObject([{ code: 'CK1005', args: { second: 'captured variables' } }]);
  });

  it('has the one format that every language reads; what does not fit has a rule of its own', () => {
    const of = marker(target('load'), 'production', interop);
    expect(plan(of, signature({ id: string })).plan?.serializer).toEqual({ value: 'std', reason: 'interop' });
    expect(plan(of, signature({ id: string }, object({ at: date }))).problems).toEqual([]);
  });
});

describe('a synchronous function', () => {
  const sync = signature({ id: string }, number, { returnsPromise: false });
  const codes = (options: readonly Option[]) =>
    plan(marker(target('calc', { async: false }), 'production', options), sync).problems.map(
      ({ code: one, args }) => `${one} ${'option' in args ? args.option : ''}`,
    );

  it.each<[string, string | OptionValue]>([
    ['swr', '1m'],
    ['soft-timeout', '1s'],
    ['refresh-ahead', '0.5'],
    ['lock', on],
    ['tenant', '$id'],
  ])('cannot have %s', (name, value) => {
    expect(codes([option(name, value)])).toEqual([`CK1101 ${name}`]);
  });

  it('can have stale-if-error, for which nobody waits', () => {
    expect(codes([option('stale-if-error', '1h')])).toEqual([]);
  });

  it('may say that it has none of them', () => {
    expect(codes([option('lock', off), option('refresh-ahead', off), option('ttl', '5m')])).toEqual([]);
  });

  it('takes of a build profile what it can', () => {
    const profiles = {
      reports: { base: 'production', settings: { ttlMs: 1000, swrMs: 1000, lock: true } },
    } as const;
    const options = { namespace: undefined, sensitiveNames: [], sensitiveFields: [], hotNames: [], profiles };
    const of = marker(target('calc', { async: false }), 'reports');
    expect(plan(of, sync, { options })).toMatchObject({ plan: { settings: { ttlMs: 1000 } }, problems: [] });
    expect(Object.keys(plan(of, sync, { options }).plan?.settings ?? {})).toEqual(['ttlMs']);
  });
});
