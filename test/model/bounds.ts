// How large the model's world is, which faults it has, and which rule of the protocol is taken away.
import type { FaultCounts } from './state.ts';

/** Each is one rule of the protocol, absent. */
export type Removal =
  | 'lease'
  | 'lease-before-entry'
  | 'deletes-before-record'
  | 'born-before-run'
  | 'memory-as-of-request'
  | 'nothing-kept-over-a-gap'
  | 'own-record-keeps-head'
  | 'ack-of-my-incarnation'
  | 'previous-position'
  | 'check-each-second'
  | 'incarnation'
  | 'incarnation-only-rises'
  | 'redo'
  | 'redo-by-everybody'
  | 'redo-on-any-difference'
  | 'compare-by-id'
  | 'raise-head'
  | 'redo-looks-again';

export interface Bounds {
  readonly processes: number;
  /** Which processes call (`c`), invalidate (`v`), invalidate other keys (`x`). Default: all call and invalidate. */
  readonly roles?: readonly string[];
  readonly calls: number;
  readonly invalidations: number;
  readonly otherKeys?: number;
  /** How often two quiet minutes may pass: log, leases, key marks and rings are gone then. */
  readonly trims?: number;
  readonly kinds?: readonly ('k' | 'g')[];
  readonly faults?: Partial<FaultCounts>;
  /** Writes that a failover may lose. */
  readonly lost?: number;
  /** Only this process dies. */
  readonly dies?: number;
  /** A new registry is made by a host whose clock is behind. */
  readonly isClockBehind?: boolean;
  readonly without?: Removal;
  /**
   * The view knows nothing of single keys: what is left is the lease alone. Some rules protect entries of processes that
   * have no such mark (a fresh one, an older mark forgotten), and only show without it.
   */
  readonly noKeyMarks?: boolean;
}
