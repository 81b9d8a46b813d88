// `isDeepStrictEqual`, which on Node 22 says of two invalid dates that they differ. There the matchers of Vitest decide too.
import { isDeepStrictEqual as ofNode } from 'node:util';
import { expect } from 'vitest';

const takesInvalidDates = ofNode(new Date(NaN), new Date(NaN));

export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  return ofNode(a, b) || (!takesInvalidDates && isStrictlyEqual(a, b));
}

function isStrictlyEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}
