// What a Wire may be at most, the same for writers and readers: what is written can always be read again.
import type { Wire } from '../contract/value-kit.ts';

/** Nesting of arrays. */
export const MAX_WIRE_DEPTH = 128;

/** Values in one entry, arrays and their elements counted alike. */
export const MAX_WIRE_NODES = 1_000_000;

/** Bytes that are not what the writer makes. The text is constant: it never repeats the bytes. */
export class MalformedError extends Error {
  constructor() {
    super('Malformed entry body');
    this.name = 'MalformedError';
  }
}

/**
 * What stands in the way of writing this wire exactly; undefined: nothing. The generated encoders should never produce
 * -0 or an ill-formed string; here it is made sure, because the formats would change both silently.
 */
export function checkWire(wire: Wire): 'too-large' | 'unstorable' | undefined {
  const budget = { nodes: MAX_WIRE_NODES };
  if (!isExact(wire, 0, budget)) return 'unstorable';
  return budget.nodes < 0 ? 'too-large' : undefined;
}

function isExact(wire: unknown, depth: number, budget: { nodes: number }): boolean {
  budget.nodes -= 1;
  switch (typeof wire) {
    case 'string':
      return wire.isWellFormed();
    case 'number':
      return !Object.is(wire, -0);
    case 'boolean':
      return true;
    case 'object':
      if (wire === null) return true;
      if (!Array.isArray(wire)) return wire instanceof Uint8Array;
      if (depth === MAX_WIRE_DEPTH) return false;
      if (wire.length > budget.nodes) {
        budget.nodes = -1;
        return true;
      }
      for (let i = 0; i < wire.length; i++) if (!isExact(wire[i], depth + 1, budget)) return false;
      return true;
    default:
      return false;
  }
}
