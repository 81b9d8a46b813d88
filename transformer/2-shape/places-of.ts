// Walks all places inside a shape. Each place says where it is, as some types only matter in some places.
import type { ShapePath, TypeShape } from './type-shape.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `.name`, or `["a-b"]` when the name is no identifier. */
export function propertyPath(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Direct children, each with the path segment that leads to it ('' for arms of a union). */
function childShapes(shape: TypeShape): readonly (readonly [segment: string, child: TypeShape])[] {
  switch (shape.kind) {
    case 'object':
      return shape.properties.map((property) => [propertyPath(property.name), property.shape] as const);
    case 'record':
      return [
        ...shape.properties.map((property) => [propertyPath(property.name), property.shape] as const),
        ['<value>', shape.value] as const,
      ];
    case 'array':
      return [['[]', shape.element]];
    case 'tuple':
      return shape.elements.map((element, index) => [element.rest ? '[]' : `[${index}]`, element.shape]);
    case 'map':
      return [
        ['<key>', shape.key],
        ['<value>', shape.value],
      ];
    case 'set':
      return [['<value>', shape.element]];
    case 'class':
      return [['<data>', shape.wire]];
    case 'union':
      return shape.arms.map((arm) => ['', arm]);
    default:
      return [];
  }
}

/** `inner`: an element, key or value of a collection. An arm of a union has the role of the union. */
type PlaceRole = 'root' | 'property' | 'inner';

export interface Place {
  readonly shape: TypeShape;
  readonly path: ShapePath;
  readonly role: PlaceRole;
  /** Path segment of the innermost property that contains this place, such as `.owner`; '' outside of any property. */
  readonly property: string;
  /** True for an arm of a union. */
  readonly isArm: boolean;
}

/** Depth first, a place before what is inside it. A `ref` is a place of its own; its body is entered only once. */
export function* placesOf(shape: TypeShape, refs: readonly TypeShape[]): Generator<Place> {
  const seen = new Set<number>();
  // A stack, the next place on top. Nested `yield*` would pass each value through every open generator.
  const open: Place[] = [{ shape, path: '', role: 'root', property: '', isArm: false }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    yield place;
    open.push(...placesIn(place, refs, seen).toReversed());
  }
}

function placesIn(place: Place, refs: readonly TypeShape[], seen: Set<number>): readonly Place[] {
  const { shape } = place;
  if (shape.kind !== 'ref')
    return childShapes(shape).map(([segment, child]) => inside(place, segment, child));
  const target = refs[shape.id];
  if (target === undefined || seen.has(shape.id)) return [];
  seen.add(shape.id);
  return [{ ...place, shape: target }];
}

function inside(place: Place, segment: string, shape: TypeShape): Place {
  if (segment === '') return { ...place, shape, isArm: true };
  const path = place.path + segment;
  const isProperty = segment.startsWith('.') || segment.startsWith('["');
  return isProperty
    ? { shape, path, role: 'property', property: segment, isArm: false }
    : { shape, path, role: 'inner', property: place.property, isArm: false };
}
