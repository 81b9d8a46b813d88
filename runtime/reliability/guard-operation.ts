// What the guard knows of one operation.
import type { Abandonment } from '../backend/abandonment.ts';
import type { CacheEvents } from '../observe/events.ts';
import type { Span } from '../observe/span.ts';
import type { OperationRole } from './backend-health.ts';
import type { Admission } from './circuit-breaker.ts';

/**
 * Name in events and spans. `set` includes fills; `lock` is begin, renew and release; `fence` is replace; `bus` is every
 * operation of the log.
 */
export type OperationName = Exclude<CacheEvents['cachekit:backend']['operation'], 'ping'>;

/** An operation to run. */
export interface Operation<T> {
  readonly name: OperationName;
  readonly role: OperationRole;
  /** The stored entry it is about; undefined if there is none. After a failure, probes read this key. */
  readonly key: string | undefined;
  readonly run: (abandonment: Abandonment) => Promise<T>;
  /** It frees its place in the bulkhead as soon as it is given up, even if it is still running. */
  readonly leavesAtOnce?: boolean;
  /** Size of the value, for events. */
  readonly bytesOf?: (value: T) => number | undefined;
  /** false: its latency does not count for the adaptive timeout. Default true. */
  readonly isTimed?: boolean;
}

/** An operation that has begun. */
export interface Begun {
  readonly name: OperationName;
  readonly role: OperationRole;
  readonly key: string | undefined;
  readonly admission: Admission;
  readonly epoch: number;
  readonly atMs: number;
  readonly isTimed: boolean;
  readonly span: Span | undefined;
}
