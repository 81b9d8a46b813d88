// Buckets of linked entries: what the indexes for two and more values share.
import type { ChainedEntry } from './memory-entry.ts';

/** Above this a bucket is searched too slowly: further entries go to the canonical text index. */
const MAX_CHAIN = 64;

/** Puts the entry in front of its bucket unless the bucket is full. */
export function addToChain(buckets: Map<unknown, ChainedEntry>, entry: ChainedEntry): boolean {
  const first = buckets.get(entry.key);
  let length = 0;
  for (let at = first; at !== undefined; at = at.next) length++;
  if (length >= MAX_CHAIN) return false;
  entry.next = first;
  buckets.set(entry.key, entry);
  return true;
}

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

export function* chained(buckets: Map<unknown, ChainedEntry>): Generator<ChainedEntry> {
  for (const first of buckets.values()) {
    for (let at: ChainedEntry | undefined = first; at !== undefined; at = at.next) yield at;
  }
}
