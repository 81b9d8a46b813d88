// Port: how one site finds its entries without building a string.
import type { MemoryEntry } from './memory-entry.ts';

/** Where the entry of a call goes. Made before the function runs: it may change its arguments. */
export interface Place {
  readonly key: unknown;
  readonly kept: unknown;
}

export interface EntryIndex {
  /** Its entries are `ChainedEntry`. */
  readonly isChained: boolean;
  /** undefined: these values are not of the kind this index holds; the canonical text then finds them. */
  place(keyed: readonly unknown[]): Place | undefined;
  find(place: Place, keyed: readonly unknown[]): MemoryEntry | undefined;
  /** False when the bucket is full: the canonical text then finds the entry. */
  add(entry: MemoryEntry): boolean;
  remove(entry: MemoryEntry): void;
  clear(): void;
  all(): Iterable<MemoryEntry>;
}

const NEGATIVE_ZERO = Symbol('-0');

/** A Map finds 0 for -0. Keys keep them apart. */
export function mapKey(value: unknown): unknown {
  return value === 0 && 1 / value < 0 ? NEGATIVE_ZERO : value;
}

/** Same value for a key: `===`, with -0 apart from 0 and NaN equal to NaN. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b ? a !== 0 || 1 / a === 1 / (b as 0) : a !== a && b !== b; // b === a, so b is a zero too
}

/** Only primitives can be Map keys: an object would be found after it was changed. */
export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}
