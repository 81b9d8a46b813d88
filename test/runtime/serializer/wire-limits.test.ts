import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Wire, WireWriter } from '../../../runtime/contract/wire.ts';
import type { WireFormat } from '../../../runtime/serializer/serializer.ts';
import { findWireFormat } from '../../../runtime/serializer/wire-formats.ts';
import {
  MalformedError,
  MAX_WIRE_NODES,
  TooManyNodesError,
} from '../../../runtime/serializer/wire-limits.ts';
import { inspectValue } from '../../../runtime/value/inspect-value.ts';
import { decodeAny, encodeAny } from '../../../runtime/value/tagged-wire.ts';
import { storableArb } from '../../transformer/5-generate/shapes.ts';
import { readWire, writeWire } from './wires.ts';

const ids = ['std', 'json'] as const;
const formatOf = (id: string): WireFormat => findWireFormat(id)!; // both exist
const nested = (depth: number): Wire => (depth === 0 ? null : [nested(depth - 1)]);
const lists = (to: WireWriter, depth: number, leaf: () => void): void => {
  for (let i = 0; i < depth; i++) to.list(1);
  leaf();
  for (let i = 0; i < depth; i++) to.end();
};
const unexact: readonly (readonly [string, unknown])[] = [
  ['-0', -0],
  ['a lone surrogate', ['\ud800']],
  ['undefined', [undefined]],
  ['a bigint', 1n],
  ['an object', {}],
  ['a hole', [, 1]], // eslint-disable-line no-sparse-arrays
  ['arrays 513 deep', nested(513)],
];

describe.each(ids)('%s', (id) => {
  const format = formatOf(id);

  it.each(unexact)('does not write %s as it is: it would come back as something else', (_name, wire) => {
    expect(() => writeWire(format, wire as Wire)).toThrow(MalformedError);
  });

  it('writes what it can read again', () => {
    const wire = [null, true, 0, NaN, '\uFEFF', new Uint8Array(3), nested(511)];
    expect(readWire(format, writeWire(format, wire))).toStrictEqual(wire);
  });

  it('counts every value', () => {
    const list = Array<null>(MAX_WIRE_NODES - 1).fill(null);
    expect(writeWire(format, list).length).toBeGreaterThan(MAX_WIRE_NODES - 1);
    expect(() => writeWire(format, [list])).toThrow(TooManyNodesError);
    expect(() => writeWire(format, [list, list])).toThrow(TooManyNodesError);
  });

  it('has room for a leaf that is itself a list where lists may end, and none below', () => {
    for (const leaf of [undefined, -0, 5n]) {
      const write = (depth: number): Buffer =>
        Buffer.from(format.write((to) => lists(to, depth, () => to.leaf(leaf))));
      const { value } = format.read(write(511), (from) => {
        for (let i = 0; i < 511; i++) from.list(1);
        const read = from.leaf();
        for (let i = 0; i < 511; i++) from.end();
        return read;
      });
      expect(value).toBe(leaf);
      expect(() => write(512)).toThrow(MalformedError);
    }
  });

  it('tells a size in memory that is not far from what is told of the value', () => {
    const told = (value: unknown): number => {
      const bytes = Buffer.from(format.write((to) => to.wire(encodeAny(value))));
      return format.read(bytes, (from) => decodeAny(from.wire())).sizeBytes;
    };
    fc.assert(
      fc.property(storableArb, (value) => {
        const inspected = inspectValue(value);
        const sizeBytes = inspected.ok ? inspected.sizeBytes : NaN;
        // A list of empty lists is the worst case: its tags count as elements.
        expect(told(value)).toBeGreaterThanOrEqual(sizeBytes / 3);
        expect(told(value)).toBeLessThanOrEqual(400 + sizeBytes * 4);
      }),
    );
    expect(told('x'.repeat(1000))).toBeGreaterThanOrEqual(2000);
    expect(told(new Uint8Array(5000))).toBeGreaterThanOrEqual(5000);
    expect(told(Array<number>(1000).fill(1))).toBeGreaterThanOrEqual(8000);
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
