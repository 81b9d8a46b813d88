import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeclaredKinds, ValueOps } from '../../../runtime/contract/value-kit.ts';
import type { Wire } from '../../../runtime/contract/wire.ts';
import { codec, type Codec } from '../../../runtime/value/class-codec.ts';
import { copyValue } from '../../../runtime/value/copy-value.ts';
import { inspectValue } from '../../../runtime/value/inspect-value.ts';
import { decodeAny, encodeAny } from '../../../runtime/value/tagged-wire.ts';
import { textName } from '../../../runtime/value/text-kinds.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';
import type { PropertyShape, TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { writeValue } from '../../../transformer/5-generate/write-value.ts';
import { isDeepStrictEqual } from '../../helpers/deep-equal.ts';
import { basketShape, Money, moneyShape, reachText, Basket } from './classes.ts';
import { evaluate } from './evaluate.ts';
import { recursiveArb, shared } from './recursive-shapes.ts';
import { layout, reorder, seeded } from './reorder.ts';
import { alike, damagedArb, field, object, REFS, shapeArb, storableArb, valueArb } from './shapes.ts';
import { isRefusal, REFUSED, throughMessagePack, throughWire } from './through-wire.ts';

const RUNS = { numRuns: 300 };

interface Ops extends Pick<ValueOps, 'write' | 'read'> {
  accepts: (value: unknown, open?: boolean) => boolean;
  copy?: (value: unknown) => unknown;
  immutable?: true;
  declared?: DeclaredKinds;
  encode: (value: unknown) => Wire;
  decode: (wire: unknown) => unknown;
}

function make(shape: TypeShape, refs: readonly TypeShape[] = REFS): Ops {
  const text = writeValue(shape, refs, reachText);
  expect(text).not.toMatch(/[\n\r\u2028\u2029]/);
  const create: (kit: typeof valueKit) => ValueOps = evaluate(text);
  return throughWire(create(valueKit)) as Ops; // methods take any value here
}

function sharedArgs(of: TypeShape): readonly [TypeShape, readonly TypeShape[]] {
  const { shape, refs } = shared(of, REFS);
  return [shape, refs];
}

const typed = fc
  .oneof({ weight: 5, arbitrary: shapeArb }, { weight: 1, arbitrary: shapeArb.map(alike) })
  .chain((shape) => fc.record({ shape: fc.constant(shape), value: valueArb(shape) }));

function parts(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  if (textName(value)?.startsWith('Temporal.') === true) return found; // nothing changes them: copies share them
  found.add(value);
  if (value instanceof Map) for (const [key, item] of value) parts(item, parts(key, found));
  else if (value instanceof Set) for (const item of value) parts(item, found);
  else if (ArrayBuffer.isView(value)) {
    if (!Buffer.isBuffer(value)) found.add(value.buffer); // small Buffers share a pool
  } else for (const item of Object.values(value)) parts(item, found);
  return found;
}

/** Objects that both reach. */
function common(a: unknown, b: unknown): readonly object[] {
  const reached = parts(b);
  return [...parts(a)].filter((part) => reached.has(part));
}

/** A value of the type comes back equal from the wire and as a copy that shares nothing with it. */
function expectKept(ops: Ops, value: unknown): void {
  expect(ops.accepts(value)).toBe(true);
  const decoded = ops.decode(ops.encode(value));
  expect(isDeepStrictEqual(decoded, value)).toBe(true);
  expect(layout(decoded)).toBe(layout(value));
  const copy = ops.copy === undefined ? value : ops.copy(value);
  expect(isDeepStrictEqual(copy, value)).toBe(true);
  expect(ops.copy === undefined ? [] : common(copy, value)).toEqual([]);
}

function isWire(value: unknown): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return !Object.is(value, -0);
  if (typeof value === 'string') return value.isWellFormed();
  if (value instanceof Uint8Array) return Object.getPrototypeOf(value) === Uint8Array.prototype;
  return Array.isArray(value) && value.every(isWire);
}

describe('generated value functions', { timeout: 60_000 }, () => {
  it('take every value of the type, copy it, and bring it back from the wire', () => {
    fc.assert(
      fc.property(typed, ({ shape, value }) => {
        const ops = make(shape);
        expect(ops.accepts(value)).toBe(true);
        const wire = ops.encode(value);
        expect(isWire(wire)).toBe(true);
        const decoded = ops.decode(wire);
        expect(isDeepStrictEqual(decoded, value)).toBe(true);
        expect(layout(decoded)).toBe(layout(value));
        expect(ops.accepts(decoded)).toBe(true);
        const packed = throughMessagePack(ops);
        const unpacked = packed.decode(packed.encode(value));
        expect(isDeepStrictEqual(unpacked, value)).toBe(true);
        expect(layout(unpacked)).toBe(layout(value));
        expect(common(unpacked, value)).toEqual([]);
        const copy = ops.copy === undefined ? value : ops.copy(value);
        expect(isDeepStrictEqual(copy, value)).toBe(true);
        const shared = ops.copy === undefined ? [] : common(copy, value);
        expect(shared).toEqual([]);
        expect(common(decoded, value)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('do the same for types that contain themselves and each other', () => {
    fc.assert(
      fc.property(
        recursiveArb.chain((types) => fc.tuple(fc.constant(types), valueArb(types.shape, types.refs, 8))),
        ([{ shape, refs }, value]) => {
          expectKept(make(shape, refs), value);
        },
      ),
      // Two functions with one text, of which another knows the first already, come once in 2,000 types.
      { numRuns: 3000 },
    );
  });

  it('do the same if each of its objects and unions is a type of its own', () => {
    fc.assert(
      fc.property(typed, ({ shape, value }) => {
        expectKept(make(...sharedArgs(shape)), value);
      }),
      RUNS,
    );
    fc.assert(
      fc.property(
        shapeArb.chain((shape) => fc.tuple(fc.constant(shape), damagedArb(shape))),
        ([shape, value]) => {
          const ops = make(...sharedArgs(shape));
          if (!ops.accepts(value) || !inspectValue(value, ops.declared?.coded).ok) return;
          expect(isDeepStrictEqual(ops.decode(ops.encode(value)), value)).toBe(true);
          expect(isDeepStrictEqual(ops.copy === undefined ? value : ops.copy(value), value)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('accept exactly what decoding can give back', () => {
    fc.assert(
      fc.property(
        shapeArb.chain((shape) => fc.tuple(fc.constant(shape), damagedArb(shape))),
        ([shape, value]) => {
          const ops = make(shape);
          if (!ops.accepts(value) || !inspectValue(value, ops.declared?.coded).ok) return;
          expect(isDeepStrictEqual(ops.decode(ops.encode(value)), value)).toBe(true);
          expect(isDeepStrictEqual(ops.copy === undefined ? value : ops.copy(value), value)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('keep the order of properties: as declared, or not at all', () => {
    fc.assert(
      fc.property(typed, fc.integer(), ({ shape, value }, seed) => {
        const ops = make(shape);
        const declared = layout(value);
        expect(layout(ops.copy === undefined ? value : ops.copy(value))).toBe(declared);
        expect(layout(ops.decode(ops.encode(value)))).toBe(declared);
        const other = reorder(value, seeded(seed));
        expect(ops.accepts(other, true)).toBe(true);
        // What the runtime does with it: generated functions for what is exactly of the type, else the generic ones.
        const exact = ops.accepts(other);
        const copy = exact
          ? ops.copy === undefined
            ? other
            : ops.copy(other)
          : copyValue(other, ops.declared?.coded);
        const decoded = exact
          ? ops.decode(ops.encode(other))
          : decodeAny(encodeAny(other, ops.declared), ops.declared);
        for (const again of [copy, decoded]) {
          expect(layout(again)).toBe(layout(other));
          expect(isDeepStrictEqual(again, other)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('take the order of the declaration only, with indexes first as JavaScript has them', () => {
    const shape = object([
      field('b', string),
      { ...field('c', string), optional: true },
      field('10', string),
      field('a', string),
      field('9', string),
      field('4294967295', string),
      field('01', string),
    ]);
    const ops = make(shape);
    const value = { b: 'x', c: 'x', a: 'x', 10: 'x', 9: 'x', 4294967295: 'x', '01': 'x' };
    const names = ['9', '10', 'b', 'c', 'a', '4294967295', '01'];
    const { c: _c, ...without } = value;
    for (const [one, keys] of [
      [value, names],
      [without, names.filter((name) => name !== 'c')],
    ] as const) {
      expect(ops.accepts(one)).toBe(true);
      expect(Object.keys(ops.decode(ops.encode(one)) as object)).toEqual(keys);
      expect(Object.keys(ops.copy?.(one) as object)).toEqual(keys);
    }
    const late = { ...without, c: 'x' };
    expect([ops.accepts(late), ops.accepts(late, true)]).toEqual([false, true]);
    const record = make({ kind: 'record', value: number, properties: [field('z', number)], readonly: false });
    for (const free of [
      { y: 1, z: 2, x: 3 },
      { z: 1, 5: 2, a: 3 },
    ]) {
      expect(record.accepts(free)).toBe(true);
      expect(layout(record.decode(record.encode(free)))).toBe(layout(free));
    }
  });

  it('answer a changed wire with a refusal or a value of the type', () => {
    const anyWire: fc.Arbitrary<unknown> = fc.oneof(
      fc.constantFrom(null, true, 0, 1, 2, NaN, '', '__proto__', [], [0], [[]], 'x', -0, undefined, {}),
      storableArb,
    );
    const mutation = fc.record({
      at: fc.nat(),
      how: fc.constantFrom('replace', 'drop', 'add'),
      wire: anyWire,
    });
    fc.assert(
      fc.property(
        typed,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        ({ shape, value }, mutations) => {
          const ops = make(shape);
          let wire: unknown = structuredClone(ops.encode(value));
          for (const { at, how, wire: other } of mutations) wire = mutate(wire, at, how, copyValue(other)); // used twice it could hold itself
          let isRight: boolean;
          try {
            isRight = ops.accepts(ops.decode(wire));
          } catch (error) {
            isRight = isRefusal(error);
          }
          expect(isRight).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('answer changed bytes with a refusal or a value of the type', () => {
    const change = fc.record({ at: fc.nat(), how: fc.constantFrom('set', 'cut', 'add'), byte: fc.nat(255) });
    fc.assert(
      fc.property(typed, fc.array(change, { minLength: 1, maxLength: 3 }), ({ shape, value }, changes) => {
        const ops = make(shape);
        const packed = throughMessagePack(ops);
        let bytes = packed.encode(value);
        for (const { at, how, byte } of changes) {
          const place = at % (bytes.length + 1);
          const rest = bytes.subarray(how === 'add' ? place : place + 1);
          bytes = Buffer.concat([
            bytes.subarray(0, place),
            how === 'cut' ? Buffer.alloc(0) : Buffer.of(byte),
            rest,
          ]);
        }
        let isRight: boolean;
        try {
          isRight = ops.accepts(packed.decode(bytes));
        } catch (error) {
          isRight = isRefusal(error);
        }
        expect(isRight).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('see an undeclared property at any depth, unless open', () => {
    const shape = object([
      field('list', { kind: 'array', element: object([field('a', string)]), readonly: false }),
    ]);
    const { accepts } = make(shape);
    expect(accepts({ list: [{ a: 'x' }] })).toBe(true);
    expect(accepts({ list: [{ a: 'x', b: 1 }] })).toBe(false);
    expect(accepts({ list: [{ a: 'x', b: 1 }] }, true)).toBe(true);
    expect(accepts({ list: [{ a: 1, b: 1 }] }, true)).toBe(false);
    expect(accepts({ list: Array(1) })).toBe(false);
  });

  it('take arrays with properties only where the walk before them would let these through', () => {
    const { accepts } = make(object([field('list', { kind: 'array', element: string, readonly: false })]));
    const takes = (list: unknown): boolean => inspectValue({ list }).ok && accepts({ list });
    for (const length of [0, 1, 40]) {
      const list = (): unknown[] => Array(length).fill('x');
      expect(takes(list())).toBe(true);
      expect(takes(Object.assign(list(), { extra: 1 }))).toBe(false);
      expect(takes(Object.assign(list(), { [Symbol('extra')]: 1 }))).toBe(false);
    }
  });

  it('take no null prototype, no class and no inherited property for a declared one', () => {
    const { accepts } = make(object([field('toString', string)]));
    expect(accepts(Object.assign(Object.create(null), { toString: 'x' }))).toBe(false);
    expect(accepts(Object.assign(Object.create(null), { toString: 'x' }), true)).toBe(true);
    expect(accepts({ toString: 'x' })).toBe(true);
    expect(accepts({})).toBe(false);
    const point = make(object([field('x', number)]));
    expect(
      point.accepts(
        new (class {
          x = 1;
        })(),
      ),
    ).toBe(false);
    expect(make({ kind: 'date' }).accepts(new (class extends Date {})())).toBe(false);
    expect(
      make({ kind: 'array', element: number, readonly: false }).accepts(new (class extends Array {})()),
    ).toBe(false);
  });

  it('tell a missing property from one that is undefined', () => {
    for (const shape of [string, number, object([]), { kind: 'union', arms: [string, undef] } as const]) {
      const ops = make(object([{ ...field('a', shape), optional: true }]));
      for (const value of [{}, { a: undefined }]) {
        expect(Object.keys(ops.decode(ops.encode(value)) as object)).toEqual(Object.keys(value));
        expect(Object.keys(ops.copy?.(value) as object)).toEqual(Object.keys(value));
      }
    }
    const required = make(object([field('a', { kind: 'union', arms: [string, undef] })]));
    expect(required.accepts({})).toBe(false);
    expect(required.accepts({ a: undefined })).toBe(true);
  });

  it('tell a property that can only be undefined from one that is missing', () => {
    const undef: TypeShape = { kind: 'primitive', name: 'undefined' };
    const ops = make(object([field('a', string), { ...field('b', undef), optional: true }]));
    for (const value of [{ a: 'x' }, { a: 'x', b: undefined }]) {
      expect(ops.accepts(value)).toBe(true);
      expect(ops.decode(ops.encode(value))).toStrictEqual(value);
      expect(ops.copy?.(value)).toStrictEqual(value);
    }
    for (const value of [{ a: 'x', b: null }, { a: 'x', c: undefined }, { b: undefined }])
      expect(ops.accepts(value)).toBe(false);
  });

  it('refuse a property named __proto__', () => {
    const ops = make(object([field('__proto__', number)]));
    expect(ops.accepts(JSON.parse('{"__proto__": 1}'))).toBe(false);
    expect(() => ops.decode([1])).toThrow(REFUSED);
    const record = make({ kind: 'record', value: number, properties: [], readonly: false });
    expect(() => record.decode(['__proto__', 1])).toThrow(REFUSED);
    expect(() => record.decode(['a', 1, 'a', 1])).toThrow(REFUSED);
    expect(record.accepts(JSON.parse('{"__proto__": 1}'))).toBe(false);
  });

  it('refuse what a type with another order of properties wrote: its values list them in that order', () => {
    const of = (names: string): Ops => make(field0(names));
    const field0 = (names: string): TypeShape =>
      object(
        names.split('').map((name) => field(name, name === 'a' ? string : name === 'b' ? number : NULL)),
      );
    const value = { a: 'x', b: 1, c: null };
    expect(of('abc').encode(value)).toEqual(['x', 1, null]); // by name: no more to say
    expect(of('cab').encode(value)).toEqual([expect.any(String), ['x', 1, null]]);
    for (const [writer, reader] of ['abc cab', 'cab abc', 'cab bac'].map((pair) => pair.split(' ')) as [
      string,
      string,
    ][]) {
      expect(() => of(reader).decode(of(writer).encode(value))).toThrow(REFUSED);
      expect(layout(of(writer).decode(of(writer).encode(value)))).toBe(
        layout(
          Object.fromEntries(
            writer.split('').map((name) => [name, value[name as 'a']]), // of these names
          ),
        ),
      );
      const inner = (names: string): Ops => make({ kind: 'array', element: field0(names), readonly: false });
      expect(() => inner(reader).decode(inner(writer).encode([value]))).toThrow(REFUSED);
      const shape = (names: string): TypeShape => ({
        kind: 'record',
        value: number,
        properties: [],
        readonly: names === '',
      });
      expect(make(shape(reader)).encode({ z: 1 })).toEqual(make(shape(writer)).encode({ z: 1 }));
    }
  });

  it('refuse what was written with the arms of a union in another order', () => {
    const arm = (name: string): TypeShape => object([{ ...field(name, string), optional: true }]);
    const of = (...names: string[]): Ops => make({ kind: 'union', arms: names.map(arm) });
    const wire = of('v', 'w').encode({ v: 'x' });
    expect(of('v', 'w').decode(wire)).toEqual({ v: 'x' });
    expect(() => of('w', 'v').decode(wire)).toThrow(REFUSED);
  });

  it('read what the same type wrote under other names, and with other rights to change it', () => {
    const named = (name: string, readonly: boolean): TypeShape => ({
      kind: 'object',
      name,
      properties: [{ ...field('b', string), readonly }, field('a', NULL)],
    });
    const value = { b: 'x', a: null };
    expect(make(named('One', true)).decode(make(named('Two', false)).encode(value))).toEqual(value);
  });

  it('copy a recursive union whose objects hold it with one arm more', () => {
    const json = make({ kind: 'ref', id: 3 });
    const value = { list: ['a', null, { deep: [['b']], missing: undefined }] };
    expect(json.accepts(value)).toBe(true);
    expect(json.copy?.(value)).toEqual(value);
    expect(json.decode(json.encode(value))).toEqual(value);
  });

  it('end on cycles, on shared parts, and on a wire that nests without end', () => {
    const tree = make({ kind: 'ref', id: 0 });
    const cycle: Record<string, unknown> = { value: 1, next: null };
    cycle['next'] = cycle;
    expect(tree.accepts(cycle)).toBe(false);
    let shared: object = { value: 1, next: null };
    for (let i = 0; i < 60; i++) shared = { value: 1, next: shared, kids: [shared] };
    expect(tree.accepts(shared)).toBe(false);
    let wire: unknown = [[[]], null, 1];
    for (let i = 0; i < 50_000; i++) wire = [0, [0, wire], 1];
    expect(() => tree.decode(wire)).toThrow(REFUSED);
    let list: unknown = { value: 1, next: null };
    for (let i = 0; i < 100; i++) list = { value: -0, next: list };
    expect(isDeepStrictEqual(tree.decode(tree.encode(list)), list)).toBe(true);
  });

  it('choose among objects by a literal tag, else by the whole type', () => {
    const arm = (kind: string, more: PropertyShape): TypeShape =>
      object([field('kind', { kind: 'literal', value: kind }), more]);
    const tagged: TypeShape = {
      kind: 'union',
      arms: [arm('a', field('x', number)), arm('b', field('y', { kind: 'date' }))],
    };
    expect(writeValue(tagged, [])).toContain('v.kind === "a"');
    const ops = make(tagged);
    const value = { kind: 'b', y: new Date(5) };
    expect(ops.decode(ops.encode(value))).toEqual(value);
    expect(() => ops.decode([7, []])).toThrow(REFUSED);
  });

  it('know what nobody can change', () => {
    const readonly = (shape: TypeShape): PropertyShape => ({ ...field('a', shape), readonly: true });
    expect(make(object([readonly({ kind: 'array', element: string, readonly: true })])).immutable).toBe(true);
    expect(
      make(object([readonly({ kind: 'array', element: string, readonly: false })])).immutable,
    ).toBeUndefined();
    expect(make(object([readonly({ kind: 'date' })])).immutable).toBeUndefined();
    expect(make(object([field('a', string)])).immutable).toBeUndefined();
    expect(make(string).copy).toBeUndefined();
    const recursive = object([readonly({ kind: 'union', arms: [NULL, { kind: 'ref', id: 0 }] })]);
    expect(make({ kind: 'ref', id: 0 }, [recursive]).immutable).toBe(true);
  });

  it('need no global by name', () => {
    const text = writeValue(
      object([
        field('a', { kind: 'ref', id: 2 }),
        field('b', { kind: 'date' }),
        field('c', { kind: 'ref', id: 1 }),
      ]),
      REFS,
    );
    const shadowed = 'Object, Array, Map, Set, Date, Buffer, NaN, Infinity, undefined';
    const ops = throughWire(evaluate(`(${shadowed}) => ${text}`)()(valueKit)) as Ops;
    const value = { a: new Map([['x', []]]), b: new Date(1), c: [1, { d: 'x' }] };
    expect(ops.accepts(value)).toBe(true);
    expect(ops.copy?.(value)).toEqual(value);
    expect(ops.decode(ops.encode(value))).toEqual(value);
  });

  it('make no RegExp of stored bytes unless the type says RegExp', () => {
    const open = make({ kind: 'array', element: { kind: 'any' }, readonly: false });
    expect(open.accepts([/a/])).toBe(false);
    expect(open.accepts([new URL('http://a/')])).toBe(true);
    const hostile = [8, 'RegExp', '/(a+)+$'];
    expect(() => open.decode([hostile])).toThrow(REFUSED);
    expect(() => decodeAny(hostile)).toThrow(REFUSED);
    expect(() => decodeAny([8, 'constructor', 'x'])).toThrow(REFUSED);
    const said = make(object([field('a', { kind: 'text', type: 'RegExp' })]));
    expect(said.declared).toEqual({ regExp: true });
    expect(said.decode(['gi/a\\/b'])).toEqual({ a: /a\/b/gi });
    const other = { b: 1, a: /x/ };
    expect([said.accepts(other), said.accepts(other, true)]).toEqual([false, true]);
    expect(decodeAny(encodeAny(other, said.declared), said.declared)).toEqual(other);
  });

  it('keep a RegExp only at its beginning, and built-ins only without additions', () => {
    const pattern = make({ kind: 'text', type: 'RegExp' });
    const searching = /a/g;
    searching.lastIndex = 1;
    for (const value of [
      searching,
      Object.assign(/a/, { extra: 1 }),
      new (class extends RegExp {})('a'),
      'a',
      {},
    ])
      expect(pattern.accepts(value)).toBe(false);
    for (const wire of ['a', 'z/a', 'gg/a', '/(', 'ig/a', 'g/\n', 1, null, ['g/a']])
      expect(() => pattern.decode(wire)).toThrow(REFUSED);
    const url = make({ kind: 'text', type: 'URL' });
    expect(url.accepts(Object.create(URL.prototype))).toBe(false);
    expect(url.accepts(Object.assign(new URL('http://a/'), { extra: 1 }))).toBe(false);
    for (const wire of ['http://a', 'a', '', 'HTTP://a/', 'javascript:\n1'])
      expect(() => url.decode(wire)).toThrow(REFUSED);
  });

  it('keep all of a Temporal value, or do not take it', () => {
    const { Duration, PlainMonthDay } = Reflect.get(globalThis, 'Temporal') as Record<string, TemporalClass>; // classes.ts
    const duration = make({ kind: 'text', type: 'Temporal.Duration' });
    const long = new Duration!(0, 0, 0, 0, 0, 0, 0, 90_000);
    expect(Reflect.get(duration.decode(duration.encode(long)) as object, 'milliseconds')).toBe(90_000);
    for (const wire of [
      '',
      '1',
      '0 0 0 0 0 0 0 0 0 1.5',
      '0 0 0 0 0 0 0 0 0 0x1',
      '1 -1 0 0 0 0 0 0 0 0',
      'P1D',
    ])
      expect(() => duration.decode(wire)).toThrow(REFUSED);
    const day = make({ kind: 'text', type: 'Temporal.PlainMonthDay' });
    expect(day.accepts(new PlainMonthDay!(12, 25))).toBe(true);
    // Its year, which only JavaScript code can give it, is in no text that Temporal reads.
    expect(day.accepts(new PlainMonthDay!(12, 25, 'iso8601', 2000))).toBe(false);
    expect(duration.immutable).toBe(true);
  });

  it('bring instances of a class with a codec back, and nothing else', () => {
    const money = make(moneyShape);
    const one = new Money(5n, 'EUR');
    const again = money.decode(money.encode(one));
    expect(again).toBeInstanceOf(Money);
    expect(String((again as Money).cents)).toBe('5'); // private: no matcher sees it
    expect(money.accepts({ cents: 5n, currency: 'EUR' })).toBe(false);
    expect(money.accepts(new (class extends Money {})(5n, 'EUR'))).toBe(false);
    expect(money.accepts(Object.create(Money.prototype))).toBe(false); // its codec throws
    expect(money.accepts(new Money(5 as never, 'EUR'))).toBe(false); // not what the codec's type says
    for (const wire of [[5, 'EUR'], [['5']], null, {}, [['5'], 'EUR', 1]])
      expect(() => money.decode(wire)).toThrow(REFUSED);
  });

  it('tell an instance from plain objects without asking its getters', () => {
    class Later {
      get name(): string {
        throw new Error('not loaded');
      }

      static readonly [codec]: Codec<Later, string> = {
        id: 'test/later/1',
        encode: () => 'later',
        decode: () => new Later(),
      };
    }
    Object.assign(Reflect.get(globalThis, 'ckTest') as object, { Later }); // classes.ts
    const later: TypeShape = {
      kind: 'class',
      id: 'test/later/1',
      name: 'Later',
      reach: { kind: 'local', name: 'Later' },
      wire: string,
    };
    const plain = [object([field('name', string)]), object([field('name', number), field('more', string)])];
    const ops = make({ kind: 'union', arms: [...plain, later] });
    expect(ops.accepts(new Later())).toBe(true);
    expect(ops.copy?.(new Later() as never)).toBeInstanceOf(Later);
    expect(ops.decode(ops.encode(new Later()))).toBeInstanceOf(Later);
    for (const value of [{ name: 'a' }, { name: 1, more: '' }])
      expect(ops.decode(ops.encode(value))).toEqual(value);
  });

  it('share nothing with an instance whose codec hands out its own list', () => {
    const basket = make(basketShape);
    const one = new Basket(['a']);
    const copy = basket.copy?.(one) as Basket;
    copy.items.push('b');
    expect(one.items).toEqual(['a']);
    const tagged = copyValue({ one }, basket.declared?.coded) as { one: Basket };
    tagged.one.items.push('b');
    expect(one.items).toEqual(['a']);
  });

  it('take no class that cannot be reached, or whose codec has another id', () => {
    for (const shape of [
      { ...moneyShape, id: 'test/money/2' },
      { ...moneyShape, reach: { kind: 'local', name: 'NotThere' } },
    ] as TypeShape[]) {
      const ops = make(object([field('a', shape)]));
      expect(ops.accepts({ a: new Money(1n, 'EUR') })).toBe(false);
      expect(() => ops.decode([[['1'], 'EUR']])).toThrow(REFUSED);
      expect(inspectValue({ a: new Money(1n, 'EUR') }, ops.declared?.coded).ok).toBe(false);
    }
    // The id is the site's own: stored bytes cannot ask for another class.
    const { declared } = make(moneyShape);
    const wire = encodeAny({ a: new Money(1n, 'EUR') }, declared);
    expect(decodeAny(wire, declared)).toEqual({ a: new Money(1n, 'EUR') });
    expect(() => decodeAny(wire)).toThrow(REFUSED);
    expect(() => decodeAny(wire, make(basketShape).declared)).toThrow(REFUSED);
  });

  it('handle types that nest 64 deep', () => {
    let shape: TypeShape = string;
    let value: unknown = 'x';
    for (let i = 0; i < 64; i++) {
      shape = { kind: 'union', arms: [NULL, object([{ ...field('a', shape), optional: true }])] };
      value = { a: value };
    }
    const ops = make(shape);
    expect(ops.accepts(value)).toBe(true);
    expect(ops.decode(ops.encode(value))).toEqual(value);
  });
});

type TemporalClass = new (...fields: readonly unknown[]) => object;

const string: TypeShape = { kind: 'primitive', name: 'string' };
const number: TypeShape = { kind: 'primitive', name: 'number' };
const NULL: TypeShape = { kind: 'primitive', name: 'null' };
const undef: TypeShape = { kind: 'primitive', name: 'undefined' };

/** Changes one place of a wire. */
function mutate(root: unknown, at: number, how: string, other: unknown): unknown {
  const places: (() => void)[] = [];
  const box = { root };
  places.push(() => (box.root = other));
  const walk = (wire: unknown): void => {
    if (!Array.isArray(wire)) return;
    const list: unknown[] = wire;
    places.push(() => list.push(other));
    list.forEach((item, index) => {
      places.push(() => {
        if (how === 'replace') list[index] = other;
        else list.splice(index, how === 'drop' ? 1 : 0, ...(how === 'drop' ? [] : [other]));
      });
      walk(item);
    });
  };
  walk(root);
  places[at % places.length]?.();
  return box.root;
}
