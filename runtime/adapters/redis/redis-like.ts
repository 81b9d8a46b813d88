// The part of a Redis client that the backend uses: no type of a client library appears in our declarations.

/** An ioredis client fits (`new Redis(…)`). Its own time-outs and reconnecting stay as they are; `close()` leaves it open. */
export interface RedisLike {
  /** `ready` when a command can be sent at once. */
  readonly status: string;
  getBuffer(key: string): Promise<Uint8Array | null>;
  set(key: string, value: Buffer, unit: 'PX', ttlMs: number): Promise<unknown>;
  unlink(key: string): Promise<unknown>;
  ping(): Promise<unknown>;
  on(event: string, listener: (...args: never[]) => void): unknown;
}
