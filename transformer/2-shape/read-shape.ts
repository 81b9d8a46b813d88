// Type handle → TypeShape. Asks the reader once per node, turns types that contain themselves into refs, and gives up
// on a type that is too deep or too large.
import { builtInShape, classShape, type FactsOf, keywordShape, unsupported } from './part-shapes.ts';
import { placesOf } from './places-of.ts';
import type { MemberFacts, TypeFacts, TypeHandle, TypeReader } from './type-reader.ts';
import type { PropertyShape, Sensitivity, TypeShape } from './type-shape.ts';
import { unionShape, withoutUndefined } from './union-shape.ts';

/** Most levels of nesting that are read below a parameter or result. */
export const MAX_DEPTH = 64;
/** Most nodes that are read of one parameter or result. */
export const MAX_NODES = 5_000;

/** Reads the types of one signature, which share their refs. */
export interface ShapeSession {
  /**
   * Shape of a parameter or result. At the root `any` and `unknown` are unsupported; further down they have kind `any`.
   * `closed` (for results): a type parameter constrained to an object counts as unresolved, because the actual type may
   * have more properties than the constraint, and these would be lost in the cache.
   */
  root(type: TypeHandle, closed: boolean): TypeShape;
  /** Bodies of recursive types, by id. */
  readonly refs: readonly TypeShape[];
  /** Files that declare a type read so far. */
  readonly files: ReadonlySet<string>;
}

interface State {
  readonly reader: TypeReader;
  readonly refs: TypeShape[];
  readonly files: Set<string>;
  /** Identity of each type being read → its ref id, undefined until the type is met again inside itself. */
  readonly open: Map<string, number | undefined>;
  /** Identity of each finished recursive type → its ref id. */
  readonly done: Map<string, number>;
  closed: boolean;
  /** Whether each type is read once, and is a ref wherever else it stands. */
  shares: boolean;
  nodes: number;
  overflow: boolean;
}

export function createShapeSession(reader: TypeReader): ShapeSession {
  const state: State = {
    reader,
    refs: [],
    files: new Set(),
    open: new Map(),
    done: new Map(),
    closed: false,
    shares: false,
    nodes: 0,
    overflow: false,
  };
  return {
    refs: state.refs,
    files: state.files,
    root(type, closed) {
      const refCount = state.refs.length;
      const attempt = (shares: boolean): TypeShape => {
        forgetRefs(state, refCount);
        Object.assign(state, { closed, shares, nodes: 0, overflow: false });
        return read(state, type, 0);
      };
      let shape = attempt(false);
      // A type that stands in many places counts once then: written out, a few dozen types can have many thousand nodes.
      if (state.overflow) shape = attempt(true);
      if (state.overflow) {
        forgetRefs(state, refCount);
        return unsupported('too-deep', reader.describe(type));
      }
      return shape.kind === 'any'
        ? { ...unsupported('any', reader.describe(type)), ...marksOf(shape) }
        : shape;
    },
  };
}

/** Drops refs that an abandoned read made, so that the next read does not find them. */
function forgetRefs(state: State, count: number): void {
  state.refs.length = count;
  for (const [identity, id] of state.done) if (id >= count) state.done.delete(identity);
}

const marksOf = (of: { readonly brand?: string; readonly sensitive?: Sensitivity }) => ({
  ...(of.brand !== undefined && { brand: of.brand }),
  ...(of.sensitive !== undefined && { sensitive: of.sensitive }),
});

function read(state: State, type: TypeHandle, depth: number): TypeShape {
  state.nodes += 1;
  if (depth > MAX_DEPTH || state.nodes > MAX_NODES) state.overflow = true;
  if (state.overflow) return { kind: 'any' };
  const identity = state.reader.identity(type);
  const finished = state.done.get(identity);
  if (finished !== undefined) return { kind: 'ref', id: finished };
  if (state.open.has(identity)) return refTo(state, identity);

  const facts = state.reader.describe(type);
  for (const file of facts.files) state.files.add(file);
  state.open.set(identity, undefined);
  const shape = { ...shapeOf(state, facts, depth), ...marksOf(facts) };
  const id = state.open.get(identity) ?? (state.shares && isLarge(shape) ? state.refs.length : undefined);
  state.open.delete(identity);
  if (id === undefined) return shape;
  state.refs[id] = shape;
  state.done.set(identity, id);
  return { kind: 'ref', id };
}

/** Kinds whose text is longer than a call. */
function isLarge({ kind }: TypeShape): boolean {
  return kind === 'object' || kind === 'record' || kind === 'union';
}

function refTo(state: State, identity: string): TypeShape {
  const known = state.open.get(identity);
  if (known !== undefined) return { kind: 'ref', id: known };
  const id = state.refs.length;
  // A placeholder until the type has been read.
  state.refs.push({ kind: 'any' });
  state.open.set(identity, id);
  return { kind: 'ref', id };
}

function shapeOf(state: State, facts: TypeFacts, depth: number): TypeShape {
  const child = (type: TypeHandle): TypeShape => read(state, type, depth + 1);
  switch (facts.kind) {
    case 'primitive':
      return { kind: 'primitive', name: facts.name };
    case 'literal':
      return { kind: 'literal', value: facts.value };
    case 'bytes':
      return { kind: 'bytes', type: facts.type };
    case 'keyword':
      return keywordShape(facts);
    case 'deferred':
      return unsupported('type-parameter', facts);
    case 'union':
      return unionShape(facts.arms.map((arm) => absentVoid(child(arm))));
    case 'array':
      return arrayShape(child(facts.element), facts.readonly);
    case 'tuple':
      return {
        kind: 'tuple',
        readonly: facts.readonly,
        elements: facts.elements.map(({ type, optional, rest }) => {
          const shape = child(type);
          return { shape: optional ? withoutUndefined(shape) : shape, optional, rest };
        }),
      };
    case 'built-in':
      return builtInShape(facts, child);
    case 'class':
      return classShape(facts, child);
    case 'type-parameter':
      return parameterShape(state, facts, child);
    case 'object':
      return objectShape(state, facts, child);
  }
}

/** In `User | void`, void means the value undefined. */
const absentVoid = (shape: TypeShape): TypeShape =>
  shape.kind === 'unsupported' && shape.reason === 'void' ? { kind: 'primitive', name: 'undefined' } : shape;

const isNever = (shape: TypeShape): boolean => shape.kind === 'unsupported' && shape.reason === 'never';

/** `never[]` is the type of the literal `[]`; only the empty array has it. */
function arrayShape(element: TypeShape, readonly: boolean): TypeShape {
  return isNever(element) ? { kind: 'tuple', elements: [], readonly } : { kind: 'array', element, readonly };
}

function parameterShape(
  state: State,
  facts: FactsOf<'type-parameter'>,
  child: (type: TypeHandle) => TypeShape,
): TypeShape {
  if (facts.constraint === undefined) return unsupported('type-parameter', facts);
  const shape = child(facts.constraint);
  const isPlain = placesOf(shape, state.refs).every(
    ({ shape: { kind } }) => kind !== 'any' && kind !== 'unsupported' && !(state.closed && kind === 'object'),
  );
  return isPlain ? shape : unsupported('type-parameter', facts);
}

function objectShape(
  state: State,
  facts: FactsOf<'object'>,
  child: (type: TypeHandle) => TypeShape,
): TypeShape {
  if (facts.callable) return unsupported('function', facts);
  if (facts.members.some((member) => member.name === 'then' && member.role === 'method'))
    return unsupported('promise', facts);
  const hidden = facts.members.some((member) =>
    facts.class ? member.role !== 'field' : member.role === 'private',
  );
  if (hidden) {
    const isPrivate = facts.members.some((member) => member.role === 'private');
    return { ...unsupported('class', facts), ...(isPrivate && { hidden: true as const }) };
  }
  const empty = facts.members.length === 0 && facts.symbolKeys === 0 && facts.index === undefined;
  // The type `{}` accepts everything but null and undefined.
  if (empty && !facts.class) return { kind: 'any' };

  const properties = facts.members.map((member) => propertyShape(state, member, child));
  if (facts.symbolKeys > 0) properties.push(symbolProperty(facts));
  const value = facts.index === undefined ? undefined : child(facts.index);
  if (value !== undefined && !isNever(value))
    return { kind: 'record', value, properties, readonly: facts.indexReadonly ?? false };
  return {
    kind: 'object',
    properties,
    ...(facts.name !== undefined && { name: facts.name }),
    ...(facts.class && { dataClass: true as const }),
  };
}

function propertyShape(
  state: State,
  member: MemberFacts,
  child: (type: TypeHandle) => TypeShape,
): PropertyShape {
  const { name, optional, readonly } = member;
  if (member.role === 'method')
    return { name, optional, readonly, shape: unsupported('function', state.reader.describe(member.type)) };
  let shape = child(member.type);
  if (optional) shape = isNever(shape) ? { kind: 'primitive', name: 'undefined' } : withoutUndefined(shape);
  if (member.pii && shape.sensitive === undefined) shape = { ...shape, sensitive: 'pii' };
  return { name, optional, readonly, shape };
}

/** One unsupported property that stands for all symbol keys, which no serializer can keep. */
const symbolProperty = (facts: { readonly text: string }): PropertyShape => ({
  name: '[symbol]',
  optional: false,
  readonly: true,
  shape: unsupported('symbol', facts),
});
