// All places inside a shape, each with what is around it: some types only matter at some places.
import type { ShapePath, TypeShape } from './type-shape.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `.name`, or `["a-b"]` when the name is no identifier. */
export function propertyPath(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** Direct children with the path segment that leads to each; union arms add nothing. */
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

/** How a place is reached: `inner` is an element, key or value of a collection. Arms of a union have its role. */
type PlaceRole = 'root' | 'property' | 'inner';

export interface Place {
  readonly shape: TypeShape;
  readonly path: ShapePath;
  readonly role: PlaceRole;
  /** The innermost property on the way here, as a path segment such as `.owner`; '' above any. */
  readonly property: string;
  readonly isArm: boolean;
}

/** Depth first, a place before what is inside it. A `ref` is a place; what it means is entered once. */
export function* placesOf(shape: TypeShape, refs: readonly TypeShape[]): Generator<Place> {
  const seen = new Set<number>();
  // The next one last. No generator in a generator: each value would go through all that are open.
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
