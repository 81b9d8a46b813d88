// Entries of one budget from the oldest to the newest: a list whose links are fields of the entries, so that order costs
// two words for each of them.
import type { MemoryEntry } from './memory-entry.ts';

export class EntryOrder {
  #oldest: MemoryEntry | undefined;
  #newest: MemoryEntry | undefined;
  #size = 0;
  #sizeBytes = 0;

  get oldest(): MemoryEntry | undefined {
    return this.#oldest;
  }

  get size(): number {
    return this.#size;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** An entry is in one order at a time: of one that is in another, nothing is said. */
  has(entry: MemoryEntry): boolean {
    return entry === this.#newest || entry.newer !== undefined;
  }

  /** As the newest. */
  add(entry: MemoryEntry): void {
    entry.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
    this.#size++;
    this.#sizeBytes += entry.sizeBytes;
  }

  /** Does nothing for one that is not there. */
  remove(entry: MemoryEntry): void {
    if (!this.has(entry)) return;
    const { older, newer } = entry;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    entry.older = undefined;
    entry.newer = undefined;
    this.#size--;
    this.#sizeBytes -= entry.sizeBytes;
  }

  /** What was there can be in another order from now on. */
  clear(): void {
    while (this.#oldest !== undefined) this.remove(this.#oldest);
  }

  /** From the oldest on; what it gives must not be moved meanwhile. */
  *[Symbol.iterator](): Iterator<MemoryEntry> {
    for (let at = this.#oldest; at !== undefined; at = at.newer) yield at;
  }
}
