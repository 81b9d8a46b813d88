// Hash buckets of linked entries, shared by the indexes for two and for many keyed values.
import type { ChainedEntry } from './memory-entry.ts';

/** Longest bucket. Searching a longer one is too slow: further entries are only found by their canonical text. */
const MAX_CHAIN = 64;

/** Puts the entry at the head of its bucket. False, and nothing is added, if the bucket is full. */
export function addToChain(buckets: Map<unknown, ChainedEntry>, entry: ChainedEntry): boolean {
  const first = buckets.get(entry.key);
  let length = 0;
  for (let at = first; at !== undefined; at = at.next) length++;
  if (length >= MAX_CHAIN) return false;
  entry.next = first;
  buckets.set(entry.key, entry);
  return true;
}

/** Removes the entry from its bucket, if it is there. */
export function removeFromChain(buckets: Map<unknown, ChainedEntry>, entry: ChainedEntry): void {
  let at = buckets.get(entry.key);
  if (at === entry) {
    if (entry.next === undefined) buckets.delete(entry.key);
    else buckets.set(entry.key, entry.next);
    return;
  }
  while (at !== undefined && at.next !== entry) at = at.next;
  if (at !== undefined) at.next = entry.next;
}

/** All entries of all buckets. */
export function* chained(buckets: Map<unknown, ChainedEntry>): Generator<ChainedEntry> {
  for (const first of buckets.values()) {
    for (let at: ChainedEntry | undefined = first; at !== undefined; at = at.next) yield at;
  }
}
