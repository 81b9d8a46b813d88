import { describe, expect, it } from 'vitest';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { checkSite } from '../../../transformer/4-check/check-site.ts';
import {
  array,
  date,
  marker,
  number,
  object,
  option,
  planned,
  signature,
  string,
  target,
} from '../3-plan/ir.ts';

const primitive = (name: 'bigint' | 'undefined' | 'boolean'): TypeShape => ({ kind: 'primitive', name });
const bytes = (type: 'Uint8Array' | 'Buffer' | 'Int8Array'): TypeShape => ({ kind: 'bytes', type });
const map = (key: TypeShape): TypeShape => ({ kind: 'map', key, value: number, readonly: false });
const set: TypeShape = { kind: 'set', element: number, readonly: false };
const url: TypeShape = { kind: 'text', type: 'URL' };
const orUndefined: TypeShape = { kind: 'union', arms: [string, primitive('undefined')] };

const interop = [option('interop', 'get_user'), option('namespace', 'users')];

const ID = {
  names: ['id'],
  pattern: false,
  rest: false,
  default: 'none',
  range: { start: 0, end: 2 },
} as const;

/** What is said of places, without code and range. */
function said(taken: TypeShape, result: TypeShape, options = interop): readonly string[] {
  const plan = planned(
    marker(target('load', { params: [ID] }), 'production', options),
    signature({ id: taken }, result),
  );
  return checkSite(plan, { strictNullChecks: true, earlier: [] }).flatMap(({ code, message }) =>
    code === 'CK1119' ? [message] : [],
  );
}

describe('a function with interop', () => {
  it.each<[string, TypeShape]>([
    ['numbers', number],
    ['bigints', primitive('bigint')],
    ['Dates', date],
    ['bytes', bytes('Uint8Array')],
    ['Buffers', bytes('Buffer')],
    ['Sets', set],
    ['Maps by text', map(string)],
    ['objects of these', object({ at: date, list: array(number) })],
  ])('takes %s', (_what, shape) => {
    expect(said(shape, number)).toEqual([]);
  });

  it.each<[string, TypeShape]>([
    ['undefined', orUndefined],
    ['Map', map(number)],
    ['URL', object({ at: url })],
    ['Int8Array', array(bytes('Int8Array'))],
  ])('does not take %s', (what, shape) => {
    const found = said(shape, number);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
    expect(found[0]).toContain("parameter 'id");
  });

  it.each<[string, TypeShape]>([
    ['Dates', object({ at: date })],
    ['bytes', bytes('Uint8Array')],
    ['lists of objects', array(object({ name: string }))],
  ])('gives %s', (_what, shape) => {
    expect(said(number, shape)).toEqual([]);
  });

  it.each<[string, TypeShape]>([
    ['bigint', object({ total: primitive('bigint') })],
    ['Map', map(string)],
    ['Set', array(set)],
    ['Buffer', bytes('Buffer')],
    ['undefined', orUndefined],
    ['URL', url],
  ])('does not give %s', (what, shape) => {
    const found = said(number, shape);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
    expect(found[0]).toContain('result');
  });

  it('is free in what it has without it', () => {
    expect(said(map(number), set, [])).toEqual([]);
  });
});
