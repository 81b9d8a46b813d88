// What the guard knows of one operation, from its beginning to its end.
import type { Abandonment } from '../backend/abandonment.ts';
import type { CacheEvents } from '../observe/events.ts';
import type { Span } from '../observe/span.ts';
import type { OperationRole } from './backend-health.ts';
import type { Admission } from './circuit-breaker.ts';

/** As events and spans call it. `set`: also fill; `lock`: begin, renew, release; `fence`: replace; `bus`: all of the log. */
export type OperationName = Exclude<CacheEvents['cachekit:backend']['operation'], 'ping'>;

export interface Operation<T> {
  readonly name: OperationName;
  readonly role: OperationRole;
  /** undefined: it is about no stored entry, so nothing of it can be read to see whether the backend works again. */
  readonly key: string | undefined;
  readonly run: (abandonment: Abandonment) => Promise<T>;
  /** It gives its place in the bulkhead back as soon as it is given up, whenever it may end. */
  readonly leavesAtOnce?: boolean;
  readonly bytesOf?: (value: T) => number | undefined;
  /** false: how long it takes says nothing about how long a caller should wait. Default true. */
  readonly isTimed?: boolean;
}

/** What is remembered of an operation between its beginning and its end. */
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
