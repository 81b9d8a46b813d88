// Text that encodes and decodes primitives and literals. Their wire forms: runtime/value/leaf-wire.ts.
import type { TypeShape } from '../2-shape/type-shape.ts';
import { literalText } from './literal.ts';
import type { Locals } from './locals.ts';
import { leafType } from './simplify-shape.ts';
import { writeTest } from './write-guard.ts';

type LeafShape = Extract<TypeShape, { kind: 'primitive' | 'literal' }>;

/** One leaf whose place on the wire holds nothing else. A literal is known: 0 stands for it. */
export function encodeLeaf(leaf: LeafShape, value: string): string {
  if (leaf.kind === 'literal' && leaf.value !== 0) return '0';
  return encodeType(leafType(leaf), value);
}

export function decodeLeaf(locals: Locals, leaf: LeafShape, wire: string): string {
  if (leaf.kind === 'literal') {
    // 0 and -0 have one type.
    if (leaf.value === 0) {
      return `${locals.name('d', leaf, () => '(w) => { const x = k.toNum(w); return x === 0 ? x : k.fail(); }')}(${wire})`;
    }
    return `(${wire} === 0 ? ${literalText(leaf.value)} : k.fail())`;
  }
  switch (leaf.name) {
    case 'string':
      return `k.toStr(${wire})`;
    case 'number':
      return `k.toNum(${wire})`;
    case 'bigint':
      return `k.toBig(${wire})`;
    case 'boolean':
      return `(typeof ${wire} === "boolean" ? ${wire} : k.fail())`;
    case 'null':
      return `(${wire} === null ? null : k.fail())`;
    case 'undefined':
      return `(k.list(${wire}, 0), void 0)`;
  }
}

/** Any of several leaves: in its own form, which tells what it is. */
export function encodeLeaves(locals: Locals, leaves: readonly LeafShape[], value: string): string {
  const types = [...new Set(leaves.filter((leaf) => !isItself(leaf)).map(leafType))].toSorted();
  const [only] = types;
  if (only === undefined) return value;
  const rest = leaves.some(isItself) || types.length > 1;
  if (!rest) return encodeType(only, value);
  const tests = types.map((type) => `typeof v === "${type}" ? ${encodeType(type, 'v')} : `);
  return `${locals.name('e', ['leaves', types], () => `(v) => ${tests.join('')}v`)}(${value})`;
}

export function decodeLeaves(locals: Locals, leaves: readonly LeafShape[], wire: string): string {
  const test = leaves.map((leaf) => writeTest(locals, leaf, 'x', 'false')).join(' || ');
  const read = leaves.every(isItself) ? 'w' : `${anyLeaf(locals)}(w)`;
  return `${locals.name('d', ['leaves', leaves], () => `(w) => { const x = ${read}; return ${test} ? x : k.fail(); }`)}(${wire})`;
}

/** The one reader for a place where several primitives may stand. */
function anyLeaf(locals: Locals): string {
  return locals.name(
    'd',
    'any leaf',
    () =>
      '(w) => typeof w === "string" ? k.toStr(w) : typeof w !== "object" || w === null ? w : !A.isArray(w) ? k.toStr(w) : w.length === 0 ? void 0 : typeof w[0] === "string" ? k.toBig(w) : k.toNum(w)',
  );
}

function encodeType(type: string, value: string): string {
  switch (type) {
    case 'string':
      return `k.str(${value})`;
    case 'number':
      // Only -0 needs help.
      return `(${value} !== 0 || 1 / ${value} > 0 ? ${value} : k.num(${value}))`;
    case 'bigint':
      return `k.big(${value})`;
    case 'undefined':
      return '[]';
    default:
      return value;
  }
}

/** Its wire form is the value. */
function isItself(leaf: LeafShape): boolean {
  if (leaf.kind === 'primitive') return leaf.name === 'null' || leaf.name === 'boolean';
  return typeof leaf.value === 'boolean' || (typeof leaf.value === 'string' && leaf.value.isWellFormed());
}

/**
 * Marker for "not there" in an optional place where the value itself can stand: no wire form of the shape is that, nor
 * the empty array that means undefined. Undefined: the value must be wrapped.
 */
export function missingMarker(shape: TypeShape): string | undefined {
  if (shape.kind === 'primitive' && shape.name === 'number') return 'null';
  if (shape.kind === 'literal') return undefined;
  const leaves = shape.kind === 'union' ? shape.arms : [shape];
  const bare = leaves.every(
    (leaf) =>
      (leaf.kind === 'primitive' || leaf.kind === 'literal') &&
      ['string', 'boolean', 'null'].includes(leafType(leaf)),
  );
  return bare ? '0' : undefined;
}
