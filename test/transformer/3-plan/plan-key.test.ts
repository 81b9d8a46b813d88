import { describe, expect, it } from 'vitest';
import type { ParamShape, SignatureShape, TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { planKey } from '../../../transformer/3-plan/plan-key.ts';
import {
  array,
  boolean,
  literal,
  nothing,
  number,
  object,
  param,
  propertiesOf,
  signature,
  string,
  target,
  union,
} from './ir.ts';

const list = (text: string) => ({
  items: text.split(',').map((item) => ({ text: item, range: { start: 0, end: item.length } })),
  range: { start: 0, end: text.length },
});

const plan = (types: SignatureShape, options: { key?: string; ignore?: string } = {}) =>
  planKey({
    target: target('load'),
    signature: types,
    key: options.key === undefined ? undefined : list(options.key),
    ignore: options.ignore === undefined ? undefined : list(options.ignore),
  });
const texts = (types: SignatureShape, options: { key?: string; ignore?: string } = {}) =>
  plan(types, options).key.parts.map((part) => part.text);
const problems = (types: SignatureShape, options: { key?: string; ignore?: string }) =>
  plan(types, options).problems.map(({ code, args }) => ({ code, ...args }));

const query = object({ userId: string, page: number, deep: object({ x: number }) }, ['page', 'deep']);

describe('what enters the key', () => {
  it('is every parameter, in order', () => {
    const { key } = plan(signature({ id: number, name: string }));
    expect(key).toMatchObject({ identity: true, index: 2, bucket: undefined, reason: 'all parameters' });
    expect(key.parts.map((part) => [part.text, part.source])).toEqual([
      ['id', 'parameter'],
      ['name', 'parameter'],
    ]);
  });

  it('is nothing for a function without parameters', () => {
    expect(plan(signature({})).key).toMatchObject({ parts: [], identity: true, index: 0 });
  });

  it('leaves out what is ignored', () => {
    const { key } = plan(signature({ id: number, log: string }), { ignore: 'log' });
    expect(key).toMatchObject({ identity: false, index: 1, reason: 'all parameters except log' });
    expect(key.parts).toHaveLength(1);
  });

  it('is the paths of key=, read with optional chaining', () => {
    const types = signature({ id: number, q: query });
    expect(texts(types, { key: '$id,$q.deep.x' })).toEqual(['id', 'q?.deep?.x']);
    expect(plan(types, { key: '$id,$q.deep.x' }).key).toMatchObject({
      identity: false,
      index: 2,
      reason: 'key=',
    });
    expect(texts(types, { key: '$q?.userId' })).toEqual(['q?.userId']);
  });

  it('knows that a path through an optional property can be undefined', () => {
    const [part] = plan(signature({ q: query }), { key: '$q.deep.x' }).key.parts;
    expect(part).toMatchObject({ label: 'q.deep.x', source: 'path', shape: union(number, nothing) });
  });

  it('knows that an optional parameter can be undefined, and a rest parameter cannot', () => {
    const types = signature({}, number, {
      bound: [
        param('id', number, { optional: true }),
        param('rest', array(number), { rest: true, optional: true }),
      ],
    });
    expect(plan(types).key.parts.map((part) => part.shape)).toEqual([union(number, nothing), array(number)]);
  });

  it('reads paths through unions, records and recursive types', () => {
    const refs = [object({ v: number, next: union({ kind: 'ref', id: 0 }, nothing) })];
    const record: TypeShape = {
      kind: 'record',
      value: number,
      properties: propertiesOf({}),
      readonly: false,
    };
    const types = signature(
      {
        either: union(object({ a: number }), object({ b: string })),
        map: record,
        tree: { kind: 'ref', id: 0 },
      },
      number,
      { refs },
    );
    const { key, problems: found } = plan(types, { key: '$either.a,$map.x,$tree.next.v' });
    expect(found).toEqual([]);
    expect(key.parts.map((part) => part.shape)).toEqual([
      union(number, nothing),
      union(number, nothing),
      union(number, nothing),
    ]);
  });

  it('takes one path once', () => {
    expect(texts(signature({ id: number }), { key: '$id,$id' })).toEqual(['id']);
  });

  it('is nothing with key=const, and that is no problem', () => {
    const { key, problems: found } = plan(signature({ id: number }), { key: 'const' });
    expect(key).toMatchObject({ parts: [], index: 0, identity: false });
    expect(found).toEqual([]);
  });

  it('has captures at its end, also behind key=', () => {
    const types = signature({ id: number, q: query }, number, { captures: [param('tenant', string)] });
    expect(texts(types)).toEqual(['id', 'q', 'tenant']);
    expect(plan(types).key).toMatchObject({ identity: true, reason: 'all parameters, and captured values' });
    expect(texts(types, { key: '$id' })).toEqual(['id', 'tenant']);
    expect(texts(types, { ignore: 'tenant' })).toEqual(['id', 'q']);
  });
});

describe('problems of key= and ignore=', () => {
  const types = signature({ id: number, opts: object({ page: number }) });

  it('names an unknown parameter and the nearest one', () => {
    expect(problems(types, { key: '$idd' })).toEqual([
      { code: 'CK1011', path: '$idd', signature: 'load(id, opts)', suggestion: '$id' },
    ]);
    expect(problems(types, { ignore: 'opt' })).toMatchObject([
      { code: 'CK1011', path: 'opt', suggestion: 'opts' },
    ]);
  });

  it('names an unknown property and the nearest path', () => {
    expect(problems(types, { key: '$opts.pag' })).toMatchObject([
      { code: 'CK1011', suggestion: '$opts.page' },
    ]);
    expect(problems(types, { key: '$id.x' })).toMatchObject([{ code: 'CK1011', suggestion: undefined }]);
  });

  it.each(['id', '$', '$opts[0]', '$opts.page()', '$this.x', ''])('refuses %j', (path) => {
    expect(problems(types, { key: path })).toMatchObject([{ code: 'CK1011', path }]);
  });

  it.each([
    ["$opts['page']", { suggestion: '$opts.page', malformed: true }],
    ['$opts?.["page"]', { suggestion: '$opts.page', malformed: true }],
    ["$opts['pag']", { suggestion: '$opts.page', missing: { owner: 'opts', step: 'pag' } }],
    ["$opts['a-b']", { suggestion: undefined, malformed: true }],
    ['$opts.page()', { suggestion: undefined, malformed: true }],
    ["$opt['page']", { suggestion: '$opts', malformed: undefined }],
  ])('says of %j what to write instead', (path, args) => {
    expect(problems(types, { key: path })).toMatchObject([{ code: 'CK1011', path, ...args }]);
  });

  it('suggests the dollar sign', () => {
    expect(problems(types, { key: 'id' })).toMatchObject([{ suggestion: '$id' }]);
  });

  it('refuses key= and ignore= together', () => {
    expect(problems(types, { key: '$id', ignore: 'id' })).toEqual([{ code: 'CK1202', name: 'id' }]);
    expect(problems(types, { key: '$id', ignore: 'opts' })).toEqual([{ code: 'CK1202', name: undefined }]);
  });

  it('lets ignore= name a capture beside key=', () => {
    const captured = signature({ id: number }, number, { captures: [param('db', string)] });
    expect(problems(captured, { key: '$id', ignore: 'db' })).toEqual([]);
  });

  it('refuses to ignore everything', () => {
    expect(problems(types, { ignore: 'id,opts' })).toEqual([{ code: 'CK1203' }]);
  });
});

describe('index', () => {
  const index = (...shapes: readonly TypeShape[]) => {
    const bound = shapes.map((shape, i): ParamShape => param(`p${i}`, shape));
    return plan(signature({}, number, { bound })).key.index;
  };

  it.each([
    ['a number', number],
    ['a nullable string', union(string, { kind: 'primitive', name: 'null' })],
    ['literals', union(literal('a'), literal(1), boolean)],
    ['a bigint', { kind: 'primitive', name: 'bigint' } as const],
    ['a branded string', { ...string, brand: 'UserId' }],
  ])('is 1 for %s', (_, shape) => {
    expect(index(shape)).toBe(1);
  });

  it('is 2 for two primitives and n for three', () => {
    expect(index(number, string)).toBe(2);
    expect(index(number, string, number)).toBe('n');
  });

  it('is n for anything that is no primitive', () => {
    expect(index(array(number))).toBe('n');
    expect(index(union(number, array(number)))).toBe('n');
  });
});

describe('bucket', () => {
  const bucket = (bound: Readonly<Record<string, TypeShape>>) => plan(signature(bound)).key.bucket;

  it.each<[string, string | undefined, Readonly<Record<string, TypeShape>>]>([
    ['an id before a number before a string', 'userId', { text: string, page: number, userId: string }],
    ['a number before a string', 'page', { text: string, page: number, list: array(number) }],
    ['a property, when no parameter is a primitive', 'q?.userId', { q: query }],
    ['a parameter before a better property', 'text', { q: query, text: string }],
    ['a property before a flag', 'q?.userId', { q: query, deep: boolean }],
    ['a flag, when there is nothing else', 'deep', { list: array(number), deep: boolean }],
    ['a property with an odd name', 'q?.["user-id"]', { q: object({ 'user-id': string }) }],
    ['a property of a nullable object', 'q?.userId', { q: union(query, nothing) }],
    ['nothing, when there is no primitive', undefined, { list: array(number) }],
    [
      'no name at all that is only a set of literals',
      'n',
      { key: union(literal('a'), literal('b')), n: number, l: array(number) },
    ],
  ])('is %s', (_, expected, bound) => {
    expect(bucket(bound)).toBe(expected);
  });
});
