// Types of the generated key functions, and of the helpers they may call. See docs/spec/key.md.
import type { BuiltIns } from './built-ins.ts';

/**
 * Helpers that write the canonical key text. A method that gets a value of another type than its name says falls back
 * to `any`, because declared types can be wrong and keys must not be. Each throws `UnkeyableError` for a value that
 * has no key form.
 */
export interface KeyKit {
  readonly js: BuiltIns;
  /**
   * Canonical text of any keyable value. This is the reference: generated code must give the same text.
   * `depth`: number of objects and arrays around the value; default 0.
   */
  any(value: unknown, depth?: number): string;
  num(value: unknown): string;
  str(value: unknown): string;
  bool(value: unknown): string;
  /** Whether it is a plain object (prototype Object.prototype or null) with no own enumerable keys beyond `names`. */
  only(value: unknown, names: readonly string[]): boolean;
  /**
   * Whether it is an array with the built-in prototype, without holes and without own properties beyond its elements.
   */
  list(value: unknown): boolean;
  /** Whether it is a Date with the built-in prototype and without own properties. */
  date(value: unknown): boolean;
  /** Names the ClassCodecs of classes whose instances the arguments may contain. `codecs` is never called. */
  uses(codecs: () => readonly unknown[]): void;
  /** Whether both give the same key: as Object.is, so -0 differs from 0 and NaN equals NaN. */
  same(a: unknown, b: unknown): boolean;
}

/** The generated key functions of one site. */
export interface KeyOps {
  /** Canonical text of the keyed values. Equal if and only if the calls are the same. */
  readonly key: (...keyed: never[]) => string;
  /**
   * Index `n` only. What the memory index keeps to recognise the same arguments: a bucket, and copies that later
   * changes of the arguments do not reach. undefined if the values are not exactly of their declared types: then only
   * `key` identifies the call.
   */
  readonly keep?: (...keyed: never[]) => readonly [bucket: unknown, kept: unknown] | undefined;
  /** Index `n` only. Whether `key(...keyed)` equals the key of the call that made `kept`. */
  readonly eq?: (kept: never, ...keyed: never[]) => boolean;
}
