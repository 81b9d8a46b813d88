// Random types that contain themselves and each other. Each has values: a type refers to another only where nothing
// need be.
import fc from 'fast-check';
import type { PropertyShape, TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { field, object } from './shapes.ts';

interface Recursive {
  readonly refs: readonly TypeShape[];
  /** A type that leads to them. */
  readonly shape: TypeShape;
}

/** Few kinds and names, so that texts of different functions are often the same. */
const leaf: fc.Arbitrary<TypeShape> = fc.constantFrom(
  { kind: 'primitive', name: 'string' },
  { kind: 'primitive', name: 'number' },
  { kind: 'literal', value: 'x' },
  { kind: 'date' },
);
const nothing: fc.Arbitrary<TypeShape> = fc.constantFrom(
  { kind: 'primitive', name: 'null' },
  { kind: 'primitive', name: 'undefined' },
);
const name = fc.constantFrom('a', 'b', 'c');

/** @param count how many types there are to refer to */
function partsOf(count: number): fc.Arbitrary<{ part: TypeShape; body: TypeShape }> {
  const ref = fc.nat({ max: count - 1 }).map((id): TypeShape => ({ kind: 'ref', id }));
  const target = fc.oneof({ weight: 3, arbitrary: ref }, { weight: 1, arbitrary: leaf });
  const maybe = fc
    .tuple(nothing, ref, fc.option(leaf))
    .map(([none, to, other]): TypeShape => ({ kind: 'union', arms: [none, ...(other ? [other] : []), to] }));
  const { part, body } = fc.letrec<{ part: TypeShape; body: TypeShape; property: PropertyShape }>((tie) => {
    const inside = fc.oneof({ weight: 2, arbitrary: target }, { weight: 1, arbitrary: tie('part') });
    const properties = fc.uniqueArray(tie('property'), { maxLength: 3, selector: (one) => one.name });
    const list = inside.map((element): TypeShape => ({ kind: 'array', element, readonly: false }));
    const record = fc
      .oneof(inside, maybe)
      .map((value): TypeShape => ({ kind: 'record', value, properties: [], readonly: false }));
    return {
      property: fc.oneof(
        fc.tuple(name, inside).map(([key, shape]) => ({ ...field(key, shape), optional: true })),
        fc.tuple(name, tie('part')).map(([key, shape]) => field(key, shape)),
      ),
      part: fc.oneof({ maxDepth: 3 }, leaf, maybe, list, record, tie('body')),
      body: fc.oneof(
        { maxDepth: 3 },
        properties.map(object),
        list,
        record,
        fc
          .tuple(nothing, leaf, list, fc.oneof(record, properties.map(object)))
          .map((arms): TypeShape => ({ kind: 'union', arms })),
        inside.map((value): TypeShape => ({ kind: 'map', key: STRING, value, readonly: false })),
        inside.map((shape): TypeShape => ({
          kind: 'tuple',
          elements: [{ shape, optional: true, rest: false }],
          readonly: false,
        })),
      ),
    };
  });
  return fc.record({ part, body });
}

const STRING: TypeShape = { kind: 'primitive', name: 'string' };

export const recursiveArb: fc.Arbitrary<Recursive> = fc.integer({ min: 1, max: 3 }).chain((count) => {
  const parts = partsOf(count);
  return fc.record({
    refs: fc.array(
      parts.map(({ body }) => body),
      { minLength: count, maxLength: count },
    ),
    shape: parts.map(({ part }) => part),
  });
});

/** The same type with a ref for each object, record and union in it, as large types are read. */
export function shared(shape: TypeShape, refs: readonly TypeShape[]): Recursive {
  const all = [...refs];
  const refTo = (inner: TypeShape): TypeShape => {
    all.push(inner);
    return { kind: 'ref', id: all.length - 1 };
  };
  const property = (one: PropertyShape): PropertyShape => ({ ...one, shape: share(one.shape) });
  const share = (inner: TypeShape): TypeShape => {
    switch (inner.kind) {
      case 'object':
        return refTo({ ...inner, properties: inner.properties.map(property) });
      case 'record':
        return refTo({ ...inner, value: share(inner.value), properties: inner.properties.map(property) });
      case 'union':
        return refTo({ ...inner, arms: inner.arms.map(share) });
      case 'array':
      case 'set':
        return { ...inner, element: share(inner.element) };
      case 'map':
        return { ...inner, key: share(inner.key), value: share(inner.value) };
      case 'tuple':
        return { ...inner, elements: inner.elements.map((one) => ({ ...one, shape: share(one.shape) })) };
      default:
        return inner;
    }
  };
  return { shape: share(shape), refs: all };
}
