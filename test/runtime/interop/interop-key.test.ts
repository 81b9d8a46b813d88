import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints } from '../../../runtime/interop/compare-code-points.ts';
import { DeclaredFloat } from '../../../runtime/interop/declared-float.ts';
import { encodeCanonical } from '../../../runtime/interop/encode-canonical.ts';
import { interopKey } from '../../../runtime/interop/index.ts';
import { meantArgument, text } from './interop-values.ts';
import { isEncodedAs, revive, vectors } from './vectors.ts';

const key = (...args: unknown[]): string => interopKey('t', 'op', args);
const refusal = expect.objectContaining({ code: 'ERR_CACHEKIT_INTEROP' });

describe('interopKey', () => {
  it.each(vectors.keys)('is the known one for $name', (vector) => {
    const args = revive(vector.args) as unknown[]; // an array in the file
    expect(isEncodedAs(encodeCanonical(args, 'args'), vector)).toBe(true);
    expect(interopKey(vector.namespace, vector.operation, args)).toBe(vector.key);
  });

  it('has a vector whose dates need two roundings', () => {
    const far = vectors.keys.find(({ name }) => name.startsWith('far dates'));
    const dates = revive(far?.args) as Date[];
    expect(
      dates.filter((date) => date.getTime() / 1000 !== (date.getTime() * 1000) / 1e6).length,
    ).toBeGreaterThan(0);
    // The product in the formula is exact up to the rounding that the rule asks for.
    for (const date of dates) expect(date.getTime() * 1000).toBe(Number(BigInt(date.getTime()) * 1000n));
  });

  it.each(vectors.badNames)('refuses the names $namespace, $operation', ({ namespace, operation }) => {
    expect(() => interopKey(namespace, operation, [])).toThrow(refusal);
  });

  it('refuses names and arguments that are no texts and no array', () => {
    for (const wrong of [undefined, null, 1, ['t'], new String('t')]) {
      expect(() => interopKey(wrong as string, 'op', [])).toThrow(refusal);
      expect(() => interopKey('t', wrong as string, [])).toThrow(refusal);
    }
    for (const wrong of [undefined, null, 'ab', { length: 0 }, new Set()]) {
      expect(() => interopKey('t', 'op', wrong as unknown[])).toThrow(refusal);
    }
  });

  it('is equal exactly for arguments that mean the same', () => {
    fc.assert(
      fc.property(meantArgument, meantArgument, (a, b) => {
        expect(key(a.argument) === key(b.argument)).toBe(a.meaning === b.meaning);
      }),
      { numRuns: 3000 },
    );
  });

  it('does not move a boundary between arguments', () => {
    const keys = [
      key('a', 'b'),
      key('ab'),
      key(['a', 'b']),
      key('a', ['b']),
      key(['a'], 'b'),
      key('a', 'b', null),
      key(),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not depend on the order of names and elements, nor on Map or object', () => {
    const entries = fc.uniqueArray(fc.tuple(text, fc.integer()), {
      selector: ([name]) => name,
      maxLength: 8,
    });
    fc.assert(
      fc.property(entries, fc.integer(), (list, seed) => {
        const shuffled = list.toSorted((a, b) => ((a[1] * 31 + seed) % 7) - ((b[1] * 31 + seed) % 7));
        const known = key(Object.fromEntries(list));
        expect(key(Object.fromEntries(shuffled))).toBe(known);
        expect(key(new Map(shuffled))).toBe(known);
        expect(key(Object.assign(Object.create(null), Object.fromEntries(shuffled)) as object)).toBe(known);
        expect(key(new Set(shuffled.map(String)))).toBe(key(new Set(list.map(String))));
      }),
      { numRuns: 500 },
    );
  });

  it('takes one number for another exactly where the other languages do', () => {
    expect(key(1n)).toBe(key(1));
    expect(key(-0)).toBe(key(0));
    expect(key(new DeclaredFloat(2 ** 53))).toBe(key(2n ** 53n));
    expect(key(new Date(1000))).toBe(key(1));
    expect(key(new Date(1500))).toBe(key(1.5));
    expect(key('1')).not.toBe(key(1));
    expect(key(true)).not.toBe(key(1));
    expect(key(Buffer.from('a'))).toBe(key(new Uint8Array([97])));
    expect(key(Buffer.from('a'))).not.toBe(key('a'));
  });

  it('leaves the arguments as they are', () => {
    const names = { b: 1, a: [3, 1], s: new Set([2, 1]) };
    key(names);
    expect(Object.keys(names)).toEqual(['b', 'a', 's']);
    expect([...names.s]).toEqual([2, 1]);
  });
});

describe('compareCodePoints', () => {
  it('is the order of the UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('arguments outside the data model', () => {
  class Point {
    x = 1;
  }
  const cycle: unknown[] = [];
  cycle.push(cycle);
  let deep: unknown = null;
  for (let i = 0; i < 100; i++) deep = [deep];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const hostile = new Proxy([1], {
    get() {
      throw new Error('canary');
    },
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'args[1]'],
    ['a property that is undefined', { a: undefined }, 'args[1].a'],
    ['an element that is undefined', [[undefined]], 'args[1][0][0]'],
    ['NaN', NaN, 'args[1]'],
    ['Infinity', [Infinity], 'args[1][0]'],
    ['-Infinity', -Infinity, 'args[1]'],
    ['2^53', 2 ** 53, 'args[1]'],
    ['-2^53', -(2 ** 53), 'args[1]'],
    ['-2^63', -(2 ** 63), 'args[1]'],
    ['2^63', 2 ** 63, 'args[1]'],
    ['2^64 as bigint', 2n ** 64n, 'args[1]'],
    ['-2^63-1', -(2n ** 63n) - 1n, 'args[1]'],
    ['10^5000', 10n ** 5000n, 'args[1]'],
    ['a declared float that is NaN', new DeclaredFloat(NaN), 'args[1]'],
    ['half a surrogate pair', 'a\uD800', 'args[1]'],
    ['half a pair in a name', { 'b\uDC00': 1 }, 'args[1]'],
    ['an invalid Date', new Date(NaN), 'args[1]'],
    ['a function', { secretName: () => 1 }, 'args[1].secretName'],
    ['a symbol', Symbol('canary'), 'args[1]'],
    ['a symbol as a name', { [Symbol('canary')]: 1 }, 'args[1]'],
    ['a getter', Object.defineProperty({}, 'a', { get: () => 1, enumerable: true }), 'args[1]'],
    ['a hidden property', Object.defineProperty({}, 'a', { value: 1 }), 'args[1]'],
    ['an instance', new Point(), 'args[1]'],
    ['a boxed number', Object(1), 'args[1]'],
    ['a RegExp', /canary/, 'args[1]'],
    ['an Error', new Error('canary'), 'args[1]'],
    ['a Promise', Promise.resolve(1), 'args[1]'],
    ['a subclass of Date', new (class extends Date {})(), 'args[1]'],
    ['an object of another realm', runInNewContext('({})'), 'args[1]'],
    ['a Uint16Array', new Uint16Array(1), 'args[1]'],
    ['an ArrayBuffer', new ArrayBuffer(1), 'args[1]'],
    ['a DataView', new DataView(new ArrayBuffer(1)), 'args[1]'],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(1)), 'args[1]'],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole', [1, , 2], 'args[1]'],
    ['2^32-1 holes', Object.assign([], { length: 2 ** 32 - 1 }), 'args[1]'],
    ['an array with a property', Object.assign([1], { x: 1 }), 'args[1]'],
    ['a Map with a number as a name', new Map([[1, 2]]), 'args[1]'],
    ['a cycle', cycle, 'args[1]'],
    ['101 levels', deep, 'args[1]'],
    ['a revoked proxy', revoked.proxy, 'args[1]'],
    ['a proxy that throws', hostile, 'args[1]'],
    ['more than 1 MiB', 'x'.repeat(1024 * 1024), 'args[1]'],
    ['more than 1,000,000 values', Array.from({ length: 1_000_000 }, () => 0), 'args[1]'],
    ['a value in a Map', new Map([['a', undefined]]), 'args[1].a'],
    ['an element of a Set', new Set([1, undefined]), 'args[1][?]'],
    ['a value under a name that could be data', { 'ada@canary.test': undefined }, 'args[1][?]'],
  ])('%s is refused, with its place and not its value', (_name, argument, where) => {
    let thrown: unknown;
    try {
      key('fine', argument);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(refusal);
    const { message } = thrown as Error;
    expect(message.startsWith(where)).toBe(true);
    expect(message).not.toContain('canary');
    expect((thrown as Error).cause).toBe(undefined);
    expect(message).toMatch(/[.)] ERR_CACHEKIT_INTEROP$/);
  });

  it('takes what is just within the limits', () => {
    expect(key('x'.repeat(1024 * 1024 - 7))).toMatch(/^t:op:[0-9a-f]{64}$/);
    expect(() => key('x'.repeat(1024 * 1024 - 5))).toThrow(refusal);
    let level: unknown = null;
    for (let i = 0; i < 99; i++) level = [level];
    expect(key(level)).toMatch(/^t:op:/);
  });

  it('stops soon at a Set of many equal elements that share a big part', () => {
    const big = 'x'.repeat(1000);
    expect(() => key(new Set(Array.from({ length: 500 }, () => [big])))).not.toThrow();
    expect(() => key(new Set(Array.from({ length: 100_000 }, () => [big])))).toThrow(refusal);
  });

  it('stops soon at objects that share parts', () => {
    let shared: unknown = [1];
    for (let i = 0; i < 90; i++) shared = [shared, shared];
    expect(() => key(shared)).toThrow(refusal);
  });
});
