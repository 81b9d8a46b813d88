import fc from 'fast-check';
import { decode } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import type { Wire } from '../../../runtime/contract/wire.ts';
import { stdFormat } from '../../../runtime/serializer/std.ts';
import { MalformedError } from '../../../runtime/serializer/wire-limits.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { anyWire, fastestMs, malformedMessagePack, readWire, writeWire } from './wires.ts';

const write = (wire: Wire): Buffer => writeWire(stdFormat, wire);
const read = (bytes: Buffer): Wire => readWire(stdFormat, bytes);

const roundTrip = (wire: Wire): Wire => read(write(wire));
const nested = (depth: number): Wire => (depth === 0 ? null : [nested(depth - 1)]);

describe('MessagePack over wire', () => {
  it('gives back every wire value exactly', () => {
    fc.assert(
      fc.property(anyWire, (wire) => {
        expect(roundTrip(wire)).toStrictEqual(wire);
      }),
      { numRuns: 2000 },
    );
  });

  it('is what another MessagePack reader understands', () => {
    const wire = [null, true, -1, 2 ** 40, 0.5, 'ä', ['x']];
    expect(decode(write(wire))).toEqual(wire);
  });

  it.each([
    0,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    -1,
    -32,
    -33,
    -128,
    -129,
    -32_768,
    -32_769,
    2 ** 31,
    -(2 ** 31),
    2 ** 32 - 1,
    2 ** 32,
    -(2 ** 31) - 1,
    2 ** 53,
    2 ** 53 + 2,
    -(2 ** 63),
    2 ** 64,
    1e300,
    5e-324,
    0.1,
    NaN,
    Infinity,
    -Infinity,
  ])('keeps the number %d', (value) => {
    expect(roundTrip(value)).toBe(value);
  });

  it.each([0, 11, 12, 31, 32, 63, 64, 65, 255, 256, 65_535, 65_536])(
    'keeps texts of about %d characters, whatever they start with',
    (length) => {
      for (const start of ['', '\uFEFF', '\uFFFD', '\0', 'é', '😀', '\uFFFE']) {
        const text = start + 'a'.repeat(length);
        expect(roundTrip(text)).toBe(text);
      }
    },
  );

  it('keeps a text of 300,000 astral characters and an array of 200,000', () => {
    const text = '😀'.repeat(300_000);
    expect(roundTrip(text) === text).toBe(true);
    const list = Array.from({ length: 200_000 }, (_, i) => i / 3);
    expect(roundTrip(list)).toStrictEqual(list);
  });

  it('gives binary as Uint8Array that shares no memory with the bytes', () => {
    const stored = write(Buffer.from([1, 2, 3]));
    const value = read(stored);
    stored.fill(9);
    expect(value).toStrictEqual(new Uint8Array([1, 2, 3]));
  });

  it('reads arrays 512 deep', () => {
    expect(roundTrip(nested(512))).toStrictEqual(nested(512));
  });

  it.each(malformedMessagePack)('refuses %s at once', (_name, bytes) => {
    expect(() => read(bytes)).toThrow(MalformedError);
    expect(fastestMs(() => read(bytes))).toBeLessThan(50);
  });

  it('never does anything with arbitrary bytes but return what could have been written, or throw', () => {
    const readAgain = (bytes: Uint8Array): boolean => {
      try {
        const wire = read(Buffer.from(bytes));
        return isDeepStrictEqual(roundTrip(wire), wire);
      } catch (error) {
        return error instanceof MalformedError;
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readAgain(bytes)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('says nothing of the data in its error', () => {
    const secret = write(['canary-7f3a', 1]);
    expect(() => read(secret.subarray(0, -1))).toThrow(/^Malformed entry body$/);
  });
});
