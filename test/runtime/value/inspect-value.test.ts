import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyValue } from '../../../runtime/value/copy-value.ts';
import { inspectValue } from '../../../runtime/value/inspect-value.ts';
import {
  decodeBigint,
  decodeNumber,
  decodeString,
  encodeBigint,
  encodeNumber,
  encodeString,
} from '../../../runtime/value/leaf-wire.ts';
import { decodeAny, encodeAny } from '../../../runtime/value/tagged-wire.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';
import { WireError } from '../../../runtime/value/wire-error.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { storableArb, strangeArb } from '../../transformer/5-generate/shapes.ts';

const refused = (value: unknown): unknown => {
  const inspection = inspectValue(value);
  return inspection.ok ? undefined : `${inspection.reason} ${inspection.path}`.trim();
};

describe('inspectValue', () => {
  it('takes what a copy and the wire give back the same, and nothing else', () => {
    fc.assert(
      fc.property(strangeArb, (value) => {
        const { ok } = inspectValue([value]);
        if (!ok) return;
        expect(isDeepStrictEqual(copyValue(value), value)).toBe(true);
        const said = { regExp: true };
        expect(isDeepStrictEqual(decodeAny(encodeAny(value, said), said), value)).toBe(true);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(storableArb, (value) => inspectValue(value).ok));
  });

  it('says what is in the way and where', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = [cycle];
    expect(refused({ a: [1, { b: () => 1 }] })).toBe('function .a[1].b');
    expect(refused({ 'eve@example.org': Symbol('s') })).toBe('symbol [?]');
    expect(refused(new Map([[{}, new Error('x')]]))).toBe('class <value>');
    expect(refused([new (class extends Array {})()])).toBe('class [0]');
    expect(refused(Object.assign(Object.create({ inherited: 1 }), { a: 1 }))).toBe('class');
    expect(
      refused({
        get a() {
          return 1;
        },
      }),
    ).toBe('accessor');
    expect(refused({ [Symbol('s')]: 1 })).toBe('symbol-key');
    expect(refused(Object.defineProperty({}, 'a', { value: 1 }))).toBe('hidden-property');
    expect(refused(JSON.parse('{"a":{"__proto__":1}}'))).toBe('proto-key .a.__proto__');
    expect(refused(Array(2))).toBe('array-properties');
    expect(refused(Object.assign(Array(100).fill(0), { extra: 1 }))).toBe('array-properties');
    expect(refused(((strings: TemplateStringsArray) => strings)`x`)).toBe('array-properties');
    expect(refused(Object.assign(new Float32Array(4), { shape: [2, 2] }))).toBe('array-properties');
    expect(refused([Object.assign(Buffer.from('a'), { encoding: 'x' })])).toBe('array-properties [0]');
    expect(refused(Object.assign(new ArrayBuffer(1), { extra: 1 }))).toBe('array-properties');
    expect(refused([new Uint16Array(new ArrayBuffer(10), 2, 3), new Float64Array([NaN, -0])])).toBe(
      undefined,
    );
    expect(refused(cycle)).toBe('cycle .self[0]');
    expect(refused(new Proxy({}, {}))).toBe('proxy');
    expect(refused(Object.assign(new Date(), { a: 1 }))).toBe('class');
    expect(refused(Object.assign(/x/g, { lastIndex: 1 }))).toBe('class');
    expect(refused(Object.assign(new URL('http://a'), { a: 1 }))).toBe('class');
    expect(inspectValue([/x/])).toMatchObject({ ok: true, hasRegExp: true });
    expect(inspectValue([new URL('http://a')])).toMatchObject({ ok: true, hasRegExp: false });
    expect(refused(new Uint8Array(new SharedArrayBuffer(4)))).toBe('class');
    expect(refused(new ArrayBuffer(4, { maxByteLength: 8 }))).toBe('class');
    expect(refused(new DataView(new ArrayBuffer(1)))).toBe('class');
    expect(refused(Object.create(Uint8Array.prototype))).toBe('class');
    expect(refused(Array(2 ** 31))).toBe('too-large');
    let deep: unknown = 1;
    for (let i = 0; i < 128; i++) deep = [deep];
    expect(refused(deep)).toBeUndefined();
    expect(refused([deep])).toMatch(/^too-deep/);
  });

  it('ends on shared parts that would unfold without end', { timeout: 60_000 }, () => {
    let wide: unknown = 1;
    for (let i = 0; i < 100; i++) wide = [wide, wide];
    expect(refused(wide)).toMatch(/^too-large/);
  });

  it('estimates the size', () => {
    const size = (value: unknown): number => {
      const inspection = inspectValue(value);
      return inspection.ok ? inspection.sizeBytes : NaN;
    };
    expect(size('x'.repeat(1000))).toBeGreaterThanOrEqual(1000);
    expect(size(new Uint8Array(5000))).toBeGreaterThanOrEqual(5000);
    expect(size(Array(1000).fill(1.5))).toBeGreaterThanOrEqual(8000);
    expect(size([{ a: 1 }])).toBeLessThan(200);
    expect(size(2n ** 8000n)).toBeGreaterThanOrEqual(1000);
  });
});

describe('copyValue', () => {
  it('shares nothing that can be changed, and keeps a null prototype', () => {
    const value = {
      list: [{ at: new Date(1) }],
      bare: Object.assign(Object.create(null), { a: 1 }),
      bytes: Buffer.from('x'),
    };
    const copy = copyValue(value) as typeof value;
    expect(isDeepStrictEqual(copy, value)).toBe(true);
    expect(Object.getPrototypeOf(copy.bare)).toBe(null);
    copy.list[0]?.at.setTime(2);
    copy.bytes[0] = 0;
    expect(value.list[0]?.at.getTime()).toBe(1);
    expect(value.bytes[0]).toBe(120);
    expect(Object.isFrozen(copyValue(Object.freeze([1])))).toBe(false);
  });
});

describe('the tagged wire', () => {
  it('refuses what it does not write, with WireError only', () => {
    const wire: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
      wire: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(
          null,
          true,
          -0,
          1.5,
          NaN,
          'x',
          '\ud800',
          '__proto__',
          'Uint8Array',
          'constructor',
          {},
          undefined,
          5n,
        ),
        fc.uint8Array({ maxLength: 4 }),
        fc
          .tuple(fc.integer({ min: -1, max: 8 }), fc.array(tie('wire'), { maxLength: 4 }))
          .map(([tag, rest]) => [tag, ...rest]),
      ),
    })).wire;
    fc.assert(
      fc.property(wire, (hostile) => {
        let value: unknown;
        try {
          value = decodeAny(hostile);
        } catch (error) {
          return error instanceof WireError;
        }
        return inspectValue(value).ok && isDeepStrictEqual(decodeAny(encodeAny(value)), value);
      }),
      { numRuns: 5000 },
    );
    let deep: unknown = null;
    for (let i = 0; i < 100_000; i++) deep = [0, deep];
    expect(() => decodeAny(deep)).toThrow(WireError);
    expect(() => decodeAny([1, '__proto__', [1]])).toThrow(WireError);
    expect(() => decodeAny([1, 'a', 1, 'a', 2])).toThrow(WireError);
    expect(() => decodeAny([7, 'Float64Array', new Uint8Array(7)])).toThrow(WireError);
    expect(() => encodeAny(() => 1)).toThrow(WireError);
  });
});

describe('wire leaves', () => {
  it('have one form each', () => {
    for (const wire of [-0, '1', [1], [-0], [0, 0], null])
      expect(() => decodeNumber(wire)).toThrow(WireError);
    for (const wire of ['\ud800', 1, Buffer.from('ab', 'utf16le'), new Uint8Array(3)])
      expect(() => decodeString(wire)).toThrow(WireError);
    for (const wire of ['1', ['01'], ['-0'], ['0x1'], ['A'], [''], [1], [], ['1', '2']])
      expect(() => decodeBigint(wire)).toThrow(WireError);
    for (const timeMs of [1.5, 8.64e15 + 1, -0, Infinity])
      expect(() => valueKit.toDate(timeMs)).toThrow(WireError);
    for (const type of ['Nope', 'constructor', 'Int16Array'])
      expect(() => valueKit.toBytes(new Uint8Array(3), type)).toThrow(WireError);
    expect(decodeNumber(encodeNumber(-0))).toBe(-0);
    expect(decodeBigint(encodeBigint(-(2n ** 70n)))).toBe(-(2n ** 70n));
    expect(decodeString(encodeString('a\ud800'))).toBe('a\ud800');
  });

  it('give bytes memory of their own', () => {
    const stored = Buffer.from([1, 2, 3, 4]);
    const read = valueKit.toBytes(stored, 'Uint16Array') as Uint16Array;
    stored[0] = 9;
    expect(read[0]).toBe(0x0201);
    expect(valueKit.isBytes(valueKit.toBytes(stored, 'Buffer'), 'Buffer')).toBe(true);
    expect(valueKit.isBytes(Buffer.from('x'), 'Uint8Array')).toBe(false);
  });
});
