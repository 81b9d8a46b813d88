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

/** Ticks of an entry; `until` is the smallest moment at which a hit has something to do. */
export interface EntryTicks {
  readonly born: number;
  readonly until: number;
  readonly soft: number;
  readonly hard: number;
}

/** By what invalidations that are not about its own call find it. */
export interface SharedPlace {
  readonly nameTag: number;
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
  /** Makes what a caller gets. Absent: the value cannot be changed by anybody. */
  declare readonly copy: ((value: unknown) => unknown) | undefined;
  /** Map key, or bucket, or canonical text. */
  declare readonly key: unknown;
  /** What to compare in a chain: the second argument, or kept copies of all. */
  declare readonly kept: unknown;
  declare next: MemoryEntry | undefined;
  declare readonly owner: EntryOwner;
  /** Approximate. */
  declare readonly sizeBytes: number;
  /** Tick at which the value was made, or its ttl began again. */
  declare born: number;
  /** Where SharedIndex has it, by the name in a backend; 0: no other process has it. */
  declare readonly nameTag: number;
  /** Group ids of its tags; undefined: none. */
  declare readonly tags: readonly string[] | undefined;

  constructor(
    owner: EntryOwner,
    place: { readonly key: unknown; readonly kept: unknown },
    content: {
      readonly value: unknown;
      readonly copy: ((value: unknown) => unknown) | undefined;
      readonly sizeBytes: number;
    },
    ticks: EntryTicks,
    shared: SharedPlace,
  ) {
    this.out = undefined;
    this.until = ticks.until;
    this.soft = ticks.soft;
    this.hard = ticks.hard;
    this.hits = 0;
    this.value = content.value;
    this.copy = content.copy;
    this.key = place.key;
    this.kept = place.kept;
    this.next = undefined;
    this.owner = owner;
    this.sizeBytes = content.sizeBytes;
    this.born = ticks.born;
    this.nameTag = shared.nameTag;
    this.tags = shared.tags;
  }
}
