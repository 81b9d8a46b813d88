// What `cached()` takes, and the types of a function that is cached.
import type { Backend } from '../backend/backend.ts';
import type { EffectiveProfile, Profile } from '../contract/settings.ts';
import type { Serializer } from '../serializer/serializer.ts';
import type { Bytes } from './bytes.ts';
import type { Duration } from './duration.ts';

export type AnyFunction = (...args: never[]) => unknown;

type Signatures<F> = F extends {
  (...a: infer A1): infer R1;
  (...a: infer A2): infer R2;
  (...a: infer A3): infer R3;
  (...a: infer A4): infer R4;
}
  ? [A1, R1] | [A2, R2] | [A3, R3] | [A4, R4]
  : never;

/** Parameters, one tuple per overload (the last 4). */
export type ArgsOf<F> = Signatures<F>[0];

/** What a caller has after `await`. */
export type ResultOf<F> = Awaited<Signatures<F>[1]>;

/** What a key may be made of. */
export type KeyPart = string | number | bigint | boolean | null | undefined | Date | readonly KeyPart[];

/** Plain data: in a comment in kebab-case, in `cached()`, and in a profile of the build. */
export interface Settings {
  /** Nothing older is served unless `swr` or `staleIfError` allow it. Default 1h. */
  readonly ttl?: Duration;
  /** After ttl: serve the old value this much longer while one refresh runs. Default off. */
  readonly swr?: Duration;
  /** After ttl: serve the old value this much longer if the function fails. Default off; production: as long as ttl. */
  readonly staleIfError?: Duration;
  /** With a value in `staleIfError`: stop waiting after this, the run goes on. Never an error. Default off. */
  readonly softTimeout?: Duration;
  /** A hit past this share of ttl starts one background run. Default 0.8; minimal, secure, test, local: off. */
  readonly refreshAhead?: number | false;
  /** A hit with less than this share of ttl left restarts ttl; true: 0.5. Default false. */
  readonly refreshTtlOnGet?: boolean | number;
  /** Each ttl is shortened by up to this share, 0 to 1. Default 0.1; test 0. */
  readonly jitter?: number;
  /** null and undefined: true like any value (default), false not stored, or their own ttl. */
  readonly cacheNull?: boolean | Duration;
  /** `[a-z0-9._-]{1,64}`. Default: the package name, made to fit. */
  readonly namespace?: string;
  /** Default `code`, with NODE_ENV=production `shape`. Other text: by hand. */
  readonly version?: 'shape' | 'code' | 'none' | (string & {}) | number;
  /** Default: from the return type. */
  readonly serializer?: 'std' | 'auto' | 'json' | 'arrow' | (string & {});
  /** LZ4 where smaller. Default true; secure false. */
  readonly compress?: boolean;
  /** Larger: returned, not stored. Default 50mb. */
  readonly maxSize?: Bytes;
  /** A built-in, or a name in `configure({ backends })`. */
  readonly backend?: 'none' | 'memory' | 'embedded' | (string & {});
  /** In-process tier. Default true. */
  readonly l1?: boolean;
  /** One run across processes per cold key. Default: by profile. */
  readonly lock?: boolean;
  /** Hits share one deep-frozen value. Default false: isolated. */
  readonly share?: boolean;
  /** Plain profiles: a MAC on entries; needs a key. Default: none. */
  readonly integrity?: 'hmac';
}

/** Options of one cached function, in code. Callbacks see the typed arguments; one that throws means "not stored". */
export interface CacheOptions<F extends AnyFunction = AnyFunction> extends Omit<
  Settings,
  'ttl' | 'backend' | 'serializer'
> {
  /** As in `Settings`; a function is asked for each result. */
  readonly ttl?: Duration | ((result: ResultOf<F>, ...args: ArgsOf<F>) => Duration);
  /** A built-in, the id of one in `configure({ serializers })`, or an own one. */
  readonly serializer?: Settings['serializer'] | Serializer;
  /** A built-in, a name in `configure({ backends })`, or an own one. */
  readonly backend?: Settings['backend'] | Backend;
  /** Identity that survives moves. Default: package, file, qualified name. */
  readonly name?: string;
  /** Replaces the arguments for read, write and invalidate alike. */
  readonly key?: (...args: ArgsOf<F>) => KeyPart;
  /** What `invalidateTags()` finds the entry by. Default: none. */
  readonly tags?: readonly string[] | ((result: ResultOf<F>, ...args: ArgsOf<F>) => readonly string[]);
  /** false: this call does not use the cache. */
  readonly when?: (...args: ArgsOf<F>) => boolean;
  /** true: this result is not stored. */
  readonly unless?: (result: ResultOf<F>, ...args: ArgsOf<F>) => boolean;
  /** Whose entry it is; in secure functions whose key encrypts it. Default `runWithTenant`, else one tenant. */
  readonly tenant?: (...args: ArgsOf<F>) => string;
  /** Loads the misses of `many()`: one result per list of arguments, in the same order. */
  readonly batch?: (list: readonly ArgsOf<F>[]) => Promise<readonly ResultOf<F>[]>;
  /** Operation name shared with other languages; needs `namespace`. */
  readonly interop?: string;
  /** Entries per object, memory only. */
  readonly self?: 'instance';
}

/** Options of `cached()` itself, which also names the profile. */
export interface CachedOptions<F extends AnyFunction = AnyFunction> extends CacheOptions<F> {
  readonly profile?: Profile | EffectiveProfile | (string & {});
}
