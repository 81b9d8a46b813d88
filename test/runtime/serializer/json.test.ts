import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Wire } from '../../../runtime/contract/wire.ts';
import { jsonFormat } from '../../../runtime/serializer/json.ts';
import { MalformedError } from '../../../runtime/serializer/wire-limits.ts';
import { anyWire, fastestMs, readWire, writeWire } from './wires.ts';

const roundTrip = (wire: Wire): Wire => readWire(jsonFormat, writeWire(jsonFormat, wire));
const read = (text: string): Wire => readWire(jsonFormat, Buffer.from(text));
const nested = (depth: number, leaf: Wire): Wire => (depth === 0 ? leaf : [nested(depth - 1, leaf)]);

describe('JSON over wire', () => {
  it('gives back every wire value exactly', () => {
    fc.assert(
      fc.property(anyWire, (wire) => {
        expect(roundTrip(wire)).toStrictEqual(wire);
      }),
      { numRuns: 2000 },
    );
  });

  it('is plain JSON where JSON has the value, and marks the rest', () => {
    const wire = [1, 'ä"\\', null, NaN, -Infinity, new Uint8Array([255, 0])];
    expect(writeWire(jsonFormat, wire).toString()).toBe(
      '[1,"ä\\"\\\\",null,{"n":"NaN"},{"n":"-Infinity"},{"b":"/wA="}]',
    );
  });

  it('reads a marker in the deepest array', () => {
    expect(roundTrip(nested(512, NaN))).toStrictEqual(nested(512, NaN));
  });

  it.each([
    ['nothing', ''],
    ['half a text', '["a'],
    ['two values', '1 2'],
    ['an empty object', '{}'],
    ['an object of two', '{"n":"NaN","b":""}'],
    ['an unknown marker', '{"x":"1"}'],
    ['__proto__', '{"__proto__":{"a":1}}'],
    ['a number marker for a finite number', '{"n":"1"}'],
    ['a number that overflows', '1e999'],
    ['negative zero', '-0'],
    ['base64 that is not canonical', '{"b":"/wB="}'],
    ['a lone surrogate', '"\\ud800"'],
    ['a byte order mark', '\uFEFF1'],
    ['513 arrays deep', '['.repeat(513) + ']'.repeat(513)],
    ['a million arrays deep', '['.repeat(1_000_000)],
    ['5 million empty arrays', `[${'[],'.repeat(5_000_000)}1]`],
  ])('refuses %s at once', (_name, text) => {
    const bytes = Buffer.from(text);
    expect(() => readWire(jsonFormat, bytes)).toThrow(MalformedError);
    expect(fastestMs(() => readWire(jsonFormat, bytes))).toBeLessThan(50);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => readWire(jsonFormat, Buffer.from([0x22, 0xff, 0x22]))).toThrow(MalformedError);
  });

  it('is not confused by brackets and quotes inside texts', () => {
    const text = `${'['.repeat(500)}"\\${','.repeat(500)}\\"`;
    expect(read(JSON.stringify([text]))).toEqual([text]);
  });
});
