import type { Range } from '../1-scan/marker.ts';

/** An instance that a function answers with where its declared result is plain data. Plain JSON, found by the host. */
export interface ReturnedInstance {
  /** Where in the result, for people. */
  readonly path: string;
  /** Its class. */
  readonly type: string;
  /** The expression that gives it. */
  readonly range: Range;
}
