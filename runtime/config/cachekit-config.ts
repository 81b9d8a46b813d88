// Options of `configure()`.
import type { BackendError } from '../backend/backend-error.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../observe/logger.ts';
import type { Serializer } from '../serializer/serializer.ts';
import type { Bytes } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Duration } from './duration.ts';

/** A backend object, a built-in, or a URL: `redis:` `rediss:` `redis+sentinel:` `redis+cluster:`. */
export type BackendRef = Backend | 'none' | 'memory' | 'embedded' | (string & {});

/** 64 hex digits, `ck1_` and 43 base64url characters, or 32 bytes; or a function that gives one. */
export type MasterKey = string | Uint8Array | (() => string | Uint8Array | Promise<string | Uint8Array>);

/** Limits of the in-process tier, per namespace. */
export interface L1Config {
  /** Approximate size of all entries. Default 100mb. */
  readonly maxSize?: Bytes;
  /** Number of entries. Default: no limit. */
  readonly maxEntries?: number;
}

/** Configuration of the application, for all cached functions of the process. */
export interface CacheKitConfig {
  /** false: every call runs its function. Default true. */
  readonly enabled?: boolean;
  /** Second tier of functions that name none. Default: environment, then the embedded store (Node 24), else memory. */
  readonly backend?: BackendRef | undefined;
  /** Backends by the names that `backend=` may give. */
  readonly backends?: Readonly<Record<string, BackendRef | undefined>>;
  /** Settings of functions that do not give their own. */
  readonly defaults?: {
    /** Default 1h. */
    readonly ttl?: Duration;
    /** Each ttl is shortened at random by up to this share, 0 to 1. Default 0.1; 0 in test runs. */
    readonly jitter?: number;
    /** null and undefined are stored like any value (true, the default), not stored (false), or stored for this ttl. */
    readonly cacheNull?: boolean | Duration;
    /** A larger result is returned but not stored. Default 50mb. */
    readonly maxSize?: Bytes;
    /** Compress entries with LZ4 where that makes them smaller. Default true. */
    readonly compress?: boolean;
  };
  /** Settings by namespace, which override those of call sites and libraries. */
  readonly namespaces?: Readonly<
    Record<
      string,
      { readonly enabled?: boolean; readonly backend?: BackendRef; readonly l1?: L1Config | false }
    >
  >;
  /** First part of stored keys. Default `ck1`. */
  readonly keyPrefix?: string;
  /** false: no in-process tier. */
  readonly l1?: L1Config | false;
  /**
   * How long to wait for a backend: the first value, and the limits between which it adapts. Defaults 250ms, 100ms,
   * 10s. A caller never waits longer than `initial`, or than `adaptive.max` if that is given.
   */
  readonly timeout?: {
    readonly initial?: Duration;
    readonly adaptive?: false | { readonly min?: Duration; readonly max?: Duration };
  };
  /** Circuit breaker of each backend. Default 5 failures, 3 successes, 1s between background probes. false: none. */
  readonly circuitBreaker?:
    | false
    | {
        readonly failureThreshold?: number;
        readonly successThreshold?: number;
        readonly recoveryTimeout?: Duration;
        /** Replaces the rule that time-outs and transient errors count. If it throws, that rule applies. */
        readonly isFailure?: (error: BackendError) => boolean;
      };
  /**
   * Most reads of a backend that run at once, and that wait. Default 100 and 100; further reads are misses. Writes have
   * a queue of their own, and run at most `maxConcurrent` at once, but never more than 64.
   */
  readonly backpressure?: { readonly maxConcurrent?: number; readonly maxQueued?: number };
  readonly encryption?: {
    readonly masterKey?: MasterKey | undefined;
    /** Keys that open existing entries and never seal new ones, newest first; at most 3. */
    readonly previousMasterKeys?: readonly MasterKey[] | undefined;
    /**
     * true: a secure call rejects with ERR_CACHEKIT_DECRYPT if its stored entry does not open. Default false: a miss.
     */
    readonly failClosed?: boolean;
  };
  /** Serializers that `serializer=` may name by id. */
  readonly serializers?: readonly Serializer[];
  /** Gets a line for what went wrong, at most 10 per second of each kind. Default: none, or CACHEKIT_LOG_LEVEL. */
  readonly logger?: Logger | undefined;
  /** Gives the id that ties an event or a log line to a request. Called only when somebody listens. */
  readonly correlationId?: (() => string | undefined) | undefined;
  /** A clock that tests can move. Default: the system's. */
  readonly clock?: Clock;
}
