// The part of a Redis client that the backend uses: no type of a client library appears in our declarations.

/**
 * An ioredis client fits (`new Redis(…)`, `new Cluster(…)`). Its own time-outs and reconnecting stay as they are, and
 * `close()` leaves it open. A second connection, on which the log of invalidations is followed, is made with `duplicate`.
 */
export interface RedisLike {
  /** `ready` when a command can be sent at once. */
  readonly status: string;
  /** true: keys live on several servers, and `duplicate` takes its changed options second. Default false. */
  readonly isCluster?: boolean;
  /** Replies as Buffers, numbers, null and arrays of them. */
  callBuffer(command: string, ...args: (string | Buffer | number)[]): unknown;
  // `never` would fit `Redis`, but not `Cluster`.
  // oxlint-disable-next-line typescript/no-explicit-any
  on(event: string, listener: (...args: any[]) => void): unknown;
  duplicate(): unknown;
  disconnect(): void;
}
