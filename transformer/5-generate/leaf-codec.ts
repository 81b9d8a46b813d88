// Text that writes and reads primitives and literals, by `w` and `f` (runtime/contract/wire.ts).
import type { TypeShape } from '../2-shape/type-shape.ts';
import { literalText } from './literal.ts';
import type { Locals } from './locals.ts';
import { leafType } from './simplify-shape.ts';
import { writeTest } from './write-guard.ts';

type LeafShape = Extract<TypeShape, { kind: 'primitive' | 'literal' }>;

/** One leaf whose place on the wire holds nothing else. A literal is known: 0 stands for it. */
export function encodeLeaf(leaf: LeafShape, value: string): string {
  if (leaf.kind === 'literal' && leaf.value !== 0) return 'w.num(0)';
  return encodeType(leafType(leaf), value);
}

export function decodeLeaf(locals: Locals, leaf: LeafShape): string {
  if (leaf.kind === 'literal') {
    // 0 and -0 have one type.
    if (leaf.value === 0) {
      return `${locals.name('d', leaf, () => '(f) => { const x = f.num(); return x === 0 ? x : k.fail(); }')}(f)`;
    }
    return `(f.skipZero() ? ${literalText(leaf.value)} : k.fail())`;
  }
  return decodeType(leaf.name);
}

/** Any of several leaves: in its own form, which tells what it is. */
export function encodeLeaves(leaves: readonly LeafShape[], value: string): string {
  const [type, ...others] = new Set(leaves.map(leafType));
  return type === undefined || others.length > 0 ? `w.leaf(${value})` : encodeType(type, value);
}

export function decodeLeaves(locals: Locals, leaves: readonly LeafShape[]): string {
  const [only, second] = leaves;
  if (only?.kind === 'primitive' && second === undefined) return decodeType(only.name);
  const test = writeTest(locals, { kind: 'union', arms: leaves }, 'x', 'false');
  const [type, ...others] = new Set(leaves.map(leafType));
  const read = type === undefined || others.length > 0 ? 'f.leaf()' : decodeType(type);
  return `${locals.name('d', ['leaves', leaves], () => `(f) => { const x = ${read}; return ${test} ? x : k.fail(); }`)}(f)`;
}

function encodeType(type: string, value: string): string {
  switch (type) {
    case 'string':
      return `w.str(${value})`;
    case 'number':
      return `w.num(${value})`;
    case 'bigint':
      return `w.big(${value})`;
    case 'boolean':
      return `w.bool(${value})`;
    case 'undefined':
      return 'w.undef()';
    default:
      return 'w.nil()';
  }
}

function decodeType(type: string): string {
  switch (type) {
    case 'string':
      return 'f.str()';
    case 'number':
      return 'f.num()';
    case 'bigint':
      return 'f.big()';
    case 'boolean':
      return 'f.bool()';
    case 'undefined':
      return '(f.skipUndef() ? void 0 : k.fail())';
    default:
      return '(f.skipNil() ? null : k.fail())';
  }
}

/** What stands for "not there" in an optional place. */
export type MissingMarker = 'nil' | 'zero';

export function writeMissing(marker: MissingMarker): string {
  return marker === 'nil' ? 'w.nil()' : 'w.num(0)';
}

/** Whether the marker is next. */
export function skipMissing(marker: MissingMarker): string {
  return marker === 'nil' ? 'f.skipNil()' : 'f.skipZero()';
}

/**
 * Marker for "not there" in an optional place where the value itself can stand: no wire form of the shape is that, nor
 * the empty array that means undefined. Undefined: the value must be wrapped.
 */
export function missingMarker(shape: TypeShape): MissingMarker | undefined {
  if (shape.kind === 'primitive' && shape.name === 'number') return 'nil';
  if (shape.kind === 'literal') return undefined;
  const leaves = shape.kind === 'union' ? shape.arms : [shape];
  const bare = leaves.every(
    (leaf) =>
      (leaf.kind === 'primitive' || leaf.kind === 'literal') &&
      ['string', 'boolean', 'null'].includes(leafType(leaf)),
  );
  return bare ? 'zero' : undefined;
}
