// The order of map names in interop/v1: by code point, which is also the order of their UTF-8 bytes.

import { unitAt } from '../value/unit-at.ts';

/**
 * For `Array.prototype.sort`, over well-formed texts. The language's own order is by UTF-16 unit and differs where a
 * surrogate (D800–DFFF, code points from 10000 on) meets E000–FFFF.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = unitAt(a, i);
    const right = unitAt(b, i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Moves the surrogates behind the rest of the units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
