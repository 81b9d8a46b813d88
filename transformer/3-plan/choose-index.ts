// How memory finds an entry: directly by up to two primitives, else in the bucket of the most selective primitive by an
// equality check.
import { propertyPath } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import type { KeyPartPlan, KeyPlan } from './cache-plan.ts';
import { armsOf, readProperty } from './key-path.ts';
import { splitName } from './split-name.ts';

/** The kind of index, and for `n` the bucket expression (undefined: one bucket for all). */
export function chooseIndex(
  parts: readonly KeyPartPlan[],
  refs: readonly TypeShape[],
): Pick<KeyPlan, 'index' | 'bucket'> {
  const primitive = parts.every((part) => isPrimitive(part.shape));
  if (primitive && parts.length === 0) return { index: 0, bucket: undefined };
  if (primitive && parts.length === 1) return { index: 1, bucket: undefined };
  if (primitive && parts.length === 2) return { index: 2, bucket: undefined };
  return { index: 'n', bucket: chooseBucket(parts, refs) };
}

/** True for values that can be Map keys themselves. */
function isPrimitive(shape: TypeShape): boolean {
  if (shape.kind === 'union') return shape.arms.every(isPrimitive);
  return shape.kind === 'primitive' || shape.kind === 'literal';
}

interface Candidate {
  readonly text: string;
  /** Smaller is more selective. */
  readonly rank: number;
}

/** Rank of booleans and literal unions, which give only a handful of buckets. Used when there is nothing better. */
const WEAK = 9;

function chooseBucket(parts: readonly KeyPartPlan[], refs: readonly TypeShape[]): string | undefined {
  const top = parts.flatMap((part) => candidate(part.text, part.label, part.shape));
  const nested = parts.flatMap((part) => nestedCandidates(part, refs));
  return (best(top, WEAK) ?? best(nested, WEAK) ?? best([...top, ...nested], WEAK + 1))?.text;
}

/** The first candidate with the smallest rank below `below`. */
function best(candidates: readonly Candidate[], below: number): Candidate | undefined {
  let found: Candidate | undefined;
  for (const one of candidates) if (one.rank < (found?.rank ?? below)) found = one;
  return found;
}

function nestedCandidates(part: KeyPartPlan, refs: readonly TypeShape[]): readonly Candidate[] {
  const names = new Set(
    armsOf(part.shape, refs).flatMap((arm) =>
      arm.kind === 'object' || arm.kind === 'record' ? arm.properties.map((property) => property.name) : [],
    ),
  );
  return [...names].flatMap((name) => {
    const shape = readProperty(part.shape, name, refs);
    return shape === undefined ? [] : candidate(part.text + access(name), name, shape);
  });
}

function candidate(text: string, label: string, shape: TypeShape): readonly Candidate[] {
  return isPrimitive(shape) ? [{ text, rank: rankOf(label, shape) }] : [];
}

function rankOf(label: string, shape: TypeShape): number {
  const kinds = primitiveKinds(shape);
  const isOpen = kinds.has('string') || kinds.has('number') || kinds.has('bigint');
  if (!isOpen) return WEAK;
  if (['id', 'key', 'uuid', 'slug', 'name'].includes(splitName(label).at(-1) ?? '')) return 0;
  return kinds.has('string') ? 2 : 1;
}

function primitiveKinds(shape: TypeShape): ReadonlySet<string> {
  const arms = shape.kind === 'union' ? shape.arms : [shape];
  return new Set(arms.map((arm) => (arm.kind === 'primitive' ? arm.name : arm.kind)));
}

/** `?.name` or `?.["odd name"]`. */
function access(name: string): string {
  const segment = propertyPath(name);
  return segment.startsWith('.') ? `?${segment}` : `?.${segment}`;
}
