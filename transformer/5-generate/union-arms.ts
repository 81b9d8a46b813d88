// Generates tests that tell which arm of a union an accepted value is, as cheaply as the types allow. Where a cheap
// test could hold for two arms, the full guard is used.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { literalText, member, quote } from './literal.ts';
import type { Locals } from './locals.ts';
import { isLeaf, simplify, type UnionShape } from './simplify-shape.ts';
import { writeArmTest, writeCoded } from './write-guard.ts';

type LeafShape = Extract<TypeShape, { kind: 'primitive' | 'literal' }>;

/** The arms of a union by kind. */
export interface UnionArms {
  readonly leaves: readonly LeafShape[];
  /** Objects of all kinds, in the union's order. */
  readonly others: readonly TypeShape[];
}

export function splitArms(shape: UnionShape): UnionArms {
  return { leaves: shape.arms.filter(isLeaf), others: shape.arms.filter((arm) => !isLeaf(arm)) };
}

export interface OnlyObject {
  readonly object: TypeShape;
  /** What else the value can be. */
  readonly empty: readonly ('undefined' | 'null')[];
}

/** For a union of one object and undefined, null or both, as values that may be missing are mostly declared. */
export function onlyObject(shape: UnionShape): OnlyObject | undefined {
  const { leaves, others } = splitArms(shape);
  const [object, second] = others;
  if (object === undefined || second !== undefined) return undefined;
  const empty = leaves.flatMap((leaf) =>
    leaf.kind === 'primitive' && (leaf.name === 'undefined' || leaf.name === 'null') ? [leaf.name] : [],
  );
  return empty.length === leaves.length ? { object, empty } : undefined;
}

/**
 * The expression `test0 ? write(0) : test1 ? write(1) : … : write(last)`, for a `value` known to be one of the object
 * arms.
 */
export function writeArmChoice(
  locals: Locals,
  others: readonly TypeShape[],
  value: string,
  write: (arm: TypeShape, index: number) => string,
): string {
  const kinds = others.map(kindName);
  const plain = others.filter((arm) => kindName(arm) === 'plain');
  const tag = plain.length > 1 ? findTag(locals, plain) : undefined;
  const texts = others.map((arm, index) => {
    if (index === others.length - 1) return write(arm, index);
    const alone = kinds.filter((kind) => kind === kinds[index]).length === 1;
    const test = alone
      ? kindTest(locals, arm, value)
      : (tagTest(locals, arm, tag, value) ?? writeArmTest(locals, others, arm, value, 'false'));
    return `${test} ? ${write(arm, index)} : `;
  });
  return texts.join('');
}

/** Kinds whose values a single cheap test tells apart. */
function kindName(shape: TypeShape): string {
  switch (shape.kind) {
    case 'array':
    case 'tuple':
      return 'list';
    case 'object':
    case 'record':
      return 'plain';
    case 'bytes':
    case 'text':
      return shape.type;
    case 'class':
      return `class ${shape.id}`;
    default:
      return shape.kind;
  }
}

function kindTest(locals: Locals, shape: TypeShape, value: string): string {
  switch (shape.kind) {
    case 'array':
    case 'tuple':
      return `A.isArray(${value})`;
    case 'date':
      return `${value} instanceof D`;
    case 'map':
      return `${value} instanceof M`;
    case 'set':
      return `${value} instanceof S`;
    case 'bytes':
      return `k.isBytes(${value}, ${quote(shape.type)})`;
    case 'text':
      return `k.isText(${value}, ${quote(shape.type)})`;
    case 'class':
      return `${writeCoded(locals, shape)}.owns(${value})`;
    default:
      return `k.plain(${value})`;
  }
}

/** The discriminant: a required property whose literals differ in every arm. */
function findTag(locals: Locals, plain: readonly TypeShape[]): string | undefined {
  const [first] = plain;
  if (first?.kind !== 'object') return undefined;
  return first.properties
    .map(({ name }) => name)
    .find((name) => {
      const seen = new Set<string>();
      return plain.every((arm) => {
        const literals = tagLiterals(locals, arm, name);
        if (literals === undefined || literals.some((literal) => seen.has(literal))) return false;
        literals.forEach((literal) => seen.add(literal));
        return true;
      });
    });
}

function tagLiterals(locals: Locals, arm: TypeShape, name: string): readonly string[] | undefined {
  if (arm.kind !== 'object') return undefined;
  const property = arm.properties.find((candidate) => candidate.name === name);
  if (property === undefined || property.optional) return undefined;
  const shape = simplify(locals.refs, property.shape);
  const arms = shape.kind === 'union' ? shape.arms : [shape];
  const literals = arms.flatMap((one) => (one.kind === 'literal' ? [literalText(one.value)] : []));
  return literals.length === arms.length ? literals : undefined;
}

function tagTest(locals: Locals, arm: TypeShape, tag: string | undefined, value: string): string | undefined {
  if (tag === undefined) return undefined;
  const literals = tagLiterals(locals, arm, tag);
  if (literals === undefined) return undefined;
  return `(${literals.map((literal) => `${value}${member(tag)} === ${literal}`).join(' || ')})`;
}
