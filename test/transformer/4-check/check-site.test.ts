import { describe, expect, it } from 'vitest';
import type { Marker, Option, Target } from '../../../transformer/1-scan/marker.ts';
import type {
  SignatureShape,
  TypeShape,
  UnsupportedReason,
} from '../../../transformer/2-shape/type-shape.ts';
import type { CachePlan } from '../../../transformer/3-plan/cache-plan.ts';
import { checkSite } from '../../../transformer/4-check/check-site.ts';
import type { CheckContext } from '../../../transformer/4-check/rule.ts';
import {
  array,
  date,
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

const sound: CheckContext = { strictNullChecks: true, earlier: [] };

interface Site {
  readonly target?: Partial<Target>;
  readonly types?: SignatureShape;
  readonly profile?: string | undefined;
  readonly options?: readonly Option[];
  readonly kind?: Marker['kind'];
  readonly name?: string;
}

function planOf(site: Site): CachePlan {
  const of = target(site.name ?? 'report', site.target);
  const profile = 'profile' in site ? site.profile : 'production';
  return planned(marker(of, profile, site.options, site.kind), site.types ?? signature({ id: number }));
}

const check = (site: Site, context = sound) => checkSite(planOf(site), context);
const codes = (site: Site, context = sound) => check(site, context).map((one) => one.code);
const returning = (result: TypeShape) => ({ types: signature({ id: number }, result) });
const taking = (bound: Readonly<Record<string, TypeShape>>) => ({ types: signature(bound) });

describe('a sound site', () => {
  it('has no findings', () => {
    expect(check(returning(object({ id: number, tags: array(string) })))).toEqual([]);
  });
});

describe('result', () => {
  it('an object of many functions is one finding, which counts them', () => {
    const methods = (names: string[]): TypeShape =>
      object(Object.fromEntries(names.map((name) => [name, unsupported('function')])));
    const found = check(
      returning(object({ few: methods(['a', 'b', 'c']), query: methods(['e', 'f', 'g', 'h', 'i']) })),
    );
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'CK1106 Path .few.a is a function and would be lost.',
      'CK1106 Path .few.b is a function and would be lost.',
      'CK1106 Path .few.c is a function and would be lost.',
      'CK1106 Path .query.e is a function and would be lost, and so are 4 others of its object.',
    ]);
  });

  it('one class in many places is one finding, as is `any`', () => {
    const places = (names: string[], shape: TypeShape): TypeShape =>
      object(Object.fromEntries(names.map((name) => [name, shape])));
    const found = check(
      returning(
        object({
          headers: places(['a', 'b', 'c', 'd'], unsupported('class', 'Headers')),
          config: places(['e', 'f', 'g'], unsupported('class', 'Config')),
          some: places(['h', 'i', 'j', 'k', 'l'], { kind: 'any' }),
        }),
      ),
    );
    expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'CK1108 Path .headers.a is class Headers, and so are 3 other paths; methods and private state do not survive.',
      'CK1108 Path .config.e is class Config; methods and private state do not survive.',
      'CK1108 Path .config.f is class Config; methods and private state do not survive.',
      'CK1108 Path .config.g is class Config; methods and private state do not survive.',
      'CK2006 Path .some.h is any or unknown, and so are 4 other paths; their values are checked and encoded at run time.',
      'CK3007 Serializer auto chosen: any at .some.h.',
    ]);
  });

  it.each<[UnsupportedReason, string]>([
    ['void', 'CK1103'],
    ['never', 'CK1104'],
    ['any', 'CK1105'],
    ['object-keyword', 'CK1105'],
    ['iterator', 'CK1102'],
    ['function', 'CK1106'],
    ['symbol', 'CK1107'],
    ['weak', 'CK1107'],
    ['promise', 'CK1107'],
    ['built-in', 'CK1107'],
    ['class', 'CK1108'],
    ['stream', 'CK1109'],
    ['http', 'CK1110'],
    ['error', 'CK1111'],
    ['unresolved', 'CK1113'],
    ['this', 'CK1114'],
    ['type-parameter', 'CK1117'],
    ['too-deep', 'CK1118'],
  ])('%s as a whole is %s', (reason, code) => {
    expect(codes(returning(unsupported(reason)))).toEqual([code]);
  });

  it.each<[UnsupportedReason, string]>([
    ['void', 'CK1107'],
    ['never', 'CK1107'],
    ['any', 'CK1107'],
    ['object-keyword', 'CK1107'],
    ['iterator', 'CK1109'],
    ['function', 'CK1106'],
    ['symbol', 'CK1107'],
    ['weak', 'CK1107'],
    ['promise', 'CK1107'],
    ['built-in', 'CK1107'],
    ['class', 'CK1108'],
    ['stream', 'CK1109'],
    ['http', 'CK1110'],
    ['error', 'CK1111'],
    ['unresolved', 'CK1113'],
    ['this', 'CK1114'],
    ['type-parameter', 'CK1117'],
    ['too-deep', 'CK1118'],
  ])('%s inside is %s', (reason, code) => {
    expect(codes(returning(object({ a: array(unsupported(reason)) })))).toEqual([code]);
  });

  it('names path and type', () => {
    const [one] = check(returning(object({ owner: unsupported('class', 'User') })));
    expect(one).toMatchObject({
      severity: 'error',
      message: 'Path .owner is class User; methods and private state do not survive.',
      file: '/app/src/orders.ts',
      range: { start: 40, end: 50 },
    });
  });

  it('points at the name of the function when there is no annotation', () => {
    const [one] = check({ ...returning(unsupported('http')), target: { returnTypeRange: undefined } });
    expect(one?.range).toEqual({ start: 30, end: 34 });
  });

  it('says where symbol keys are', () => {
    const shape = object({ item: object({ '[symbol]': unsupported('symbol', 'Tagged') }) });
    expect(check(returning(shape))[0]?.message).toBe(
      'Path .item is Tagged, whose symbol keys no serializer keeps.',
    );
  });

  it('reports every place, not the first one', () => {
    const shape = object({
      a: unsupported('function'),
      b: union(string, unsupported('class', 'User')),
      c: array(unsupported('stream', 'Readable')),
    });
    expect(check(returning(shape)).map((one) => one.message)).toEqual([
      'Path .a is a function and would be lost.',
      'Path .b is class User; methods and private state do not survive.',
      'Path .c[]: Readable can be consumed once.',
    ]);
  });

  it('treats an arm of the result as a part of it', () => {
    expect(codes(returning(union(string, unsupported('error', 'TypeError'))))).toEqual(['CK1111']);
    expect(codes(returning(union(string, nothing)))).toEqual(['CK2017']);
  });

  it('of nothing but undefined is nothing to cache', () => {
    expect(codes(returning(nothing))).toEqual(['CK1103']);
  });

  it('of a recursive type is checked once', () => {
    const refs = [object({ run: unsupported('function'), next: union({ kind: 'ref', id: 0 }, nothing) })];
    expect(codes({ types: signature({}, { kind: 'ref', id: 0 }, { refs }) })).toEqual(['CK1106']);
  });

  it('with nested any is a warning, and auto', () => {
    expect(codes(returning(object({ meta: { kind: 'any' } })))).toEqual(['CK2006', 'CK3007']);
  });

  it('with a data class is a warning', () => {
    const point: TypeShape = { kind: 'object', properties: [], name: 'Point', dataClass: true };
    const [one] = check(returning(object({ at: point })));
    expect(one).toMatchObject({ code: 'CK2021', severity: 'warning' });
    expect(one?.message).toContain('Path .at is class Point (data only)');
  });

  it('that needs auto says so once, unless the marker does', () => {
    const types = signature({}, object({ a: date, b: date }));
    expect(check({ types }).map((one) => one.message)).toEqual(['Serializer auto chosen: Date at .a.']);
    expect(codes({ types, options: [option('serializer', 'auto')] })).toEqual([]);
  });
});

describe('function', () => {
  it('that is a generator is one finding', () => {
    const types = signature({}, unsupported('iterator', 'AsyncGenerator<number>'));
    expect(codes({ target: { generator: true }, types })).toEqual(['CK1102']);
  });

  it.each(['getter', 'setter', 'constructor'] as const)('that is a %s cannot be cached', (form) => {
    expect(codes({ target: { form } })).toEqual(['CK1115']);
  });

  it('that narrows a type cannot be cached', () => {
    expect(codes({ types: signature({}, number, { predicate: true }) })).toEqual(['CK1116']);
  });

  it('that reads arguments cannot be cached', () => {
    expect(codes({ target: { usesArguments: true } })).toEqual(['CK1207']);
  });

  it('that is synchronous says which tiers it has', () => {
    const types = signature({}, number, { returnsPromise: false });
    expect(check({ target: { async: false }, types, name: 'calc' })).toMatchObject([
      { code: 'CK3011', severity: 'info', message: 'calc is synchronous: memory and embedded store only.' },
    ]);
  });
});

describe('parameters', () => {
  it.each<[UnsupportedReason, string]>([
    ['function', 'function'],
    ['symbol', 'symbol'],
    ['class', 'class T'],
    ['stream', 'T'],
    ['http', 'T'],
    ['weak', 'T'],
    ['any', 'T'],
    ['type-parameter', 'T'],
    ['iterator', 'T'],
  ])('of kind %s cannot enter the key', (reason, what) => {
    const [one, ...others] = check(taking({ cb: unsupported(reason, 'T') }));
    expect(one).toMatchObject({
      code: 'CK1201',
      message: `Parameter 'cb' (${what}) cannot enter the key.`,
    });
    expect(others).toEqual([]);
  });

  it('are looked into', () => {
    const opts = object({ page: number, on: object({ done: unsupported('function') }) });
    expect(check(taking({ opts }))[0]?.message).toBe(
      "Parameter 'opts.on.done' (function) cannot enter the key.",
    );
  });

  it('of a data class cannot enter the key: an instance is not the object literal', () => {
    const point: TypeShape = { kind: 'object', properties: [], name: 'Point', dataClass: true };
    expect(codes(taking({ at: point }))).toEqual(['CK1201']);
  });

  it('of type any cannot, any inside can', () => {
    expect(codes(taking({ x: { kind: 'any' } }))).toEqual(['CK1201']);
    expect(codes(taking({ x: object({ meta: { kind: 'any' } }) }))).toEqual([]);
  });

  it('that are left out are not looked at', () => {
    const types = signature({ id: number, log: unsupported('function') });
    expect(codes({ types, options: [option('ignore', 'log')] })).toEqual([]);
    expect(codes({ types, options: [option('key', '$id')] })).toEqual([]);
  });

  it('are not looked at when code makes the key', () => {
    const options = [option('key', { kind: 'code', text: '(id) => id', range: { start: 0, end: 10 } })];
    expect(codes({ ...taking({ log: unsupported('function') }), options, kind: 'call' })).toEqual([]);
  });

  it('with broken types are reported as such', () => {
    expect(codes(taking({ a: unsupported('unresolved', 'Foo') }))).toEqual(['CK1113']);
    expect(codes(taking({ a: unsupported('too-deep', 'Foo') }))).toEqual(['CK1118']);
  });

  it('point at themselves', () => {
    const range = { start: 70, end: 72 };
    const params = [{ names: ['cb'], pattern: false, rest: false, default: 'none' as const, range }];
    expect(check({ ...taking({ cb: unsupported('function') }), target: { params } })[0]?.range).toEqual(
      range,
    );
  });
});

describe('scope', () => {
  const read = (name: string | undefined, start: number) => ({ name, range: { start, end: start + 4 } });

  it.each(['method', 'object-method', 'field-arrow', 'static-method', 'function', 'arrow'] as const)(
    'of a %s must not be read through this',
    (form) => {
      expect(codes({ target: { form, thisReads: [read('repo', 62)] } })).toEqual(['CK1204']);
    },
  );

  it('names each read once', () => {
    const thisReads = [read('repo', 62), read('repo', 70), read(undefined, 75), read('super', 80)];
    expect(check({ target: { form: 'method', thisReads } }).map((one) => one.message)).toEqual([
      "'report' reads this.repo, which is not in the key.",
      "'report' reads `this`, which is not in the key.",
      "'report' reads `super`, which is not in the key.",
    ]);
  });

  const capture = (name: string, reassigned = false) => ({ name, reassigned, range: { start: 63, end: 66 } });

  it('joins the key where it can', () => {
    const types = signature({ id: number }, number, {
      captures: [param('tenant', string), param('o', object({}))],
    });
    const found = check({ target: { captures: [capture('tenant'), capture('o')] }, types });
    expect(found).toMatchObject([{ code: 'CK3002', message: 'Captures joined to key: tenant, o.' }]);
  });

  it('is an error where it cannot', () => {
    const types = signature({ id: number }, number, {
      captures: [param('client', unsupported('class', 'Client')), param('page', number)],
    });
    const captures = [capture('client'), capture('page', true)];
    expect(check({ target: { captures }, types }).map((one) => one.message)).toEqual([
      "Captured 'client' (class Client) can differ per closure.",
      "Captured 'page' is reassigned.",
    ]);
    expect(codes({ target: { captures }, types, options: [option('ignore', 'client,page')] })).toEqual([]);
  });
});

describe('secrets', () => {
  const mail: TypeShape = { ...string, sensitive: 'pii' };
  const types = signature({ id: number }, object({ mail, key: { ...string, sensitive: 'secret' } }));

  it('in the result of a written profile that is not secure are errors, each of them', () => {
    expect(check({ types }).map((one) => one.message)).toEqual([
      "Returns Pii<string> at .mail but profile is 'production'.",
      "Returns Secret<string> at .key but profile is 'production'.",
    ]);
  });

  it('are fine in a secure one, and the choice is said when the compiler made it', () => {
    expect(codes({ types, profile: 'secure' })).toEqual([]);
    expect(check({ types, profile: undefined })).toMatchObject([
      { code: 'CK3001', severity: 'info', message: 'Profile secure chosen: Pii<string> at .mail.' },
    ]);
  });

  it('are not mentioned for the balanced default', () => {
    expect(codes({ profile: undefined })).toEqual([]);
  });
});

describe('build', () => {
  it('without strictNullChecks is an error', () => {
    expect(codes({}, { ...sound, strictNullChecks: false })).toEqual(['CK1405']);
  });

  it.each(['js', 'jsx', 'mjs', 'cjs'])('of a .%s file is a warning', (extension) => {
    const plan = { ...planOf({}), file: `/app/src/orders.${extension}` };
    expect(checkSite(plan, sound).map((one) => one.code)).toEqual(['CK2020']);
  });

  it('with one id twice is an error at the later one', () => {
    const plan = planOf({});
    const other = { ...plan, file: '/app/src/other.ts', name: 'load' };
    expect(checkSite(plan, { ...sound, earlier: [other] }).map((one) => one.message)).toEqual([
      "Two cached functions share id '@acme/shop/src/orders#report'; the other one is 'load' in other.ts.",
    ]);
  });
});
