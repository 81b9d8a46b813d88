// What the wire depends on and the fingerprint of a type does not see: in which order a type declares its properties,
// which values list in that order, and in which order the compiler has the arms of a union, which the wire counts.
// Bytes written for one layout must not be read in another.
import { createHash } from 'node:crypto';
import { placesOf } from '../2-shape/places-of.ts';
import type { TypeShape } from '../2-shape/type-shape.ts';
import { byName, isLeaf, simplify } from './simplify-shape.ts';

/** '' when there is nothing to choose; else 8 characters that stand for the choices (48 bits of SHA-256). */
export function layoutOf(result: TypeShape, refs: readonly TypeShape[]): string {
  const isChosen = [...placesOf(result, refs)].some(({ shape }) => hasChoice(refs, shape));
  if (!isChosen) return '';
  const text = JSON.stringify([result, refs], withoutNames);
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

function hasChoice(refs: readonly TypeShape[], shape: TypeShape): boolean {
  const top = simplify(refs, shape);
  if (top.kind === 'union') return top.arms.filter((arm) => !isLeaf(arm)).length > 1;
  // Of a record the names are on the wire.
  return top.kind === 'object' && byName(top.properties).some((one, index) => one !== top.properties[index]);
}

/** What a type is called, who may write to it, and how emitted code gets at it do not change the wire. */
function withoutNames(key: string, value: unknown): unknown {
  if (key === 'readonly' || key === 'dataClass' || key === 'reach' || key === 'why') return undefined;
  const isNamed = typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;
  if (!isNamed || value.kind === 'primitive') return value;
  const { name: _name, ...rest } = value;
  return rest;
}
