// A class instance that a marked function returns as plain data. Plain JSON, found by the host.
import type { Range } from '../1-scan/marker.ts';

/** A class instance that a function returns where its declared result is plain data. */
export interface ReturnedInstance {
  /** Place in the result, for messages. */
  readonly path: string;
  /** Name of the class. */
  readonly type: string;
  /** The expression whose value it is. */
  readonly range: Range;
}
