// A type assertion in a marked function that hides what it really returns. Plain JSON, found by the host.
import type { Range } from '../1-scan/marker.ts';

/**
 * A returned value whose real type differs from the declared one; an assertion keeps the type checker from noticing.
 */
export interface AssertedAnswer {
  /** Place in the result, for messages. */
  readonly path: string;
  /** The type without the assertion. */
  readonly type: string;
  /** The assertion. */
  readonly range: Range;
}
