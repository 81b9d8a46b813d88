// Estimates from its type how large a result is in memory, for people who choose limits. Counts like the runtime
// (runtime/value/inspect-value.ts), without the contents of texts and lists.
import type { TypeShape } from '../2-shape/type-shape.ts';

export interface SizeEstimate {
  /** No value of the type is smaller. */
  readonly leastBytes: number;
  /** True when the type sets no upper bound: texts, lists, maps, bytes, recursion, `unknown`. */
  readonly isOpen: boolean;
}

const fixed = (leastBytes: number): SizeEstimate => ({ leastBytes, isOpen: false });
const open = (leastBytes: number): SizeEstimate => ({ leastBytes, isOpen: true });

/** Estimate for a value of this shape. */
export function estimateSize(shape: TypeShape): SizeEstimate {
  switch (shape.kind) {
    case 'primitive':
      return shape.name === 'string' || shape.name === 'bigint'
        ? open(16)
        : fixed(shape.name === 'null' ? 0 : 8);
    case 'literal':
      if (typeof shape.value === 'string') return fixed(16 + 2 * shape.value.length);
      return typeof shape.value === 'object' ? open(16) : fixed(8);
    case 'object':
      return sum(
        32,
        shape.properties
          .filter(({ optional }) => !optional)
          .map((property) => sum(8, [estimateSize(property.shape)])),
        shape.properties.some(({ optional }) => optional),
      );
    case 'tuple': {
      const present = shape.elements.filter(({ optional, rest }) => !optional && !rest);
      const sizes = present.map((element) => sum(8, [estimateSize(element.shape)]));
      return sum(32, sizes, present.length < shape.elements.length);
    }
    case 'union': {
      const sizes = shape.arms.map(estimateSize);
      return {
        leastBytes: Math.min(...sizes.map(({ leastBytes }) => leastBytes)),
        isOpen:
          sizes.some(({ isOpen }) => isOpen) || new Set(sizes.map(({ leastBytes }) => leastBytes)).size > 1,
      };
    }
    case 'date':
      return fixed(48);
    case 'array':
    case 'record':
      return open(32);
    case 'map':
    case 'set':
      return open(64);
    case 'bytes':
    case 'text':
      return open(128);
    default:
      return open(0);
  }
}

function sum(ownBytes: number, parts: readonly SizeEstimate[], isOpen = false): SizeEstimate {
  return {
    leastBytes: parts.reduce((total, { leastBytes }) => total + leastBytes, ownBytes),
    isOpen: isOpen || parts.some((part) => part.isOpen),
  };
}

/** `96 bytes`, `at least 96 bytes`. */
export function printSize({ leastBytes, isOpen }: SizeEstimate): string {
  return isOpen ? `at least ${leastBytes} bytes` : `${leastBytes} bytes`;
}
