// One value in the memory tier. Fields are few and of one kind each: there may be a million of these.

/** The site that an entry belongs to. */
export interface EntryOwner {
  /** The budget has let go of it. */
  evict(entry: MemoryEntry): void;
  /** It was invalidated from elsewhere. */
  drop(entry: MemoryEntry): void;
  /** Adds `entry.hits` to the site's count and sets it to 0. */
  collectHits(entry: MemoryEntry): void;
}

/** What many entries of a site have in common. */
export interface EntryKind {
  readonly owner: EntryOwner;
  /** Makes what a caller gets. Absent: the value cannot be changed by anybody. */
  readonly copy: ((value: unknown) => unknown) | undefined;
}

/** What an entry is made of besides its place and times. */
export interface EntryContent {
  readonly value: unknown;
  readonly sizeBytes: number;
}

/** Ticks of an entry; `until` is the smallest moment at which a hit has something to do. */
export interface EntryTicks {
  readonly born: number;
  readonly until: number;
  readonly soft: number;
  readonly hard: number;
}

/** By what invalidations that are not about its own call find it. */
export interface SharedPlace {
  /** Of its name in a backend (shared-index.ts); 0: no other process has it. */
  readonly nameTag: number;
  /** Group ids of its tags; undefined: none. */
  readonly tags: readonly string[] | undefined;
}

export const NOT_SHARED: SharedPlace = { nameTag: 0, tags: undefined };

// `declare`: the constructor alone makes the shape, so that small integers stay small integers.
export class MemoryEntry {
  /** What a hit hands out: the stored promise, or the value of a raw or synchronous function. Made by the first hit. */
  declare out: unknown;
  /** Tick until which hits need no look: expiry, or an earlier moment at which something is to be done. */
  declare until: number;
  /** Tick at which the value is no longer fresh. */
  declare soft: number;
  /** Tick at which it is gone. */
  declare hard: number;
  /** Hits since the budget last looked: also the mark that saves an entry from eviction. */
  declare hits: number;
  /** The kept value (never handed out when `copy` is there), or sealed bytes. */
  declare readonly value: unknown;
  declare readonly kind: EntryKind;
  /** Map key, or bucket, or canonical text. */
  declare readonly key: unknown;
  /** Approximate. */
  declare readonly sizeBytes: number;
  /** Tick at which the value was made, or its ttl began again. */
  declare born: number;
  /** Where SharedIndex has it; 0: no other process has it. */
  declare readonly nameTag: number;
  /** Neighbours in the order of its budget; undefined at the ends, and outside of it. */
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

/** An entry whose key stands for several: a list of them is searched by what was kept of the arguments. */
export class ChainedEntry extends MemoryEntry {
  /** What to compare: the second argument, or kept copies of all. */
  declare readonly kept: unknown;
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
