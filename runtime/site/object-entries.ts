// Entries of `self=instance` by the number of their object: when the object is garbage collected, they are dropped.
import type { MemoryEntry } from '../memory/memory-entry.ts';

const entriesOf = new Map<number, Set<MemoryEntry>>();
const numberOf = new WeakMap<MemoryEntry, number>();

/** Registers an entry. `number`: the last part of its key, which is the number of its object, or something else. */
export function noteObject(entry: MemoryEntry, number: unknown): void {
  if (typeof number !== 'number') return;
  numberOf.set(entry, number);
  const entries = entriesOf.get(number);
  if (entries === undefined) entriesOf.set(number, new Set([entry]));
  else entries.add(entry);
}

/** Unregisters an entry that memory has removed. */
export function forgetEntry(entry: MemoryEntry): void {
  const number = numberOf.get(entry);
  if (number === undefined) return;
  numberOf.delete(entry);
  const entries = entriesOf.get(number);
  entries?.delete(entry);
  if (entries?.size === 0) entriesOf.delete(number);
}

/** The object was collected: drops its entries, as nobody can ask for them again. */
export function dropObject(number: number): void {
  for (const entry of entriesOf.get(number) ?? []) entry.owner.drop(entry);
  entriesOf.delete(number);
}
