// What `cached()` takes, and the types of a function that is cached.
import type { Backend } from '../backend/backend.ts';
import type { EffectiveProfile, Profile } from '../contract/settings.ts';
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

/** Options of one cached function, in code. */
export interface CacheOptions<F extends AnyFunction = AnyFunction> {
  /** Nothing older is served. Default 1h. */
  readonly ttl?: Duration;
  /** Each ttl is shortened by up to this share, 0 to 1. Default 0.1; test 0. */
  readonly jitter?: number;
  /** `[a-z0-9._-]{1,64}`. Default: the package name, made to fit. */
  readonly namespace?: string;
  /** Identity that survives moves. Default: package, file, qualified name. */
  readonly name?: string;
  /** Default `code`, with NODE_ENV=production `shape`. Other text: by hand. */
  readonly version?: 'shape' | 'code' | 'none' | (string & {}) | number;
  /** Default: from the return type. */
  readonly serializer?: 'std' | 'auto' | 'json' | (string & {});
  /** LZ4 where smaller. Default true; secure false. */
  readonly compress?: boolean;
  /** Larger: returned, not stored. Default 50mb. */
  readonly maxSize?: Bytes;
  /** A built-in, a name in `configure({ backends })`, or an own one. */
  readonly backend?: 'none' | 'memory' | 'embedded' | (string & {}) | Backend;
  /** Replaces the arguments for read, write and invalidate alike. */
  readonly key?: (...args: ArgsOf<F>) => KeyPart;
}

/** Options of `cached()` itself, which also names the profile. */
export interface CachedOptions<F extends AnyFunction = AnyFunction> extends CacheOptions<F> {
  readonly profile?: Profile | EffectiveProfile | (string & {});
}
