// What the compiler tells the runtime about one cached function. Shared by both; imports nothing but contract files.
import type { InteropFloats } from './float-places.ts';
import type { KeyKit, KeyOps } from './key-kit.ts';
import type { DescriptorSettings, EffectiveProfile } from './settings.ts';
import type { ValueKit, ValueOps } from './value-kit.ts';

/** What a marker says about single calls and results, as functions. args: as in `CacheDescriptor`. */
export interface CallRules {
  /** Tags of this result, besides `settings.tags`. */
  readonly tags?: (result: never, ...args: never[]) => readonly string[];
  /** false: this call does not use the cache. */
  readonly when?: (...args: never[]) => boolean;
  /** true: this result is not stored. */
  readonly unless?: (result: never, ...args: never[]) => boolean;
  /** Whose entry it is: part of the key, and of the encryption of secure functions. */
  readonly tenant?: (...args: never[]) => string;
}

/**
 * A static object in emitted code. A field may be added without a new emit version: the runtime ignores fields it does
 * not know. A changed meaning needs `cachekit/emit/v2`.
 *
 * Words: *args* are what the body gets (bound names, after defaults and destructuring); *keyed* are the values that
 * enter the key, in order: `pick(...args)`, or args themselves when there is no `pick`.
 */
export interface CacheDescriptor {
  readonly v: 1;
  /** Identity: `name=`, else `<package>/<path without extension>#<qualified name>`. */
  readonly id: string;
  /** The function value, when module scope can reach it. Called late, never during module evaluation. */
  readonly fn?: () => unknown;
  readonly profile: EffectiveProfile;
  /** The profile was chosen by the compiler, not written: `secure` then works without a master key (ephemeral, in process). */
  readonly inferred?: true;
  /** Name of the user's package, made to fit `[a-z0-9._-]{1,64}`: the default namespace. */
  readonly package: string;
  readonly settings: DescriptorSettings;
  /** Of a published package: memory only until the application configures cachekit. */
  readonly library?: true;
  /** Runs synchronously: `runSync`, memory and synchronous backends only. */
  readonly sync?: true;
  /** `async` stays on the function: `hit` hands out the value, not a promise of it. */
  readonly raw?: true;
  /** Fingerprint of parameter and result types, 16 hex digits. */
  readonly shape: string;
  /** Fingerprint of shape, body and what it calls, 16 hex digits. */
  readonly code: string;
  /** Serializer the compiler chose from the result type. */
  readonly serializer: string;
  /** How memory finds an entry: by nothing, by one primitive, by two, or by a bucket and `eq`. */
  readonly index: 0 | 1 | 2 | 'n';
  /** Maps args to keyed values. Absent: args are the keyed values. */
  readonly pick?: (...args: never[]) => readonly unknown[];
  /** Generated key functions; absent when index is 0. */
  readonly keys?: (kit: KeyKit) => KeyOps;
  /** Of a marker's `tags=`, `when=`, `unless=`, `tenant=`: plain functions of args. One that throws: not stored. */
  readonly rules?: CallRules;
  /** With `interop`: which numbers other languages have as floats. Default: those with a fraction. */
  readonly floats?: InteropFloats;
  /** Generated value functions; absent only for untransformed `cached()`. */
  readonly value?: (kit: ValueKit) => ValueOps;
}
