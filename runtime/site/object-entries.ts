// Entries of `self=instance` by the number of their object: they go with it, not only with their ttl.
import type { MemoryEntry } from '../memory/memory-entry.ts';

const entriesOf = new Map<number, Set<MemoryEntry>>();
const numberOf = new WeakMap<MemoryEntry, number>();

/** `number`: of the object that is part of the entry's key; another value stands for no object. */
export function noteObject(entry: MemoryEntry, number: unknown): void {
  if (typeof number !== 'number') return;
  numberOf.set(entry, number);
  const entries = entriesOf.get(number);
  if (entries === undefined) entriesOf.set(number, new Set([entry]));
  else entries.add(entry);
}

/** Memory has let go of it. */
export function forgetEntry(entry: MemoryEntry): void {
  const number = numberOf.get(entry);
  if (number === undefined) return;
  numberOf.delete(entry);
  const entries = entriesOf.get(number);
  entries?.delete(entry);
  if (entries?.size === 0) entriesOf.delete(number);
}

/** The object is gone. */
export function dropObject(number: number): void {
  for (const entry of entriesOf.get(number) ?? []) entry.owner.drop(entry);
  entriesOf.delete(number);
}
