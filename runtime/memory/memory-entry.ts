// One value in the memory tier. There may be a million entries, so their fields are few and each has one type.

/** The site that an entry belongs to. */
export interface EntryOwner {
  /** The budget has removed the entry. */
  evict(entry: MemoryEntry): void;
  /** The entry was invalidated by another process, or by its tag. */
  drop(entry: MemoryEntry): void;
  /** Adds `entry.hits` to the site's count and sets it to 0. */
  collectHits(entry: MemoryEntry): void;
}

/** What many entries of a site have in common, so that each entry holds one reference to it. */
export interface EntryKind {
  readonly owner: EntryOwner;
  /** Makes the copy that a caller gets. undefined: the value is immutable and can be shared. */
  readonly copy: ((value: unknown) => unknown) | undefined;
}

/** The value of an entry and its size. */
export interface EntryContent {
  readonly value: unknown;
  readonly sizeBytes: number;
}

/** The times of an entry, in ticks. Meanings as in `MemoryEntry`. */
export interface EntryTicks {
  readonly born: number;
  readonly until: number;
  readonly soft: number;
  readonly hard: number;
}

/** How `SharedIndex` finds an entry: for invalidations by other processes and for those of tags. */
export interface SharedPlace {
  /** Made of its backend key (shared-index.ts); 0 if the entry is not in a backend. */
  readonly nameTag: number;
  /** Group ids of its tags; undefined if it has none. */
  readonly tags: readonly string[] | undefined;
}

/** For an entry that only its own site finds. */
export const NOT_SHARED: SharedPlace = { nameTag: 0, tags: undefined };

/** One value in the memory tier. Times are in ticks of the site's clock (site/tick-clock.ts). */
// Fields use `declare` so that the constructor alone defines the hidden class, and small integers stay unboxed.
export class MemoryEntry {
  /** What a hit hands out: a promise, or the value for synchronous and `raw` functions. Made by the first hit. */
  declare out: unknown;
  /** Until this tick a hit needs no further check. It is the expiry, or an earlier time at which a refresh is due. */
  declare until: number;
  /** Tick at which the value becomes stale. */
  declare soft: number;
  /** Tick at which the value is gone. */
  declare hard: number;
  /** Hits since the budget last looked. Above 0, the entry gets a second chance before eviction. */
  declare hits: number;
  /** The stored value (never handed out itself if `copy` is given), or sealed bytes. */
  declare readonly value: unknown;
  declare readonly kind: EntryKind;
  /** Map key or bucket in the index of the site, or the canonical text. */
  declare readonly key: unknown;
  /** Estimated. */
  declare readonly sizeBytes: number;
  /** Tick at which the value was made, or at which its ttl was last extended. */
  declare born: number;
  /** As in `SharedPlace`. */
  declare readonly nameTag: number;
  /** Neighbours in `EntryOrder`; undefined at the ends and outside of any list. */
  declare older: MemoryEntry | undefined;
  declare newer: MemoryEntry | undefined;

  constructor(kind: EntryKind, key: unknown, content: EntryContent, ticks: EntryTicks, nameTag: number) {
    this.out = undefined;
    this.until = ticks.until;
    this.soft = ticks.soft;
    this.hard = ticks.hard;
    this.hits = 0;
    this.value = content.value;
    this.kind = kind;
    this.key = key;
    this.sizeBytes = content.sizeBytes;
    this.born = ticks.born;
    this.nameTag = nameTag;
    this.older = undefined;
    this.newer = undefined;
  }

  get owner(): EntryOwner {
    return this.kind.owner;
  }

  get copy(): EntryKind['copy'] {
    return this.kind.copy;
  }
}

/** An entry in a bucket: several entries share a key and are told apart by what was kept of the arguments. */
export class ChainedEntry extends MemoryEntry {
  /** What is compared: the second argument, or copies of all of them. */
  declare readonly kept: unknown;
  /** The next entry of the same bucket. */
  declare next: ChainedEntry | undefined;

  constructor(
    kind: EntryKind,
    place: { readonly key: unknown; readonly kept: unknown },
    content: EntryContent,
    ticks: EntryTicks,
    nameTag: number,
  ) {
    super(kind, place.key, content, ticks, nameTag);
    this.kept = place.kept;
    this.next = undefined;
  }
}
