// Finds memory entries by backend key or by tag, for invalidations that do not know the arguments of a call.
import type { MemoryEntry } from './memory-entry.ts';

let scratch: Buffer | undefined;
/** 30 bits: V8 stores such an integer inline, while a larger one would be a heap object in each entry. */
const TAG_BITS = 0x3fffffff;

/**
 * 30 bits of the digest in a backend key such as `ck1:{…}`. Never fails, whatever the text: keys also come from the log.
 * If two keys give the same bits, both entries are dropped when one of them is invalidated.
 */
export function nameTagOf(name: string): number {
  const tag = digestBits(name) & TAG_BITS;
  return tag === 0 ? 1 : tag; // 0 means no backend key
}

function digestBits(name: string): number {
  const open = name.indexOf('{');
  if (open < 0) return Number.parseInt(name.slice(-8), 16); // an interop key, which ends in hex digits
  const bytes = (scratch ??= Buffer.alloc(4));
  bytes.fill(0);
  bytes.write(name.slice(open + 1, open + 7), 'base64url');
  return bytes.readInt32BE(0);
}

/** Memory entries by backend key and by tag. */
export class SharedIndex {
  readonly #byName = new Map<number, MemoryEntry | Set<MemoryEntry>>();
  readonly #byTag = new Map<string, Set<MemoryEntry>>();
  /** Not a field of the entries, as few of them have tags. */
  readonly #tags = new Map<MemoryEntry, readonly string[]>();

  /** `tags`: group ids. */
  add(entry: MemoryEntry, tags: readonly string[] = []): void {
    if (entry.nameTag !== 0) this.#addName(entry);
    if (tags.length > 0) this.#tags.set(entry, tags);
    for (const tag of tags) {
      const known = this.#byTag.get(tag);
      if (known === undefined) this.#byTag.set(tag, new Set([entry]));
      else known.add(entry);
    }
  }

  /** Several sites may hold the same stored entry, for instance after a hot reload. */
  #addName(entry: MemoryEntry): void {
    const known = this.#byName.get(entry.nameTag);
    if (known === undefined) this.#byName.set(entry.nameTag, entry);
    else if (known instanceof Set) known.add(entry);
    else this.#byName.set(entry.nameTag, new Set([known, entry]));
  }

  remove(entry: MemoryEntry): void {
    if (entry.nameTag !== 0) {
      const known = this.#byName.get(entry.nameTag);
      if (known === entry) this.#byName.delete(entry.nameTag);
      else if (known instanceof Set && known.delete(entry) && known.size === 0)
        this.#byName.delete(entry.nameTag);
    }
    const tags = this.tagsOf(entry);
    if (tags.length > 0) this.#tags.delete(entry);
    for (const tag of tags) {
      const known = this.#byTag.get(tag);
      if (known?.delete(entry) === true && known.size === 0) this.#byTag.delete(tag);
    }
  }

  /** Group ids of the entry's tags. */
  tagsOf(entry: MemoryEntry): readonly string[] {
    return this.#tags.get(entry) ?? [];
  }

  /** The entries of this backend key: a copy, because dropping one changes the index. */
  named(name: string): readonly MemoryEntry[] {
    const known = this.#byName.get(nameTagOf(name));
    if (known === undefined) return [];
    return known instanceof Set ? [...known] : [known];
  }

  /** The entries with this tag (its group id): a copy too. */
  tagged(tag: string): readonly MemoryEntry[] {
    return [...(this.#byTag.get(tag) ?? [])];
  }
}

/** The index of this copy of the package. */
export const sharedIndex = new SharedIndex();
