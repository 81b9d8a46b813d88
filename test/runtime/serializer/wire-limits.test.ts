import { describe, expect, it } from 'vitest';
import type { Wire } from '../../../runtime/contract/value-kit.ts';
import { findWireFormat } from '../../../runtime/serializer/wire-formats.ts';
import { checkWire, MAX_WIRE_NODES } from '../../../runtime/serializer/wire-limits.ts';

const nested = (depth: number): Wire => (depth === 0 ? null : [nested(depth - 1)]);
const unexact: readonly (readonly [string, unknown])[] = [
  ['-0', -0],
  ['a lone surrogate', ['\ud800']],
  ['undefined', [undefined]],
  ['a bigint', 1n],
  ['an object', {}],
  ['a hole', [, 1]], // eslint-disable-line no-sparse-arrays
  ['arrays 129 deep', nested(129)],
];

describe('checkWire', () => {
  it.each(unexact)('finds %s, which no format keeps', (_name, wire) => {
    expect(checkWire(wire as Wire)).toBe('unstorable');
  });

  it('lets through what every format can read again', () => {
    expect(checkWire([null, true, 0, NaN, '\uFEFF', new Uint8Array(3), nested(127)])).toBeUndefined();
  });

  it('counts every value', () => {
    const list = Array<null>(MAX_WIRE_NODES - 1).fill(null);
    expect(checkWire(list)).toBeUndefined();
    expect(checkWire([list])).toBe('too-large');
    expect(checkWire([list, list])).toBe('too-large');
  });
});

describe('findWireFormat', () => {
  it('knows the built-ins by id, with the numbers that stand in stored entries', () => {
    expect(['std', 'auto', 'json', 'xml'].map((id) => findWireFormat(id)?.code)).toEqual([
      1,
      2,
      3,
      undefined,
    ]);
  });
});
