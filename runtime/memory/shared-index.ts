// Finds entries of memory by what invalidations from elsewhere know: a name in a backend, or a tag.
import type { MemoryEntry } from './memory-entry.ts';

/**
 * Of any text, since names also come from the log. 48 bits of the digest in a name such as `ck1:{…}`. Two entries with the same 48 bits only share their fate: both are
 * dropped when one is invalidated.
 */
export function nameTagOf(name: string): number {
  const open = name.indexOf('{');
  if (open < 0) return Number.parseInt(`0${name.slice(-12)}`, 16) + 1; // shared with other languages: ends in hex digits
  const bytes = Buffer.alloc(6);
  bytes.write(name.slice(open + 1, open + 9), 'base64url');
  return bytes.readUIntBE(0, 6) + 1; // 0 is no name
}

export class SharedIndex {
  readonly #byName = new Map<number, MemoryEntry | Set<MemoryEntry>>();
  readonly #byTag = new Map<string, Set<MemoryEntry>>();

  add(entry: MemoryEntry): void {
    if (entry.nameTag !== 0) this.#addName(entry);
    for (const tag of entry.tags ?? []) {
      const known = this.#byTag.get(tag);
      if (known === undefined) this.#byTag.set(tag, new Set([entry]));
      else known.add(entry);
    }
  }

  /** Several sites may keep the same stored entry: after a hot reload, or with other options. */
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
    for (const tag of entry.tags ?? []) {
      const known = this.#byTag.get(tag);
      if (known?.delete(entry) === true && known.size === 0) this.#byTag.delete(tag);
    }
  }

  /** A copy: dropping changes what is walked. */
  named(name: string): readonly MemoryEntry[] {
    const known = this.#byName.get(nameTagOf(name));
    if (known === undefined) return [];
    return known instanceof Set ? [...known] : [known];
  }

  tagged(tag: string): readonly MemoryEntry[] {
    return [...(this.#byTag.get(tag) ?? [])];
  }
}

/** Of this copy of the package. */
export const sharedIndex = new SharedIndex();
