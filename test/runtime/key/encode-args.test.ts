import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeArg } from '../../../runtime/key/encode-args.ts';
import { keyKit } from '../../../runtime/key/key-kit.ts';
import { UnkeyableError } from '../../../runtime/key/unkeyable-error.ts';
import { copyValue } from '../../../runtime/value/copy-value.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { measured } from '../../helpers/measured.ts';
import { storableArb, strangeArb } from '../../transformer/5-generate/shapes.ts';

// Few small values: pairs are often equal, and often almost.
const atomArb = fc.constantFrom<unknown>(
  '',
  '1',
  'u',
  's1:u',
  'd1;',
  ']',
  '}',
  ':',
  '\0',
  '{}',
  '\ud800',
  '\udc00',
  1,
  -0,
  0,
  NaN,
  1n,
  0n,
  true,
  null,
  undefined,
  new Date(1),
  new Date(NaN),
  new Set([1]),
  new Set(['1']),
  Uint8Array.of(1),
  Int8Array.of(1),
  Uint8Array.of(1).buffer,
  Float32Array.of(-0),
  Float32Array.of(0),
);
const smallArb: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    atomArb,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('', 'a', 'a1', 's1:a', 'b'), tie('value'), { maxKeys: 2 }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 }).map((entries) => new Map(entries)),
  ),
})).value;

/** Made of the signs that the text itself is made of, and of what stores treat in a way of their own. */
const strangeTextArb = fc
  .array(
    fc.constantFrom(
      's1:',
      's',
      ':',
      ';',
      '[',
      ']',
      '{',
      '}',
      '\0',
      '\ud800',
      '\udc00',
      'd1;',
      '{a}',
      'a',
      '1',
    ),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));

/** What the text does not tell apart: a null prototype, a property that is undefined, the order of names. */
function normal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(normal);
  if (value instanceof Map) return ['map', ...[...value].map(([key, item]) => [normal(key), normal(item)])];
  if (value instanceof Set) return ['set', ...[...value].map(normal)];
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, normal(item)]));
}

const textOf = (values: readonly unknown[]): string => values.map((value) => encodeArg(value)).join('');

describe('encodeArg', { timeout: 60_000 }, () => {
  it('gives equal texts to equal values', () => {
    fc.assert(
      fc.property(storableArb, (value) => {
        expect(encodeArg(copyValue(value))).toBe(encodeArg(value));
      }),
    );
  });

  it('gives other texts to other values', () => {
    const list = fc.array(smallArb, { maxLength: 3 });
    fc.assert(
      fc.property(list, list, (first, second) => {
        // Texts side by side: none is the beginning of another, so the boundaries show.
        expect(textOf(first) === textOf(second)).toBe(
          isDeepStrictEqual(first.map(normal), second.map(normal)),
        );
      }),
      { numRuns: 8000 },
    );
  });

  it('gives no text twice among millions of pairs', (context) => {
    const calls = fc.sample(fc.array(fc.oneof(smallArb, strangeTextArb), { maxLength: 3 }), 6000);
    const seen = new Map<string, readonly unknown[]>();
    const met: unknown[] = [];
    for (const call of calls) {
      const text = textOf(call);
      const before = seen.get(text) ?? call;
      if (!isDeepStrictEqual(before.map(normal), call.map(normal))) met.push([before, call]);
      seen.set(text, before);
    }
    expect(met).toEqual([]);
    const pairs = (seen.size * (seen.size - 1)) / 2;
    expect(pairs).toBeGreaterThan(1_000_000);
    measured(context, `0 of ${Math.floor(pairs / 1e6)} million pairs`);
  });

  it('keeps types, signs and boundaries apart', () => {
    const values = [
      1,
      '1',
      1n,
      true,
      'true',
      null,
      undefined,
      'u',
      0,
      -0,
      NaN,
      'NaN',
      new Date(1),
      new Date(NaN),
      [],
      {},
      new Map(),
      new Set(),
      [1],
      new Set([1]),
      ['a', 'b'],
      ['ab'],
      [['a'], 'b'],
      ['a', ['b']],
      { a: 1 },
      { a: '1' },
      new Map([['a', 1]]),
      [['a', 1]],
      new Uint8Array([1]),
      Buffer.from([1]),
      new Int8Array([1]),
      new Uint8Array([1]).buffer,
      /a/,
      /a/g,
      new URL('http://a/'),
      'http://a/',
    ];
    const texts = values.map((value) => encodeArg(value));
    expect(new Set(texts).size).toBe(values.length);
    expect(encodeArg(NaN)).toBe(encodeArg(Number('x')));
  });

  it('writes the documented text', () => {
    expect(encodeArg({ b: [1, -0, 'x'], a: undefined, c: null })).toBe('{s1:b[d1;d-0;s1:x]s1:cn}');
    expect(encodeArg(new Map<unknown, unknown>([[1n, new Set([true])]]))).toBe('Mb1;St]]');
    expect(encodeArg(new Date(0)) + encodeArg(new Date(NaN))).toBe('D0;DNaN;');
    expect(encodeArg(Buffer.from('hi'))).toBe('BBuffer:aGk=;');
    expect(encodeArg(/a/gi)).toBe('Rs1:as2:gid0;');
    expect(encodeArg(new URL('http://a/b'))).toBe('Us10:http://a/b');
    expect(encodeArg('\ud800é')).toBe('s2:\ud800é');
  });

  it('refuses with UnkeyableError, never with anything else', () => {
    fc.assert(
      fc.property(strangeArb, (value) => {
        let found: unknown;
        try {
          found = encodeArg([value]);
        } catch (error) {
          found = error;
        }
        expect(typeof found === 'string' || found instanceof UnkeyableError).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('says why', () => {
    const reason = (value: unknown): unknown => {
      try {
        return encodeArg(value);
      } catch (error) {
        return error instanceof UnkeyableError ? error.reason : error;
      }
    };
    const cycle: unknown[] = [];
    cycle.push(cycle);
    let deep: unknown = 1;
    for (let i = 0; i < 102; i++) deep = [deep];
    let wide: unknown = 1;
    for (let i = 0; i < 60; i++) wide = [wide, wide];
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(reason(() => 1)).toBe('function');
    expect(reason(Symbol('s'))).toBe('symbol');
    expect(reason(new (class A {})())).toBe('class');
    expect(reason(new Error('x'))).toBe('class');
    expect(reason(Object(1))).toBe('class');
    expect(
      reason({
        get a() {
          return 1;
        },
      }),
    ).toBe('accessor');
    expect(reason({ [Symbol('s')]: 1 })).toBe('symbol-key');
    expect(reason(Object.defineProperty({}, 'a', { value: 1 }))).toBe('hidden-property');
    expect(reason(Array(2))).toBe('array-properties');
    expect(reason(/(?<a>x)/.exec('x'))).toBe('array-properties');
    expect(reason(cycle)).toBe('cycle');
    expect(reason(deep)).toBe('too-deep');
    expect(reason(wide)).toBe('too-large');
    expect(reason(revoked.proxy)).toBe('unreadable');
    expect(reason(Object.create(URL.prototype))).toBe('unreadable');
    expect(String(new UnkeyableError('class'))).toBe(
      'UnkeyableError: No cache key for these arguments: class',
    );
  });
});

describe('keyKit', () => {
  it('writes typed pieces as encodeArg does, also for values of another type', () => {
    fc.assert(
      fc.property(storableArb, (value) => {
        const text = encodeArg(value);
        expect([keyKit.str(value), keyKit.num(value), keyKit.bool(value), keyKit.any(value)]).toEqual(
          Array(4).fill(text),
        );
      }),
    );
  });

  it('knows plain objects of declared names', () => {
    expect(keyKit.only({ a: 1 }, ['a', 'b'])).toBe(true);
    expect(keyKit.only(Object.create(null), [])).toBe(true);
    expect(keyKit.only({ a: 1, c: 1 }, ['a', 'b'])).toBe(false);
    expect(keyKit.only([], [])).toBe(false);
    expect(
      keyKit.only(
        {
          get a() {
            return 1;
          },
        },
        ['a'],
      ),
    ).toBe(false);
    expect(keyKit.only(null, [])).toBe(false);
  });

  it('compares as keys do', () => {
    expect(keyKit.same(NaN, NaN)).toBe(true);
    expect(keyKit.same(0, -0)).toBe(false);
    expect(keyKit.same('1', 1)).toBe(false);
    expect(keyKit.same(null, null)).toBe(true);
  });
});
