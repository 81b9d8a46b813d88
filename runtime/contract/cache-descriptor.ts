// The descriptor: what the compiler tells the runtime about one cached function. Imports contract files only.
import type { InteropFloats } from './float-places.ts';
import type { KeyKit, KeyOps } from './key-kit.ts';
import type { DescriptorSettings, EffectiveProfile } from './settings.ts';
import type { ValueKit, ValueOps } from './value-kit.ts';

/** Callbacks of a marker, for single calls and results. args: as in `CacheDescriptor`. */
export interface CallRules {
  /** Tags of this result, besides `settings.tags`. */
  readonly tags?: (result: never, ...args: never[]) => readonly string[];
  /** false: this call does not use the cache. */
  readonly when?: (...args: never[]) => boolean;
  /** true: this result is not stored. */
  readonly unless?: (result: never, ...args: never[]) => boolean;
  /** Tenant that owns the entry: part of the key, and of the encryption key of secure functions. */
  readonly tenant?: (...args: never[]) => string;
}

/**
 * A static object in emitted code. A field may be added without a new emit version, because the runtime ignores fields
 * it does not know. A changed meaning needs `cachekit/emit/v2`.
 *
 * Terms: *args* are the values that the body gets (bound names, after defaults and destructuring). *keyed* are the
 * values that enter the key, in order: `pick(...args)`, or args themselves without `pick`.
 */
export interface CacheDescriptor {
  readonly v: 1;
  /** Identity: `name=`, else `<package>/<path without extension>#<qualified name>`. */
  readonly id: string;
  /** Gives the function, if module scope can reach it. Called late, never during module evaluation. */
  readonly fn?: () => unknown;
  readonly profile: EffectiveProfile;
  /** The compiler inferred the profile: `secure` then works without a master key, with a key of this process only. */
  readonly inferred?: true;
  /** Name of the user's package, made to fit `[a-z0-9._-]{1,64}`: the default namespace. */
  readonly package: string;
  readonly settings: DescriptorSettings;
  /** The function is in a published package: memory only, until the application configures cachekit. */
  readonly library?: true;
  /** The function is synchronous: `runSync`, with memory and synchronous backends only. */
  readonly sync?: true;
  /** The emitted function is still `async`: `hit` gives the value itself, not a promise of it. */
  readonly raw?: true;
  /** Fingerprint of parameter and result types, 16 hex digits. */
  readonly shape: string;
  /** Fingerprint of shape, body and what it calls, 16 hex digits. */
  readonly code: string;
  /** Serializer the compiler chose from the result type. */
  readonly serializer: string;
  /** How the memory index finds an entry: without arguments, by one primitive, by two, or by a bucket and `eq`. */
  readonly index: 0 | 1 | 2 | 'n';
  /** Maps args to keyed values. Absent: args are the keyed values. */
  readonly pick?: (...args: never[]) => readonly unknown[];
  /** Generated key functions; absent when index is 0. */
  readonly keys?: (kit: KeyKit) => KeyOps;
  /** `tags=`, `when=`, `unless=` and `tenant=` of a marker, as functions of args. If one throws, nothing is stored. */
  readonly rules?: CallRules;
  /** With `interop`: the places of numbers that are floats in other languages. Default: numbers with a fraction. */
  readonly floats?: InteropFloats;
  /** Generated value functions; absent only for untransformed `cached()`. */
  readonly value?: (kit: ValueKit) => ValueOps;
}
