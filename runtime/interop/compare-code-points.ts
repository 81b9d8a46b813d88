// The order of map names in interop/v1: by code point, which equals the order of their UTF-8 bytes.

import { unitAt } from '../value/unit-at.ts';

/**
 * Compares well-formed texts, for `Array.prototype.sort`. The default order of JavaScript is by UTF-16 unit, in which
 * surrogates (D800–DFFF, for code points from 10000 on) come before E000–FFFF.
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

/** Ranks surrogates after all other units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
