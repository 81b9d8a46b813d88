import type { Range } from '../1-scan/marker.ts';

/** An answer of another type than declared, which an assertion takes out of all checks. Plain JSON, found by the host. */
export interface AssertedAnswer {
  /** Where in the result, for people. */
  readonly path: string;
  /** What it is without the assertion. */
  readonly type: string;
  /** The assertion. */
  readonly range: Range;
}
