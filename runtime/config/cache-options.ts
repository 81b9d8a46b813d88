// Options of `cached()`, and types derived from the function that is cached.
import type { Backend } from '../backend/backend.ts';
import type { EffectiveProfile, Profile } from '../contract/settings.ts';
import type { Serializer } from '../serializer/serializer.ts';
import type { Bytes } from './bytes.ts';
import type { Duration } from './duration.ts';

/** Any function, with whatever parameters. */
export type AnyFunction = (...args: never[]) => unknown;

type Signatures<F> = F extends {
  (...a: infer A1): infer R1;
  (...a: infer A2): infer R2;
  (...a: infer A3): infer R3;
  (...a: infer A4): infer R4;
}
  ? [A1, R1] | [A2, R2] | [A3, R3] | [A4, R4]
  : never;

/** Parameters of a function: one tuple per overload (the last 4). */
export type ArgsOf<F> = Signatures<F>[0];

/** Result of a function after `await`. */
export type ResultOf<F> = Awaited<Signatures<F>[1]>;

/** What a `key` callback may return. */
export type KeyPart = string | number | bigint | boolean | null | undefined | Date | readonly KeyPart[];

/** Settings that are plain data: for `cached()`, for a comment (in kebab-case), and for a profile of the build. */
export interface Settings {
  /** How long a value is fresh. An older one is served only as `swr` and `staleIfError` allow. Default 1h. */
  readonly ttl?: Duration;
  /** Stale-while-revalidate: how long after ttl the old value is served while one refresh runs. Default off. */
  readonly swr?: Duration;
  /**
   * How long after ttl the old value is served if the function fails. Default off; production: as long as ttl.
   */
  readonly staleIfError?: Duration;
  /**
   * How long a caller waits for the function if `staleIfError` has a value to serve instead; the run goes on. Never
   * causes an error. Default off.
   */
  readonly softTimeout?: Duration;
  /** A hit past this share of ttl starts one background run. Default 0.8; minimal, secure, test, local: off. */
  readonly refreshAhead?: number | false;
  /** A hit with less than this share of ttl left restarts ttl; true: 0.5. Default false. */
  readonly refreshTtlOnGet?: boolean | number;
  /** Each ttl is shortened at random by up to this share, 0 to 1. Default 0.1; test 0. */
  readonly jitter?: number;
  /** null and undefined are stored like any value (true, the default), not stored (false), or stored for this ttl. */
  readonly cacheNull?: boolean | Duration;
  /** `[a-z0-9._-]{1,64}`. Default: the package name, made to fit. */
  readonly namespace?: string;
  /**
   * What makes stored entries out of date: a change of the types (`shape`), of the code too (`code`), nothing (`none`),
   * or only your own version text. Default `code`; with NODE_ENV=production `shape`.
   */
  readonly version?: 'shape' | 'code' | 'none' | (string & {}) | number;
  /** A built-in, or the id of one in `configure({ serializers })`. Default: chosen from the return type. */
  readonly serializer?: 'std' | 'auto' | 'json' | 'arrow' | (string & {});
  /** Compress entries with LZ4 where that makes them smaller. Default true; secure false. */
  readonly compress?: boolean;
  /** A larger result is returned but not stored. Default 50mb. */
  readonly maxSize?: Bytes;
  /** Second tier: a built-in, or a name in `configure({ backends })`. */
  readonly backend?: 'none' | 'memory' | 'embedded' | (string & {});
  /** Use the in-process tier. Default true. */
  readonly l1?: boolean;
  /** Let only one process run the function for a cold key. Default: by profile. */
  readonly lock?: boolean;
  /** All hits get the same deep-frozen value. Default false: each gets a copy. */
  readonly share?: boolean;
  /** Authenticate entries of plain profiles with a MAC; needs a master key. Default: none. */
  readonly integrity?: 'hmac';
}

/** Options of one cached function, in code. Callbacks get the typed arguments. If one throws, nothing is stored. */
export interface CacheOptions<F extends AnyFunction = AnyFunction> extends Omit<
  Settings,
  'ttl' | 'backend' | 'serializer'
> {
  /** As in `Settings`; a function is called for each result. */
  readonly ttl?: Duration | ((result: ResultOf<F>, ...args: ArgsOf<F>) => Duration);
  /** A built-in, the id of one in `configure({ serializers })`, or a serializer of your own. */
  readonly serializer?: Settings['serializer'] | Serializer;
  /** A built-in, a name in `configure({ backends })`, or a backend of your own. */
  readonly backend?: Settings['backend'] | Backend;
  /** Identity that survives moving the code. Default: made of package, file and qualified name. */
  readonly name?: string;
  /** The key of a call, in place of its arguments: for reading, writing and invalidating. */
  readonly key?: (...args: ArgsOf<F>) => KeyPart;
  /** Tags by which `invalidateTags()` finds the entry. Default: none. */
  readonly tags?: readonly string[] | ((result: ResultOf<F>, ...args: ArgsOf<F>) => readonly string[]);
  /** false: this call does not use the cache. */
  readonly when?: (...args: ArgsOf<F>) => boolean;
  /** true: this result is not stored. */
  readonly unless?: (result: ResultOf<F>, ...args: ArgsOf<F>) => boolean;
  /**
   * Tenant that owns the entry; secure functions encrypt with the tenant's key. Default `runWithTenant`, else one
   * tenant.
   */
  readonly tenant?: (...args: ArgsOf<F>) => string;
  /** Computes the misses of `many()`: one result per list of arguments, in the same order. */
  readonly batch?: (list: readonly ArgsOf<F>[]) => Promise<readonly ResultOf<F>[]>;
  /** Operation name shared with other languages; needs `namespace`. */
  readonly interop?: string;
  /** Each object (`this`) has entries of its own, in memory only. */
  readonly self?: 'instance';
}

/** Options of `cached()`, which can also name the profile. */
export interface CachedOptions<F extends AnyFunction = AnyFunction> extends CacheOptions<F> {
  readonly profile?: Profile | EffectiveProfile | (string & {});
}
