// What the wire depends on and the fingerprint of a type does not see: in which order a type declares its properties,
// which values list in that order, and in which order the compiler has the arms of a union, which the wire counts.
// Bytes written for one layout must not be read in another.
import { createHash } from 'node:crypto';
import { placesOf } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import { wireShapeText } from '../2-shape/wire-shape.ts';
import { isByName, isLeaf, simplify } from './simplify-shape.ts';

/** '' when there is nothing to choose; else 8 characters that stand for the choices (48 bits of SHA-256). */
export function layoutOf(result: TypeShape, refs: readonly TypeShape[]): string {
  const isChosen = placesOf(result, refs).some(({ shape }) => hasChoice(refs, shape));
  if (!isChosen) return '';
  return createHash('sha256').update(wireShapeText(result, refs)).digest('base64url').slice(0, 8);
}

function hasChoice(refs: readonly TypeShape[], shape: TypeShape): boolean {
  const top = simplify(refs, shape);
  if (top.kind === 'union') return top.arms.filter((arm) => !isLeaf(arm)).length > 1;
  // Of a record the names are on the wire.
  return top.kind === 'object' && !isByName(top.properties);
}
