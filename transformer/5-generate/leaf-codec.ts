// Generates code that writes primitives and literals to `w` and reads them from `f` (runtime/contract/wire.ts).
import type { TypeShape } from '../2-shape/type-shape.ts';
import { literalText } from './literal.ts';
import type { Locals } from './locals.ts';
import { leafType } from './simplify-shape.ts';
import { writeTest } from './write-guard.ts';

type LeafShape = Extract<TypeShape, { kind: 'primitive' | 'literal' }>;

/** Writes the only leaf possible in its place. The value of a literal is known, so 0 is written for it. */
export function encodeLeaf(leaf: LeafShape, value: string): string {
  if (leaf.kind === 'literal' && leaf.value !== 0) return 'w.num(0)';
  return encodeType(leafType(leaf), value);
}

/** Reads what `encodeLeaf` writes. */
export function decodeLeaf(locals: Locals, leaf: LeafShape): string {
  if (leaf.kind === 'literal') {
    // 0 and -0 have the same literal type, so the value itself is on the wire.
    if (leaf.value === 0) {
      return `${locals.name('d', leaf, () => '(f) => { const x = f.num(); return x === 0 ? x : k.fail(); }')}(f)`;
    }
    return `(f.skipZero() ? ${literalText(leaf.value)} : k.fail())`;
  }
  return decodeType(leaf.name);
}

/** Writes one of several possible leaves. With different types the wire form tells which type it is. */
export function encodeLeaves(leaves: readonly LeafShape[], value: string): string {
  const [type, ...others] = new Set(leaves.map(leafType));
  return type === undefined || others.length > 0 ? `w.leaf(${value})` : encodeType(type, value);
}

/** Reads what `encodeLeaves` writes. */
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

/** The wire form of a missing optional property. */
export type MissingMarker = 'nil' | 'zero';

/** Writes the marker. */
export function writeMissing(marker: MissingMarker): string {
  return marker === 'nil' ? 'w.nil()' : 'w.num(0)';
}

/** Skips the marker if it is next, and is then true. */
export function skipMissing(marker: MissingMarker): string {
  return marker === 'nil' ? 'f.skipNil()' : 'f.skipZero()';
}

/**
 * The marker for a missing optional property of this shape, if present values need no wrapping: no wire form of the
 * shape may equal the marker, nor the empty array that stands for undefined. Undefined: present values must be wrapped.
 */
export function missingMarker(shape: TypeShape): MissingMarker | undefined {
  if (shape.kind === 'primitive' && shape.name === 'number') return 'nil';
  if (shape.kind === 'literal') return undefined;
  const leaves = shape.kind === 'union' ? shape.arms : [shape];
  const isUnambiguous = leaves.every(
    (leaf) =>
      (leaf.kind === 'primitive' || leaf.kind === 'literal') &&
      ['string', 'boolean', 'null'].includes(leafType(leaf)),
  );
  return isUnambiguous ? 'zero' : undefined;
}
