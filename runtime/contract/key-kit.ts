// The helpers generated key functions may call, and what those functions are. See docs/spec/key.md.

/**
 * Pieces of the canonical key text. Every method is total on its own type and falls back to `any` for a value that is
 * not of the type its name says: types can lie, keys cannot. Each throws `UnkeyableError` for what has no key form.
 */
export interface KeyKit {
  /** Canonical text of any keyable value. The reference: generated text always equals it. */
  any(value: unknown): string;
  num(value: unknown): string;
  str(value: unknown): string;
  bool(value: unknown): string;
  /** A plain object (prototype Object.prototype or null) without own enumerable keys beyond `names`. */
  only(value: unknown, names: readonly string[]): boolean;
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
