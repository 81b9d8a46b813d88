// Shapes as the generators need them: no ref at the top, unions flattened, arms that cannot be stored removed.
import type { PartKind } from '../../runtime/contract/value-kit.ts';
import type { PropertyShape, TypeShape } from '../2-shape/type-shape.ts';

export type UnionShape = Extract<TypeShape, { kind: 'union' }>;
type LeafShape = Extract<TypeShape, { kind: 'primitive' | 'literal' }>;

const NOTHING: TypeShape = { kind: 'unsupported', reason: 'never', typeText: 'never' };

/** Cache, by refs and shape: the guard, the copy and both halves of the codec ask about the same shapes. */
const simplified = new WeakMap<readonly TypeShape[], WeakMap<TypeShape, TypeShape>>();

/**
 * Simplifies the top level only; nested refs stay, so that recursion ends. Returns the same object for the same shape.
 */
export function simplify(refs: readonly TypeShape[], shape: TypeShape): TypeShape {
  const known = simplified.get(refs) ?? new WeakMap<TypeShape, TypeShape>();
  simplified.set(refs, known);
  const before = known.get(shape);
  if (before !== undefined) return before;
  const simple = simplifyTop(refs, shape);
  known.set(shape, simple);
  known.set(simple, simple);
  return simple;
}

function simplifyTop(refs: readonly TypeShape[], shape: TypeShape): TypeShape {
  const top = resolve(refs, shape);
  switch (top.kind) {
    case 'object':
      // No value with an own `__proto__` is stored.
      return top.properties.some(isProto) ? NOTHING : { kind: 'object', properties: inOrder(top.properties) };
    case 'record':
      return top.properties.some(isProto) ? NOTHING : { ...top, properties: inOrder(top.properties) };
    case 'union':
      return simplifyUnion(refs, top);
    default:
      return top;
  }
}

/** The shape of an optional property without undefined, which has a wire form of its own there. */
export function withoutUndefined(refs: readonly TypeShape[], shape: TypeShape): TypeShape {
  const top = simplify(refs, shape);
  if (top.kind !== 'union') return top;
  const arms = top.arms.filter((arm) => !(arm.kind === 'primitive' && arm.name === 'undefined'));
  return simplify(refs, { kind: 'union', arms });
}

/** True for integer indexes, which JavaScript objects list first and in ascending order, whenever they were added. */
function isIndex(name: string): boolean {
  return String(Number(name) >>> 0) === name && name !== '4294967295';
}

/** The order in which an object lists its properties after they were added in the order of their declaration. */
function inOrder(properties: readonly PropertyShape[]): readonly PropertyShape[] {
  const indexes = properties.filter(({ name }) => isIndex(name));
  if (indexes.length === 0) return properties;
  const ascending = indexes.toSorted((a, b) => Number(a.name) - Number(b.name));
  return [...ascending, ...properties.filter(({ name }) => !isIndex(name))];
}

/**
 * The order of properties on the wire. Types that declare them in different orders have one shape hash and one wire
 * form.
 */
export function byName(properties: readonly PropertyShape[]): readonly PropertyShape[] {
  return properties.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** True when the properties are in wire order already. */
export function isByName(properties: readonly PropertyShape[]): boolean {
  return properties.every(({ name }, index) => index === 0 || (properties[index - 1]?.name ?? '') <= name);
}

function isProto(property: PropertyShape): boolean {
  return property.name === '__proto__';
}

function resolve(refs: readonly TypeShape[], shape: TypeShape): TypeShape {
  let found: TypeShape | undefined = shape;
  for (let steps = 0; found?.kind === 'ref' && steps <= refs.length; steps++) found = refs[found.id];
  return found === undefined || found.kind === 'ref' ? NOTHING : found;
}

function simplifyUnion(refs: readonly TypeShape[], union: UnionShape): TypeShape {
  const arms: TypeShape[] = [];
  const seen = new Set<TypeShape>();
  const add = (shape: TypeShape): void => {
    const arm = resolve(refs, shape);
    if (seen.has(arm)) return;
    seen.add(arm);
    if (arm.kind === 'union') arm.arms.forEach(add);
    else arms.push(simplify(refs, arm));
  };
  union.arms.forEach(add);
  if (arms.some((arm) => arm.kind === 'any')) return { kind: 'any' };
  const storable = arms.filter((arm) => arm.kind !== 'unsupported');
  const [first, second] = storable;
  if (first === undefined) return NOTHING;
  return second === undefined ? first : { kind: 'union', arms: storable };
}

/** True for a primitive or a literal, whose wire form tells its type. */
export function isLeaf(shape: TypeShape): shape is LeafShape {
  return shape.kind === 'primitive' || shape.kind === 'literal';
}

/** True for `string[]`, but not for arrays of string literal types. */
export function isStrings(refs: readonly TypeShape[], shape: TypeShape): boolean {
  if (shape.kind !== 'array') return false;
  const element = simplify(refs, shape.element);
  return element.kind === 'primitive' && element.name === 'string';
}

/** True for a list of objects or records, whose elements have a function of their own. */
export function isObjects(refs: readonly TypeShape[], { element }: { readonly element: TypeShape }): boolean {
  const { kind } = simplify(refs, element);
  return kind === 'object' || kind === 'record';
}

/** The `typeof` of keys and values of a Map of primitives; undefined for other Maps. */
export function mapKinds(
  refs: readonly TypeShape[],
  { key, value }: { readonly key: TypeShape; readonly value: TypeShape },
): readonly [key: PartKind, value: PartKind] | undefined {
  const [first, second] = [partKind(simplify(refs, key)), partKind(simplify(refs, value))];
  return first === undefined || second === undefined ? undefined : [first, second];
}

function partKind(shape: TypeShape): PartKind | undefined {
  if (shape.kind !== 'primitive' || shape.name === 'null' || shape.name === 'undefined') return undefined;
  return shape.name;
}

/** True for primitives, literals, and unions of them. */
export function isPrimitive(refs: readonly TypeShape[], shape: TypeShape): boolean {
  const top = simplify(refs, shape);
  return top.kind === 'union' ? top.arms.every(isLeaf) : isLeaf(top);
}

/** The `typeof` of a leaf, except 'null' for null. */
export function leafType(shape: LeafShape): string {
  if (shape.kind === 'primitive') return shape.name;
  return typeof shape.value === 'object' ? 'bigint' : typeof shape.value;
}

/** True when undefined is a value of the shape. */
export function mayBeUndefined(refs: readonly TypeShape[], shape: TypeShape): boolean {
  const top = simplify(refs, shape);
  const arms = top.kind === 'union' ? top.arms : [top];
  return arms.some((arm) => arm.kind === 'any' || (arm.kind === 'primitive' && arm.name === 'undefined'));
}

/** True for a recursive type, or a union with one as an arm. Ask before simplifying, which resolves the ref. */
export function isReference(shape: TypeShape): boolean {
  return shape.kind === 'ref' || (shape.kind === 'union' && shape.arms.some(isReference));
}

/** True when a recursive type is anywhere inside, so that values can be cyclic or of any depth. */
export function isRecursive(shape: TypeShape): boolean {
  switch (shape.kind) {
    case 'ref':
      return true;
    case 'object':
      return shape.properties.some((property) => isRecursive(property.shape));
    case 'record':
      return isRecursive(shape.value) || shape.properties.some((property) => isRecursive(property.shape));
    case 'array':
    case 'set':
      return isRecursive(shape.element);
    case 'map':
      return isRecursive(shape.key) || isRecursive(shape.value);
    case 'tuple':
      return shape.elements.some((element) => isRecursive(element.shape));
    case 'class':
      return isRecursive(shape.wire);
    case 'union':
      return shape.arms.some(isRecursive);
    default:
      return false;
  }
}

/** A tuple split at its rest element. */
export interface TupleLayout {
  /** Elements before the rest element, from index 0. */
  readonly lead: readonly { readonly shape: TypeShape; readonly optional: boolean }[];
  readonly rest: TypeShape | undefined;
  /** Elements after the rest element, indexed from the end. */
  readonly trail: readonly TypeShape[];
  readonly minLength: number;
}

export function tupleLayout(shape: Extract<TypeShape, { kind: 'tuple' }>): TupleLayout {
  const at = shape.elements.findIndex((element) => element.rest);
  const lead = at === -1 ? shape.elements : shape.elements.slice(0, at);
  const trail = at === -1 ? [] : shape.elements.slice(at + 1).map((element) => element.shape);
  const required = lead.filter((element) => !element.optional).length;
  return { lead, rest: shape.elements[at]?.shape, trail, minLength: required + trail.length };
}
