import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeArg } from '../../../runtime/key/encode-args.ts';
import { keyKit } from '../../../runtime/key/key-kit.ts';
import { UnkeyableError } from '../../../runtime/key/unkeyable-error.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import type { KeyPartPlan, KeyPlan } from '../../../transformer/3-plan/cache-plan.ts';
import { canKeep } from '../../../transformer/5-generate/write-kept.ts';
import { writeKeys } from '../../../transformer/5-generate/write-keys.ts';
import { evaluate } from './evaluate.ts';
import { damagedArb, field, object, REFS, shapeArb, strangeArb, valueArb } from './shapes.ts';

const string: TypeShape = { kind: 'primitive', name: 'string' };
const number: TypeShape = { kind: 'primitive', name: 'number' };
const NULL: TypeShape = { kind: 'primitive', name: 'null' };
const undef: TypeShape = { kind: 'primitive', name: 'undefined' };
const RUNS = { numRuns: 300 };

interface Ops {
  key: (...keyed: unknown[]) => string;
  keep: (...keyed: unknown[]) => readonly [unknown, unknown] | undefined;
  eq: (kept: unknown, ...keyed: unknown[]) => boolean;
}

function plan(shapes: readonly TypeShape[], more: Partial<KeyPlan> = {}): KeyPlan {
  const parts = shapes.map((shape, index): KeyPartPlan => ({
    text: `arg${index}`,
    label: '',
    shape,
    source: 'parameter',
  }));
  return { parts, identity: true, index: 'n', bucket: undefined, reason: '', ...more };
}

function make(shapes: readonly TypeShape[], more: Partial<KeyPlan> = {}): Ops {
  const { keys } = writeKeys(
    plan(shapes, more),
    REFS,
    shapes.map((_, index) => `arg${index}`),
  );
  expect(keys).not.toMatch(/[\n\r\u2028\u2029]/);
  return evaluate(keys)(keyKit);
}

/** The text, or undefined when there is none. */
function attempt(write: () => string): string | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof UnkeyableError) return undefined;
    throw error;
  }
}

const shapesArb = fc.array(shapeArb, { minLength: 1, maxLength: 3 });
const anyArb = (shape: TypeShape): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: valueArb(shape) },
    { weight: 3, arbitrary: damagedArb(shape) },
    { weight: 1, arbitrary: strangeArb },
  );

describe('generated key functions', { timeout: 60_000 }, () => {
  it('write the text of encodeArg, whatever the values are', () => {
    const calls = shapesArb.chain((shapes) => fc.tuple(fc.constant(shapes), fc.tuple(...shapes.map(anyArb))));
    fc.assert(
      fc.property(calls, ([shapes, values]) => {
        const { key } = make(shapes);
        const generic = attempt(() => values.map((value) => encodeArg(value)).join(''));
        expect(attempt(() => key(...values))).toBe(generic);
      }),
      { numRuns: 600 },
    );
  });

  it('recognise kept arguments exactly when the keys are equal', () => {
    const calls = shapesArb
      .filter((shapes) => shapes.every((shape) => canKeep(REFS, shape)))
      .chain((shapes) =>
        fc.tuple(
          fc.constant(shapes),
          fc.tuple(...shapes.map((shape) => valueArb(shape))),
          fc.tuple(...shapes.map((shape) => valueArb(shape))),
        ),
      );
    fc.assert(
      fc.property(calls, ([shapes, first, second]) => {
        const { key, keep, eq } = make(shapes);
        const kept = keep(...first);
        expect(kept).toBeDefined();
        expect(eq(kept?.[1], ...first)).toBe(true);
        expect(eq(kept?.[1], ...second)).toBe(key(...first) === key(...second));
        expect(eq(kept?.[1], ...structuredClone(first))).toBe(true);
      }),
      RUNS,
    );
  });

  it('never recognise a call with another key, whatever the values are', () => {
    const calls = shapeArb
      .filter((shape) => canKeep(REFS, shape))
      .chain((shape) => fc.tuple(fc.constant(shape), anyArb(shape), anyArb(shape), fc.boolean()));
    fc.assert(
      fc.property(calls, ([shape, first, second, same]) => {
        const { key, keep, eq } = make([shape]);
        const kept = keep(first);
        if (kept === undefined) return;
        const other = same ? first : second;
        const text = attempt(() => key(other));
        // What has no key at all (a hidden property) is not looked for on the hot path.
        const isHit = text !== undefined && eq(kept[1], other);
        expect(isHit ? text : key(first)).toBe(key(first));
      }),
      { numRuns: 600 },
    );
  });

  it('keep a copy: a caller that changes its arguments does not change the entry', () => {
    const shape = object([
      field('id', number),
      field('tags', { kind: 'array', element: string, readonly: false }),
      field('at', { kind: 'date' }),
    ]);
    const { keep, eq } = make([shape], { bucket: 'arg0?.id' });
    const make0 = () => ({ id: 1, tags: ['a', 'b'], at: new Date(5) });
    const query = make0();
    const kept = keep(query);
    expect(kept?.[0]).toBe(1);
    query.tags.push('c');
    query.at.setTime(6);
    expect(eq(kept?.[1], query)).toBe(false);
    expect(eq(kept?.[1], make0())).toBe(true);
  });

  it('do not keep what is not of the declared type', () => {
    const { keep, key } = make([object([field('id', number)])]);
    for (const value of [
      { id: '1' },
      { id: 1, more: 2 },
      {},
      null,
      5,
      new (class {
        id = 1;
      })(),
    ]) {
      expect(keep(value)).toBeUndefined();
    }
    expect(keep(Object.assign(Object.create(null), { id: 1 }))).toBeDefined();
    expect(() => key({ id: () => 1 })).toThrow(UnkeyableError);
  });

  it('see undeclared fields, inherited names and class instances', () => {
    const { keep, eq } = make([
      object([
        field('toString', { kind: 'union', arms: [string, undef] }),
        { ...field('a', number), optional: true },
      ]),
    ]);
    const kept = keep({ toString: undefined, a: 1 })?.[1];
    expect(eq(kept, { a: 1 })).toBe(true);
    expect(eq(kept, { a: 1, b: undefined })).toBe(true);
    expect(eq(kept, { a: 1, b: 2 })).toBe(false);
    expect(
      eq(
        kept,
        new (class {
          a = 1;
        })(),
      ),
    ).toBe(false);
    const words = make([{ kind: 'array', element: string, readonly: false }]);
    const match = /x/.exec('x');
    expect(words.eq(words.keep(['x'])?.[1], ['x'])).toBe(true);
    expect(words.eq(words.keep(['x'])?.[1], match)).toBe(false);
    expect(words.keep(match)).toBeUndefined();
  });

  it('see a hole where an element may be undefined', () => {
    const element: TypeShape = { kind: 'union', arms: [number, undef] };
    const list = make([{ kind: 'array', element, readonly: false }]);
    const kept = list.keep([1, undefined, 3])?.[1];
    expect(list.eq(kept, [1, undefined, 3])).toBe(true);
    expect(list.eq(kept, Object.assign([1], { 2: 3 }))).toBe(false);
    expect(list.eq(list.keep([undefined, undefined])?.[1], Array.from({ length: 2 }))).toBe(true);
    expect(list.eq(list.keep([undefined, undefined])?.[1], Reflect.construct(Array, [2]))).toBe(false);
    const place = { shape: number, optional: true, rest: false };
    const tuple = make([{ kind: 'tuple', elements: [place, place], readonly: false }]);
    expect(tuple.eq(tuple.keep([1, undefined])?.[1], [1, undefined])).toBe(true);
    expect(tuple.eq(tuple.keep([1, undefined])?.[1], Object.assign([1], { length: 2 }))).toBe(false);
  });

  it('never make an entry for what only eq does not see: key and keep refuse it', () => {
    const { key, keep } = make([
      object([field('tags', { kind: 'array', element: string, readonly: false })]),
    ]);
    const odd = [
      { tags: Object.assign(['a'], { extra: 1 }) },
      { tags: Object.assign(['a'], { [Symbol('s')]: 1 }) },
      { tags: ['a'], [Symbol('s')]: 1 },
      Object.defineProperty({ tags: ['a'] }, 'hidden', { value: 1 }),
      Object.defineProperty({}, 'tags', { get: () => ['a'], enumerable: true }),
    ];
    for (const value of odd) {
      expect(() => key(value)).toThrow(UnkeyableError);
      expect(keep(value)).toBeUndefined();
    }
  });

  it('answer no, and do not throw, when an argument throws on reading', () => {
    const { keep, eq, key } = make([object([field('id', number)])]);
    const kept = keep({ id: 1 })?.[1];
    const bad = {
      get id(): number {
        throw new Error('mine');
      },
    };
    expect(eq(kept, bad)).toBe(false);
    expect(keep(bad)).toBeUndefined();
    expect(() => key(bad)).toThrow(UnkeyableError);
  });

  it('leave recursion, maps, records and the unknown to the key text', () => {
    for (const shape of [
      { kind: 'ref', id: 0 },
      { kind: 'any' },
      { kind: 'map', key: string, value: number, readonly: false },
    ] as const) {
      const { keep, eq } = make([shape]);
      expect(keep(new Map())).toBeUndefined();
      expect(eq(undefined, new Map())).toBe(false);
    }
    const cycle: Record<string, unknown> = { value: 1 };
    cycle['next'] = cycle;
    expect(() => make([{ kind: 'ref', id: 0 }]).key(cycle)).toThrow(UnkeyableError);
  });

  it('need no global by name', () => {
    const { keys } = writeKeys(
      plan([
        object([
          field('at', { kind: 'date' }),
          field('n', { kind: 'array', element: number, readonly: false }),
        ]),
      ]),
      [],
      ['arg0'],
    );
    const ops: Ops = evaluate(`(Object, Array, Map, Date, NaN, undefined) => ${keys}`)()(keyKit);
    const value = { at: new Date(1), n: [NaN, -0] };
    expect(ops.key(value)).toBe(encodeArg(value));
    expect(ops.eq(ops.keep(value)?.[1], structuredClone(value))).toBe(true);
  });

  it('pick paths and captured values from the args', () => {
    const part = (text: string, source: KeyPartPlan['source']): KeyPartPlan => ({
      text,
      label: '',
      shape: number,
      source,
    });
    const parts = [part('opts?.page', 'path'), part('this.tenant', 'capture')];
    const texts = writeKeys(plan([], { parts, identity: false, index: 2 }), [], ['id', 'opts']);
    const pick: (...args: unknown[]) => unknown[] = evaluate(texts.pick);
    expect(pick(7, { page: 2 }, 'acme')).toEqual([2, 'acme']);
    expect(pick(7, undefined, 'acme')).toEqual([undefined, 'acme']);
    const { key } = evaluate(texts.keys)(keyKit);
    expect(key(2, 3)).toBe('d2;d3;');
    expect(() =>
      writeKeys(plan([], { parts: [part('other', 'path')], identity: false }), [], ['id']),
    ).toThrow('other');
  });

  it('write nothing when nothing enters the key', () => {
    expect(writeKeys(plan([], { index: 0 }), [], [])).toEqual({ keys: undefined, pick: undefined });
    expect(writeKeys(plan([], { index: 0, identity: false }), [], ['ignored']).pick).toBe('(a0) => []');
  });

  it('compare numbers as keys do', () => {
    const { keep, eq } = make([number, { kind: 'union', arms: [number, NULL] }]);
    const kept = keep(NaN, -0)?.[1];
    expect(eq(kept, NaN, -0)).toBe(true);
    expect(eq(kept, NaN, 0)).toBe(false);
    expect(eq(kept, 0, -0)).toBe(false);
  });
});
