// The interface of every contestant: a way to wrap a function so that its results are cached.

export type AnyAsync<A, R> = (argument: A) => Promise<R>;

/** The function to wrap. `key` is for caches with hand-written keys; contestants that derive keys ignore it. */
export interface Wrapping<A, R> {
  readonly name: string;
  readonly run: AnyAsync<A, R>;
  readonly key: (argument: A) => string;
}

/** A cache to compare with. */
export interface Contestant {
  readonly name: string;
  readonly version: string;
  /** Opens a cache in memory. */
  memory?(): Promise<Cache>;
  /** Opens a cache in Redis, without memory in front of it. */
  backend?(redisPort: number): Promise<Cache>;
}

export interface Cache {
  wrap<A, R>(wrapping: Wrapping<A, R>): (argument: A) => Promise<R> | R;
  close(): Promise<void>;
}

export const TTL_MS = 3_600_000;
export const MAX_ENTRIES = 10_000;
