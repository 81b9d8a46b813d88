// The entries of one budget from the oldest to the newest: a doubly linked list whose links are fields of the entries, so
// that it costs two words per entry.
import type { MemoryEntry } from './memory-entry.ts';

/** An intrusive list. An entry can be in one list at a time. */
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

  /** Whether the entry is in this list. Not meaningful for an entry that is in another list. */
  has(entry: MemoryEntry): boolean {
    return entry === this.#newest || entry.newer !== undefined;
  }

  /** Adds the entry as the newest. */
  add(entry: MemoryEntry): void {
    entry.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
    this.#size++;
    this.#sizeBytes += entry.sizeBytes;
  }

  /** Does nothing if the entry is not in the list. */
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

  /** Removes all entries, so that they can be added to another list. */
  clear(): void {
    while (this.#oldest !== undefined) this.remove(this.#oldest);
  }

  /** From the oldest to the newest. The list must not be changed during the iteration. */
  *[Symbol.iterator](): Iterator<MemoryEntry> {
    for (let at = this.#oldest; at !== undefined; at = at.newer) yield at;
  }
}
