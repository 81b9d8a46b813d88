// Rules about what the body reads and does, and about names and types of the key, on hand-written plans.
import { describe, expect, it } from 'vitest';
import type { Marker, Option } from '../../../transformer/1-scan/marker.ts';
import type { Effect, EffectKind } from '../../../transformer/2-shape/effect.ts';
import type { SignatureShape, TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { checkSite } from '../../../transformer/4-check/check-site.ts';
import { resolveOptions } from '../../../transformer/options.ts';
import {
  array,
  boolean,
  date,
  literal,
  marker,
  nothing,
  number,
  object,
  option,
  param,
  planned,
  signature,
  string,
  target,
  union,
  unsupported,
} from '../3-plan/ir.ts';

interface Site {
  readonly name?: string;
  readonly profile?: string | undefined;
  readonly options?: readonly Option[];
  readonly kind?: Marker['kind'];
  readonly types?: SignatureShape;
}

const { sensitiveNames } = resolveOptions({}, '').options;
const NOT_ASKED = ['CK3001', 'CK3011'];

function check({ name = 'report', options = [], kind, types = signature({ id: number }), ...rest }: Site) {
  const profile = 'profile' in rest ? rest.profile : 'production';
  const plan = planned(marker(target(name), profile, options, kind), types);
  const context = { strictNullChecks: true, earlier: [], sensitiveNames };
  return checkSite(plan, context).filter(({ code }) => !NOT_ASKED.includes(code));
}

const codes = (site: Site): readonly string[] => check(site).map(({ code }) => code);
const messages = (site: Site): readonly string[] => check(site).map(({ message }) => message);

function effect(kind: EffectKind, text: string, via?: Effect['via']): Effect {
  return { kind, text, range: { start: 62, end: 66 }, ...(via !== undefined && { via }) };
}

const doing = (...effects: readonly Effect[]): SignatureShape =>
  signature({ id: number }, number, { effects });

describe('inputs and side effects', () => {
  it('are one finding of each kind, with what there is', () => {
    const via = { name: 'stamp', place: 'line 3' };
    const types = doing(
      effect('clock', 'Date.now()', via),
      effect('env', 'process.env.A'),
      effect('state', 'rate'),
    );
    expect(messages({ types })).toEqual([
      'Result depends on Date.now() (in stamp, line 3) and stays as it was for the ttl.',
      'Not in the key, but read: process.env.A, rate.',
    ]);
  });

  it('are counted after the first three', () => {
    const types = doing(
      ...['a', 'b', 'c', 'd', 'e'].map((text) => effect('output', text)),
      effect('write', 'n'),
    );
    expect(messages({ types })).toEqual(['On a hit this does not happen: a, b, c and 3 more.']);
  });

  it('name what is changed', () => {
    expect(messages({ types: doing(effect('write', 'n')) })).toEqual([
      'On a hit this does not happen: change of n.',
    ]);
  });

  it('of the request are an error, but where entries stay in the process', () => {
    const types = doing(effect('request', 'cookies()'));
    expect(codes({ types })).toEqual(['CK1305']);
    expect(codes({ types, profile: 'local' })).toEqual([]);
    expect(codes({ types, options: [option('self', 'instance')] })).toEqual([]);
  });
});

describe('key= that leaves something out', () => {
  const reading = (name: string, shape: TypeShape, options: readonly Option[], kind?: Marker['kind']) =>
    messages({
      options,
      ...(kind !== undefined && { kind }),
      types: signature({ id: number, [name]: shape }, number, { effects: [effect('param', name)] }),
    });
  const KEY = [option('key', '$id')];

  it('warns of data that the body reads', () => {
    expect(reading('locale', string, KEY)).toEqual(["'locale' is read here, but key= leaves it out."]);
    expect(reading('locale', string, [option('key', 'const')])).toHaveLength(1);
  });

  it('does not of tools, of what is in it, and of what nobody reads', () => {
    expect(reading('log', object({ info: unsupported('function') }), KEY)).toEqual([]);
    expect(reading('signal', unsupported('built-in', 'AbortSignal'), KEY)).toEqual([]);
    expect(reading('locale', string, [option('key', '$id,$locale')])).toEqual([]);
    expect(reading('query', object({ page: number }), [option('key', '$id,$query.page')])).toEqual([]);
    expect(codes({ options: KEY, types: signature({ id: number, locale: string }) })).toEqual([]);
  });

  it('does of who is asking, tool or not', () => {
    const [byName] = reading('session', unsupported('class', 'Session'), KEY);
    expect(byName).toMatch(/^'session' says who is asking/);
    expect(reading('r', unsupported('class', 'FastifyRequest'), KEY)).toHaveLength(1);
    expect(reading('author', unsupported('class', 'Author'), KEY)).toEqual([]);
    const session = param('session', unsupported('class', 'ClientSession'), { injected: 'ClientSession' });
    const types = { ...signature({ id: number }, number, { effects: [effect('param', 'session')] }) };
    expect(codes({ options: KEY, types: { ...types, bound: [...types.bound, session] } })).toEqual([]);
  });

  it('does not where tenant= names it, without key=, and with a key function', () => {
    expect(reading('user', string, [...KEY, option('tenant', 'org-$user')])).toEqual([]);
    expect(reading('locale', string, [])).toEqual([]);
    expect(reading('locale', string, [option('ignore', 'locale')])).toEqual([]);
    const code = { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } } as const;
    expect(reading('locale', string, [option('key', code)], 'call')).toEqual([]);
  });
});

describe('results', () => {
  const giving = (result: TypeShape, options: readonly Option[] = []) =>
    codes({ types: signature({ id: number }, result), options });
  const maybe = union(string, nothing);

  it('of nothing for long are an info, unless the marker says something about it', () => {
    expect(giving(maybe)).toEqual(['CK2017']);
    expect(giving(union(object({ a: maybe }), literal(true)))).toEqual([]);
    for (const one of [
      option('ttl', '60s'),
      option('cache-null', '30s'),
      option('cache-null', { kind: 'flag', on: false }),
    ])
      expect(giving(maybe, [one])).toEqual([]);
    expect(giving(maybe, [option('ttl', '61s')])).toEqual(['CK2017']);
  });

  it('that stand for a failure are warned of', () => {
    const falling = (text: string, options: readonly Option[] = []) =>
      codes({ types: doing(effect('fallback', text)), options });
    expect(falling('[]')).toEqual(['CK2016']);
    expect(falling('null', [option('cache-null', '30s')])).toEqual([]);
    expect(falling('[]', [option('cache-null', '30s')])).toEqual(['CK2016']);
  });

  it('that are frozen are said to be not, but where they are shared', () => {
    const types = doing(effect('freeze', 'Object.freeze'));
    expect(codes({ types })).toEqual(['CK2008']);
    expect(codes({ types, options: [option('share', { kind: 'flag', on: true })] })).toEqual([]);
  });

  it('that were no promise, or more than one', () => {
    expect(codes({ types: signature({ id: number }, number, { mixed: true }) })).toEqual(['CK2022']);
    expect(messages({ types: signature({ id: number }, number, { thenable: 'Query<string>' }) })).toEqual([
      'It gives Query<string>; cached it gives a Promise, without the other methods.',
    ]);
  });
});

describe('names', () => {
  it.each([
    ['createOrder', ['CK2010']],
    ['send', ['CK2010']],
    ['deleteAll', ['CK2010']],
    ['created', []],
    ['listUpdates', []],
    ['settings', []],
    ['postsOf', []],
  ])('%s', (name, expected) => {
    expect(codes({ name })).toEqual(expected);
  });

  it('a synchronous function computes', () => {
    const plan = planned(
      marker(target('createSlug', { async: false }), 'production'),
      signature({ id: string }, string, { returnsPromise: false }),
    );
    const found = checkSite(plan, { strictNullChecks: true, earlier: [] }).map(({ code }) => code);
    expect(found).toEqual(['CK3011']);
  });

  it('sensitive words in a profile that somebody wrote', () => {
    expect(codes({ name: 'userCard' })).toEqual(['CK2005']);
    expect(codes({ name: 'userCard', profile: 'minimal' })).toEqual(['CK2005']);
    expect(codes({ name: 'userCard', profile: 'secure' })).toEqual([]);
    expect(codes({ name: 'userCard', profile: undefined })).toEqual([]);
    expect(codes({ name: 'userAgent' })).toEqual([]);
  });
});

describe('keys that hardly come twice', () => {
  const keyed = (bound: Readonly<Record<string, TypeShape>>) => messages({ types: signature(bound) });

  it.each([
    ['a date', { until: date }, "'until' is a Date: nearly every call may be a key of its own."],
    [
      'a date inside',
      { range: object({ from: date }) },
      "'range.from' is a Date: nearly every call may be a key of its own.",
    ],
    [
      'a coordinate',
      { lat: number },
      "'lat' is a number with a fraction: nearly every call may be a key of its own.",
    ],
    [
      'a float',
      { x: { ...number, brand: 'float64' } as TypeShape },
      "'x' is a number with a fraction: nearly every call may be a key of its own.",
    ],
  ])('%s', (_what, bound, message) => {
    expect(keyed(bound)).toEqual([message]);
  });

  it('numbers, texts, flags and lists are fine', () => {
    expect(
      keyed({ id: number, flat: number, name: string, all: boolean, ids: array(number), days: array(date) }),
    ).toEqual([]);
  });

  it('a key that says otherwise is taken', () => {
    expect(codes({ options: [option('key', '$id')], types: signature({ id: number, at: date }) })).toEqual(
      [],
    );
  });
});

describe('a key function', () => {
  const code = { kind: 'code', text: '(id) => id', range: { start: 70, end: 80 } } as const;
  const giving = (shape: TypeShape, promise = false) =>
    messages({
      kind: 'call',
      options: [option('key', code)],
      types: signature({ id: number }, number, { keyResult: { shape, promise } }),
    });

  it.each([
    ['text', string],
    ['a list of parts', array(union(string, number, date, nothing))],
    ['any', unsupported('any')],
  ])('may give %s', (_what, shape) => {
    expect(giving(shape)).toEqual([]);
  });

  it('may give neither a promise nor an object', () => {
    expect(giving(string, true)).toEqual(['The key function gives a promise.']);
    expect(giving(object({ id: number }))).toEqual(['The key function gives an object.']);
    expect(giving(array(unsupported('function', '() => void')))).toEqual([
      'The key function gives () => void.',
    ]);
  });
});

it('a parameter with private state is told from other classes', () => {
  const hidden: TypeShape = { kind: 'unsupported', reason: 'class', typeText: 'Money', hidden: true };
  expect(codes({ types: signature({ money: hidden }) })).toEqual(['CK1208']);
  expect(codes({ types: signature({ money: unsupported('class', 'Money') }) })).toEqual(['CK1201']);
});
