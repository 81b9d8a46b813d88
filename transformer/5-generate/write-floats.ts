// Writes where numbers are declared Float64, for functions with `interop`, as an object literal
// (runtime/contract/float-places.ts).
import type { FloatPlaces, FloatPlacesBelow } from '../../runtime/contract/float-places.ts';
import { placesOf } from '../2-shape/places-of.ts';
import type { SignatureShape, TypeShape } from '../2-shape/type-shape.ts';
import { propertyName } from './literal.ts';

/** Undefined: there is no such number. `args`: shapes of the keyed values, in their order. */
export function writeFloats(
  args: readonly TypeShape[],
  { result, refs }: Pick<SignatureShape, 'result' | 'refs'>,
): string | undefined {
  const find = (shape: TypeShape): FloatPlaces | undefined =>
    hasFloat(shape, refs) ? findFloats(shape, find) : undefined;
  const ofArgs = args.map((shape) => find(shape) ?? 0);
  const ofResult = find(result);
  const hasArgs = ofArgs.some((places) => places !== 0);
  if (!hasArgs && ofResult === undefined) return undefined;
  const ofRefs = refs.map((shape) => find(shape) ?? 0);
  return literal({
    args: hasArgs ? { t: ofArgs } : undefined,
    result: ofResult,
    refs: ofRefs.some((places) => places !== 0) ? ofRefs : undefined,
  });
}

function hasFloat(shape: TypeShape, refs: readonly TypeShape[]): boolean {
  return placesOf(shape, refs).some((place) => isFloat(place.shape));
}

function isFloat(shape: TypeShape): boolean {
  const isNumber =
    shape.kind === 'primitive' ? shape.name === 'number' : typeof literalOf(shape) === 'number';
  return isNumber && shape.brand?.split(' ').includes('float64') === true;
}

function literalOf(shape: TypeShape): unknown {
  return shape.kind === 'literal' ? shape.value : undefined;
}

type Find = (shape: TypeShape) => FloatPlaces | undefined;

/** The places in a shape that has at least one. */
function findFloats(shape: TypeShape, find: Find): FloatPlaces | undefined {
  switch (shape.kind) {
    case 'object':
      return { p: findProperties(shape.properties, find) };
    case 'record':
      return compact({ p: findProperties(shape.properties, find), e: find(shape.value) });
    case 'array':
    case 'set':
      return compact({ e: find(shape.element) });
    case 'map':
      return compact({ e: find(shape.value) });
    case 'tuple':
      return findElements(shape.elements, find);
    case 'union':
      return { u: shape.arms.flatMap((arm) => find(arm) ?? []) };
    case 'ref':
      return { r: shape.id };
    default:
      return isFloat(shape) ? 1 : undefined;
  }
}

function findProperties(
  properties: Extract<TypeShape, { kind: 'object' }>['properties'],
  find: Find,
): Readonly<Record<string, FloatPlaces>> {
  return Object.fromEntries(
    properties.flatMap(({ name, shape }) => {
      const places = find(shape);
      return places === undefined ? [] : [[name, places] as const];
    }),
  );
}

/** Elements from the rest element on have no fixed index: if one of them is a float, all their numbers are. */
function findElements(elements: Extract<TypeShape, { kind: 'tuple' }>['elements'], find: Find): FloatPlaces {
  const at = elements.findIndex(({ rest }) => rest);
  const lead = at === -1 ? elements : elements.slice(0, at);
  const others = at === -1 ? [] : elements.slice(at).flatMap(({ shape }) => find(shape) ?? []);
  return compact({
    t: lead.map(({ shape }) => find(shape) ?? 0),
    e: others.length === 0 ? undefined : { u: others },
  });
}

function compact(below: {
  readonly [K in keyof FloatPlacesBelow]: FloatPlacesBelow[K] | undefined;
}): FloatPlacesBelow {
  return Object.fromEntries(Object.entries(below).filter(([, value]) => value !== undefined));
}

/** JSON as JavaScript source. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{ ${fields.map(([name, part]) => `${propertyName(name)}: ${literal(part)}`).join(', ')} }`;
}
