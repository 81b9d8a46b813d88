import { describe, expect, it } from 'vitest';
import { chooseSerializer } from '../../../transformer/3-plan/choose-serializer.ts';
import { array, date, nothing, number, object, propertiesOf, string, union } from './ir.ts';

const bigint = { kind: 'primitive', name: 'bigint' } as const;
const map = { kind: 'map', key: string, value: number, readonly: false } as const;
const record = {
  kind: 'record',
  value: number,
  properties: propertiesOf({ total: number }),
  readonly: false,
} as const;

describe('serializer of a result', () => {
  it.each([
    ['a number', number],
    ['an object', object({ a: string, b: array(number) }, ['b'])],
    ['a record', record],
    ['bytes', { kind: 'bytes', type: 'Uint8Array' } as const],
    ['a Buffer', { kind: 'bytes', type: 'Buffer' } as const],
    ['an object or undefined', union(object({ a: number }), nothing)],
    ['an optional field', object({ a: union(string, nothing) })],
  ])('is std for %s', (_, shape) => {
    expect(chooseSerializer(undefined, shape, []).serializer.value).toBe('std');
  });

  it.each([
    ['Date at .createdAt', object({ createdAt: date })],
    ['Map at .rows', object({ rows: map })],
    ['Set at .tags', object({ tags: { kind: 'set', element: string, readonly: false } as const })],
    ['bigint as the result', bigint],
    ['bigint at .n', object({ n: { kind: 'literal', value: { bigint: '1' } } as const })],
    ['Float32Array at .v', object({ v: { kind: 'bytes', type: 'Float32Array' } as const })],
    ['any at .meta', object({ meta: { kind: 'any' } as const })],
    ['undefined in a collection at []', array(union(number, nothing))],
  ])('is auto because of %s', (reason, shape) => {
    expect(chooseSerializer(undefined, shape, []).serializer).toEqual({ value: 'auto', reason });
  });

  it('looks into recursive types, once', () => {
    const refs = [object({ at: date, next: union({ kind: 'ref', id: 0 }, nothing) })];
    expect(chooseSerializer(undefined, { kind: 'ref', id: 0 }, refs).serializer).toEqual({
      value: 'auto',
      reason: 'Date at .at',
    });
  });

  it('is arrow for tables only', () => {
    expect(chooseSerializer('arrow', object({ a: number }), [])).toEqual({
      serializer: { value: 'arrow', reason: 'marker' },
      loss: { what: 'anything but a table of apache-arrow', path: '' },
    });
  });

  it('is the written one, with what it would lose', () => {
    const shape = object({ createdAt: date });
    expect(chooseSerializer('json', shape, [])).toEqual({
      serializer: { value: 'json', reason: 'marker' },
      loss: { what: 'Date', path: '.createdAt' },
    });
    expect(chooseSerializer('std', shape, []).loss).toEqual({ what: 'Date', path: '.createdAt' });
    expect(chooseSerializer('auto', shape, []).loss).toBeUndefined();
    expect(chooseSerializer('json', object({ a: string }), []).loss).toBeUndefined();
  });

  it('knows that JSON has no bytes', () => {
    const bytes = { kind: 'bytes', type: 'Uint8Array' } as const;
    expect(chooseSerializer('json', bytes, []).loss).toEqual({ what: 'Uint8Array', path: '' });
    expect(chooseSerializer('std', bytes, []).loss).toBeUndefined();
  });
});
