import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeclaredFloat } from '../../../runtime/interop/declared-float.ts';
import { Extension } from '../../../runtime/interop/extension.ts';
import { decodeInterop, encodeInterop } from '../../../runtime/interop/index.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { modelValue } from './interop-values.ts';
import { hex, isEncodedAs, revive, unhex, vectors } from './vectors.ts';

const roundTrip = (value: unknown): unknown => decodeInterop(encodeInterop(value));
const refusal = expect.objectContaining({ code: 'ERR_CACHEKIT_INTEROP' });

/** A number that a declared float stands for reads as that number, a bigint in the safe range as a number. */
function asRead(value: unknown): unknown {
  if (value instanceof DeclaredFloat) return value.number;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return Array.isArray(value) ? value.map(asRead) : value;
}

describe('encodeInterop', () => {
  it.each(vectors.values)('writes the known bytes for $name', (vector) => {
    const value = revive(vector.value);
    expect(isEncodedAs(encodeInterop(value), vector)).toBe(true);
    expect(roundTrip(value)).toStrictEqual(asRead(value));
  });

  it('gives every value of the data model back exactly', () => {
    fc.assert(
      fc.property(modelValue, (value) => {
        // Prototypes and -0 count; unlike toStrictEqual it takes a property named constructor for data.
        expect(isDeepStrictEqual(roundTrip(value), value)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('writes one form only: what was read is written again in the same bytes', () => {
    fc.assert(
      fc.property(modelValue, (value) => {
        const bytes = encodeInterop(value);
        expect(hex(encodeInterop(decodeInterop(bytes)))).toBe(hex(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps names that mean something to JavaScript as own properties', () => {
    const value = JSON.parse('{"__proto__":{"x":1},"constructor":2,"toString":3}') as object;
    const back = roundTrip(value) as object;
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(new Map(Object.entries(back))).toEqual(new Map(Object.entries(value)));
  });

  it.each<[string, unknown, unknown]>([
    ['a small bigint as a number', [1n, -5n], [1, -5]],
    ['a Buffer as a Uint8Array', Buffer.from([1]), new Uint8Array([1])],
    ['a Map as an object', new Map([['a', 1]]), { a: 1 }],
    ['an object without prototype as one with it', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [
      'the two names of a date as a Date',
      { __datetime__: true, value: '2024-01-01T00:00:00Z' },
      new Date(1704067200000),
    ],
    ['a declared float as its number', [new DeclaredFloat(2), new DeclaredFloat(2 ** 60)], [2, 2 ** 60]],
  ])('gives %s', (_name, value, back) => {
    expect(roundTrip(value)).toStrictEqual(back);
  });

  it('keeps microseconds that another library has written when they are written as text', () => {
    const written = { __datetime__: true, value: '2024-01-01T12:30:45.123456+00:00' };
    expect(Buffer.from(encodeInterop(written)).includes('.123456+00:00')).toBe(true);
    expect(roundTrip(written)).toEqual(new Date('2024-01-01T12:30:45.123Z'));
  });

  it('keeps whole numbers beyond 2^53 as the floats they are', () => {
    for (const value of [2 ** 53, -(2 ** 53), 2 ** 63, 2 ** 64, 1e300]) {
      expect(encodeInterop(value)[0]).toBe(0xcb);
      expect(roundTrip(value)).toBe(value);
    }
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'value:'],
    ['a property that is undefined', { user: { tags: [1, undefined] } }, 'value.user.tags[1]:'],
    ['a Set', { all: new Set([1]) }, 'value.all:'],
    ['NaN', NaN, 'value:'],
    ['a date after 9999', new Date(253_402_300_800_000), 'value:'],
    ['a date before year 1', new Date(-62_135_596_800_001), 'value:'],
    ['an invalid date', new Date(NaN), 'value:'],
    ['an instance', new URL('https://canary.test'), 'value:'],
    ['an extension that was read', new Extension(1, new Uint8Array(1)), 'value:'],
    ['2^64', 2n ** 64n, 'value:'],
  ])('refuses %s, with its place', (_name, value, where) => {
    expect(() => encodeInterop(value)).toThrow(refusal);
    expect(() => encodeInterop(value)).toThrow(where);
  });

  it('gives bytes that nothing else holds', () => {
    const first = encodeInterop([1, 2, 3]);
    const copy = hex(first);
    encodeInterop(['x'.repeat(1000)]);
    expect(hex(first)).toBe(copy);
    expect(first.buffer.byteLength).toBe(first.byteLength);
    expect(Object.getPrototypeOf(first)).toBe(Uint8Array.prototype);
  });

  it('is not disturbed by a value that encodes another one while it is read', () => {
    const nested = new Proxy([1, 2, 3], {
      get(target, name, receiver) {
        encodeInterop(['x'.repeat(500)]);
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    expect(roundTrip(['before', nested, 'after'])).toEqual(['before', [1, 2, 3], 'after']);
  });
});

describe('decodeInterop', () => {
  it.each(vectors.reads)('reads what others may write: $name', ({ bytes, value }) => {
    expect(decodeInterop(unhex(bytes))).toStrictEqual(asRead(revive(value)));
  });

  it('reads names that are no texts into a Map, and extensions as such', () => {
    expect(decodeInterop(unhex('8301a16102c3a161a162'))).toStrictEqual(
      new Map<unknown, unknown>([
        [1, 'a'],
        [2, true],
        ['a', 'b'],
      ]),
    );
    expect(decodeInterop(unhex('d4012a'))).toStrictEqual(new Extension(1, new Uint8Array([42])));
    expect(decodeInterop(unhex('c702ff0102'))).toStrictEqual(new Extension(-1, new Uint8Array([1, 2])));
    expect(decodeInterop(unhex('d6ff00000000'))).toStrictEqual(new Extension(-1, new Uint8Array(4)));
  });

  it('reads a view where it lies, and gives bytes of their own', () => {
    const around = Uint8Array.from([0xc1, 0xc4, 2, 7, 8, 0xc1]);
    const read = decodeInterop(around.subarray(1, 5)) as Uint8Array;
    around.fill(0);
    expect(read).toStrictEqual(new Uint8Array([7, 8]));
    expect(read.buffer.byteLength).toBe(2);
  });

  it('survives a frozen Object.prototype', () => {
    const original = Object.getOwnPropertyDescriptor(Object.prototype, 'valueOf')!; // it has one
    Object.defineProperty(Object.prototype, 'valueOf', { ...original, writable: false });
    try {
      expect(Object.keys(decodeInterop(unhex('81a776616c75654f6601')) as object)).toEqual(['valueOf']);
    } finally {
      Object.defineProperty(Object.prototype, 'valueOf', original);
    }
  });
});
