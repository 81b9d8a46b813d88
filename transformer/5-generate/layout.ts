// The layout tag: a hash of what the stored bytes depend on but the shape fingerprint ignores. That is the order in
// which a type declares its properties (values must list them in that order again), and the order of union arms (the
// bytes contain the number of an arm). Bytes written in one layout must not be read in another.
import { createHash } from 'node:crypto';
import { placesOf } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import { wireShapeText } from '../2-shape/wire-shape.ts';
import { isByName, isLeaf, simplify } from './simplify-shape.ts';

/** 8 characters (48 bits of SHA-256) that stand for the layout; '' for a type with only one possible layout. */
export function layoutOf(result: TypeShape, refs: readonly TypeShape[]): string {
  const hasSeveral = placesOf(result, refs).some(({ shape }) => hasChoice(refs, shape));
  if (!hasSeveral) return '';
  return createHash('sha256').update(wireShapeText(result, refs)).digest('base64url').slice(0, 8);
}

function hasChoice(refs: readonly TypeShape[], shape: TypeShape): boolean {
  const top = simplify(refs, shape);
  if (top.kind === 'union') return top.arms.filter((arm) => !isLeaf(arm)).length > 1;
  // Records are no choice: their bytes contain the names.
  return top.kind === 'object' && !isByName(top.properties);
}
