// Joins shapes into one union: flattened, without duplicates, `true | false` as boolean, arms in a fixed order.
import { printShape } from './print-shape.ts';
import type { PrimitiveName, TypeShape } from './type-shape.ts';

/** The union of at least one shape. Equal shapes give that shape; `any` among them gives `any`. */
export function unionShape(shapes: readonly TypeShape[]): TypeShape {
  const flat = shapes.flatMap((shape) => (isPlainUnion(shape) ? shape.arms : [shape]));
  const any = flat.find((shape) => shape.kind === 'any');
  if (any !== undefined) return any;
  const arms = joinBooleans(dropCovered(distinct(flat)));
  const [first] = arms;
  if (first !== undefined && arms.length === 1) return first;
  return { kind: 'union', arms: arms.toSorted(inOrder) };
}

/** Removes `undefined` from the shape of an optional property or parameter. A shape that is only `undefined` stays. */
export function withoutUndefined(shape: TypeShape): TypeShape {
  if (shape.kind !== 'union') return shape;
  const arms = shape.arms.filter((arm) => !(arm.kind === 'primitive' && arm.name === 'undefined'));
  if (arms.length === shape.arms.length || arms.length === 0) return shape;
  const rest = unionShape(arms);
  return shape.sensitive === undefined ? rest : { sensitive: shape.sensitive, ...rest };
}

const isPlainUnion = (shape: TypeShape): shape is Extract<TypeShape, { kind: 'union' }> =>
  shape.kind === 'union' && shape.brand === undefined && shape.sensitive === undefined;

const marks = (shape: TypeShape): string => JSON.stringify([shape.brand, shape.sensitive]);

function distinct(shapes: readonly TypeShape[]): readonly TypeShape[] {
  const kinds = Map.groupBy(shapes, (shape) => shape.kind);
  const seen = new Set<string>();
  return shapes.filter((shape) => {
    // The only shape of its kind has no duplicate. Without this, `User | undefined` at every level of nesting would
    // serialise everything below each time.
    if (kinds.get(shape.kind)?.length === 1) return true;
    const text = JSON.stringify(shape);
    return seen.size < seen.add(text).size;
  });
}

/** Drops literals beside their own primitive, such as `'a'` in `'a' | (string & {})`. */
function dropCovered(shapes: readonly TypeShape[]): readonly TypeShape[] {
  const wide = new Set(
    shapes.map((shape) => (shape.kind === 'primitive' ? shape.name + marks(shape) : undefined)),
  );
  return shapes.filter(
    (shape) => shape.kind !== 'literal' || !wide.has(primitiveOf(shape.value) + marks(shape)),
  );
}

function primitiveOf(value: string | number | boolean | { readonly bigint: string }): PrimitiveName {
  const type = typeof value;
  return type === 'object' ? 'bigint' : (type as PrimitiveName); // the value's type leaves string, number, boolean
}

/** Replaces `true | false` by the primitive `boolean`. */
function joinBooleans(shapes: readonly TypeShape[]): readonly TypeShape[] {
  const isBoolean = (shape: TypeShape, value: boolean): boolean =>
    shape.kind === 'literal' && shape.value === value;
  return shapes.flatMap((shape): readonly TypeShape[] => {
    const other = (value: boolean): boolean =>
      shapes.some((arm) => isBoolean(arm, value) && marks(arm) === marks(shape));
    if (isBoolean(shape, false) && other(true)) return [];
    if (!isBoolean(shape, true) || !other(false)) return [shape];
    const { brand, sensitive } = shape;
    return [
      {
        kind: 'primitive',
        name: 'boolean',
        ...(brand !== undefined && { brand }),
        ...(sensitive !== undefined && { sensitive }),
      },
    ];
  });
}

/**
 * Order of union arms: cheap tests first, null and undefined last, then by text. The order in which the type checker
 * lists the arms must not matter.
 */
const ORDER: readonly TypeShape['kind'][] = [
  'literal',
  'primitive',
  'date',
  'bytes',
  'text',
  'class',
  'tuple',
  'array',
  'set',
  'map',
];

function place(shape: TypeShape): number {
  if (shape.kind === 'primitive' && shape.name === 'null') return 90;
  if (shape.kind === 'primitive' && shape.name === 'undefined') return 91;
  const index = ORDER.indexOf(shape.kind);
  return index === -1 ? 50 : index;
}

function inOrder(a: TypeShape, b: TypeShape): number {
  if (place(a) !== place(b)) return place(a) - place(b);
  if (
    a.kind === 'literal' &&
    b.kind === 'literal' &&
    typeof a.value === 'number' &&
    typeof b.value === 'number'
  )
    return a.value - b.value;
  const [textA, textB] = [printShape(a), printShape(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

/** Whether the only value of the type is null or undefined. */
export function isNothing(shape: TypeShape): boolean {
  return shape.kind === 'primitive' && (shape.name === 'null' || shape.name === 'undefined');
}
