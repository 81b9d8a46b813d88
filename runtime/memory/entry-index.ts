// Port: how one site finds its memory entries by the arguments, without building the canonical key text.
import type { MemoryEntry } from './memory-entry.ts';

/**
 * Where the entry of a call goes in the index. Made before the function runs, because the function may modify its
 * arguments.
 */
export interface Place {
  /** Key in the Map of the index. */
  readonly key: unknown;
  /** What else the index compares, if several entries share the key. */
  readonly kept: unknown;
}

/** The index of one site. `keyed`: the values of the call that are part of its key. */
export interface EntryIndex {
  /** The entries of this index are `ChainedEntry`. */
  readonly isChained: boolean;
  /** undefined: the index cannot hold values of this kind; the entry is found by its canonical text instead. */
  place(keyed: readonly unknown[]): Place | undefined;
  find(place: Place, keyed: readonly unknown[]): MemoryEntry | undefined;
  /** False if the bucket is full; the entry is found by its canonical text instead. */
  add(entry: MemoryEntry): boolean;
  remove(entry: MemoryEntry): void;
  clear(): void;
  all(): Iterable<MemoryEntry>;
}

const NEGATIVE_ZERO = Symbol('-0');

/** The Map key for a value: cache keys distinguish 0 and -0, a Map does not. */
export function mapKey(value: unknown): unknown {
  return value === 0 && 1 / value < 0 ? NEGATIVE_ZERO : value;
}

/** Whether two values are the same in a cache key: `===`, but -0 differs from 0, and NaN equals NaN. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b ? a !== 0 || 1 / a === 1 / (b as 0) : a !== a && b !== b; // b === a, so b is a zero too
}

/** Whether a value can be a Map key of an index. Objects cannot: one would still be found after it was modified. */
export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}
