// The helpers generated key functions may call, and what those functions are. See docs/spec/key.md.
import type { BuiltIns } from './built-ins.ts';

/**
 * Pieces of the canonical key text. Every method is total on its own type and falls back to `any` for a value that is
 * not of the type its name says: types can lie, keys cannot. Each throws `UnkeyableError` for what has no key form.
 */
export interface KeyKit {
  readonly js: BuiltIns;
  /**
   * Canonical text of any keyable value. The reference: generated text always equals it.
   * `depth`: how many objects and arrays surround the value; default 0.
   */
  any(value: unknown, depth?: number): string;
  num(value: unknown): string;
  str(value: unknown): string;
  bool(value: unknown): string;
  /** A plain object (prototype Object.prototype or null) without own enumerable keys beyond `names`. */
  only(value: unknown, names: readonly string[]): boolean;
  /** An array of the built-in prototype, without holes and without own properties beyond its elements. */
  list(value: unknown): boolean;
  /** A Date of the built-in prototype without own properties. */
  date(value: unknown): boolean;
  /** The arguments may hold instances of classes that these ClassCodecs are for. Never called: that they are named is enough. */
  uses(codecs: () => readonly unknown[]): void;
  /** Same value for a key: `===`, with -0 apart from 0 and NaN equal to NaN. */
  same(a: unknown, b: unknown): boolean;
}

export interface KeyOps {
  /** Canonical text of the keyed values: equal exactly when the calls are the same call. */
  readonly key: (...keyed: never[]) => string;
  /**
   * index `n` only. What to keep to recognise the same arguments: `[bucket, kept]`, deep copies of what can change;
   * undefined when the values are not exactly of their declared types (then only `key` identifies the call).
   */
  readonly keep?: (...keyed: never[]) => readonly [bucket: unknown, kept: unknown] | undefined;
  /** index `n` only. True exactly when `key(...keyed)` equals the key of the call that made `kept`. */
  readonly eq?: (kept: never, ...keyed: never[]) => boolean;
}
