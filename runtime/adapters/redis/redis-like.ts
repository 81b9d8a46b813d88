// The part of a Redis client that the backend uses, so that our declarations contain no type of a client library.

/**
 * An ioredis client fits (`new Redis(…)`, `new Cluster(…)`). Its time-outs and reconnecting stay as they are, and
 * `close()` leaves it open. `duplicate` makes the second connection, on which the invalidation log is followed.
 */
export interface RedisLike {
  /** `ready` when a command can be sent at once. */
  readonly status: string;
  /** true: keys are on several servers, and `duplicate` takes changed options as its second argument. Default false. */
  readonly isCluster?: boolean;
  /** Replies as Buffers, numbers, null and arrays of them. */
  callBuffer(command: string, ...args: (string | Buffer | number)[]): unknown;
  // `never` would fit `Redis`, but not `Cluster`.
  // oxlint-disable-next-line typescript/no-explicit-any
  on(event: string, listener: (...args: any[]) => void): unknown;
  duplicate(): unknown;
  disconnect(): void;
}
