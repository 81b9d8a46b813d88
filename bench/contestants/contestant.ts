// What every contestant offers: a way to wrap a function so that its results are cached.

export type AnyAsync<A, R> = (argument: A) => Promise<R>;

/** What a user of a cache with keys by hand would write. Contestants that derive keys ignore `key`. */
export interface Wrapping<A, R> {
  readonly name: string;
  readonly run: AnyAsync<A, R>;
  readonly key: (argument: A) => string;
}

export interface Contestant {
  readonly name: string;
  readonly version: string;
  /** One cache in memory. */
  memory?(): Promise<Cache>;
  /** Redis only: every call goes there. */
  backend?(redisPort: number): Promise<Cache>;
}

export interface Cache {
  wrap<A, R>(wrapping: Wrapping<A, R>): (argument: A) => Promise<R> | R;
  close(): Promise<void>;
}

export const TTL_MS = 3_600_000;
export const MAX_ENTRIES = 10_000;
