// What `configure()` takes.
import type { BackendError } from '../backend/backend-error.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../observe/logger.ts';
import type { Serializer } from '../serializer/serializer.ts';
import type { Bytes } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Duration } from './duration.ts';

/** A port, a built-in, or a URL: `redis:` `rediss:` `redis+sentinel:` `redis+cluster:`. */
export type BackendRef = Backend | 'none' | 'memory' | 'embedded' | (string & {});

/** 64 hex digits or `ck1_` + 43 base64url characters; bytes: 32. */
export type MasterKey = string | Uint8Array | (() => string | Uint8Array | Promise<string | Uint8Array>);

/** In-process tier, per namespace. */
export interface L1Config {
  /** Default 100mb. */
  readonly maxSize?: Bytes;
  /** Default: no limit but the size. */
  readonly maxEntries?: number;
}

export interface CacheKitConfig {
  /** false: every call runs its function. Default true. */
  readonly enabled?: boolean;
  /** Second tier of functions that name none. Default: environment, then the embedded store (Node 24), else memory. */
  readonly backend?: BackendRef | undefined;
  /** Names for `backend=`. */
  readonly backends?: Readonly<Record<string, BackendRef | undefined>>;
  /** For functions that say nothing. */
  readonly defaults?: {
    /** Default 1h. */
    readonly ttl?: Duration;
    /** Each ttl is shortened by up to this share, 0 to 1. Default 0.1; 0 in test runs. */
    readonly jitter?: number;
    /** null and undefined: stored like any value (true, the default), not at all, or for a ttl of their own. */
    readonly cacheNull?: boolean | Duration;
    /** Larger: returned, not stored. Default 50mb. */
    readonly maxSize?: Bytes;
    /** LZ4 where smaller. Default true. */
    readonly compress?: boolean;
  };
  /** The last word, over call sites and libraries. */
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
   * Longest wait for a backend: first value and limits. Default 250ms, 100ms, 10s. A caller never waits longer than
   * `initial`, or `adaptive.max` if that is given.
   */
  readonly timeout?: {
    readonly initial?: Duration;
    readonly adaptive?: false | { readonly min?: Duration; readonly max?: Duration };
  };
  /** Per backend. Default 5 failures, 3 successes, 1s between background probes. false: no breaker. */
  readonly circuitBreaker?:
    | false
    | {
        readonly failureThreshold?: number;
        readonly successThreshold?: number;
        readonly recoveryTimeout?: Duration;
        /** Replaces the rule that time-outs and transient errors count. One that throws is not heard. */
        readonly isFailure?: (error: BackendError) => boolean;
      };
  /**
   * Reads of a backend at once, and waiting. Default 100, 100; more are misses. Writes have a line of their own: never
   * more at once than `maxConcurrent`, and at most 64.
   */
  readonly backpressure?: { readonly maxConcurrent?: number; readonly maxQueued?: number };
  readonly encryption?: {
    readonly masterKey?: MasterKey | undefined;
    /** Readable, never used to write. */
    readonly previousMasterKeys?: readonly MasterKey[] | undefined;
    /**
     * true: a secure call whose stored entry does not open rejects with ERR_CACHEKIT_DECRYPT. Default false: it is a miss.
     */
    readonly failClosed?: boolean;
  };
  /** Names for `serializer=`: by their ids. */
  readonly serializers?: readonly Serializer[];
  /** Hears of what went wrong, at most 10 lines per second of a kind. Default: none, or CACHEKIT_LOG_LEVEL. */
  readonly logger?: Logger | undefined;
  /** Asked for each event and each line: what ties them to a request. Called only when somebody listens. */
  readonly correlationId?: (() => string | undefined) | undefined;
  /** For tests: time that is moved by hand. */
  readonly clock?: Clock;
}
