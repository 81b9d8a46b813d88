// What every site has, whatever its index: settings, memory, flights, counters. The call path itself is read-through.ts.
import type { CacheOptions } from '../config/cache-options.ts';
import type { SiteSettings } from '../config/site-settings.ts';
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import type { KeyOps } from '../contract/key-kit.ts';
import type { ValueOps } from '../contract/value-kit.ts';
import type { Flight } from '../flow/flight.ts';
import { RefreshBackoff } from '../flow/refresh-backoff.ts';
import { keyKit } from '../key/key-kit.ts';
import type { EntryIndex, Place } from '../memory/entry-index.ts';
import {
  ChainedEntry,
  MemoryEntry,
  NOT_SHARED,
  type EntryKind,
  type EntryOwner,
  type EntryTicks,
  type SharedPlace,
} from '../memory/memory-entry.ts';
import { sharedIndex } from '../memory/shared-index.ts';
import { isObserved } from '../observe/publish.ts';
import { newCounters, publishCall } from '../observe/stats.ts';
import { valueKit } from '../value/value-kit.ts';
import { budgetOf } from './budgets.ts';
import type { Keep, KeptEquals } from './emitted-site.ts';
import { noteHit } from './handle/capture.ts';
import { forgetEntry, noteObject } from './object-entries.ts';
import type { CallIdentity, RegisteredSite } from './registry.ts';
import { INSPECT, shown } from './shown.ts';
import { currentClock, isRare, readTick, tick } from './tick-clock.ts';
import type { SecondTier } from './tier/second-tier.ts';

/** Content of an entry: the kept copy and how to copy it again. */
export interface Content {
  readonly value: unknown;
  readonly copy: ((value: unknown) => unknown) | undefined;
  readonly sizeBytes: number;
}

/** A second-tier write that has not ended. */
export interface PendingWrite {
  /** Set by an invalidation: if the write has not begun it never will. */
  cancelled: boolean;
  done: Promise<void>;
  /** What memory has of it until it is clear whether it is valid. */
  readonly early: MemoryEntry | undefined;
}

/** One entry costs about this much besides its value and key, once it was hit (`npm run bench -- footprint`). */
const ENTRY_OVERHEAD_BYTES = 210;

export class SiteCore implements EntryOwner {
  readonly descriptor: CacheDescriptor;
  readonly options: CacheOptions | undefined;
  readonly typed: EntryIndex;
  /** Entries that the typed index cannot hold, by canonical text; all entries of sealed sites, by stored key. */
  readonly byText = new Map<string, MemoryEntry>();
  readonly flights = new Map<string, Flight>();
  /** Second-tier writes that are on their way, by key text: an invalidation waits for them. */
  readonly writes = new Map<string, PendingWrite>();
  readonly counters = newCounters();
  /** Undefined until the first call and after each configure(). */
  settings: SiteSettings | undefined;
  /** The configuration `settings` belongs to; also changed by nothing else, so a flight can tell it has become old. */
  generation = -1;
  /** Rises with everything that drops: a synchronous function can tell that it was invalidated while it ran. */
  epoch = 0;
  /** What other copies of the package see of it. It lives as long as the site. */
  registration: RegisteredSite | undefined;
  tier: SecondTier | undefined;
  tierOpening: Promise<SecondTier | undefined> | undefined;
  /** Calls whose background runs failed lately. */
  readonly backoff = new RefreshBackoff();
  readonly #kinds: EntryKind[] = [];
  /** The last part of each key is the number of an object. */
  readonly #isPerObject: boolean;
  #isSync: boolean;
  #keyOps: KeyOps | undefined;
  #values: ValueOps | undefined;
  readonly #onKeys: ((keep: Keep | undefined, equals: KeptEquals | undefined) => void) | undefined;

  constructor(
    descriptor: CacheDescriptor,
    typed: EntryIndex,
    options?: CacheOptions,
    onKeys?: (keep: Keep | undefined, equals: KeptEquals | undefined) => void,
  ) {
    this.descriptor = descriptor;
    this.#isSync = descriptor.sync === true;
    this.#isPerObject = (options?.self ?? descriptor.settings.self) === 'instance';
    this.typed = typed;
    this.#onKeys = onKeys;
    this.options = options;
  }

  [INSPECT](): string {
    return shown(this.descriptor);
  }

  /** Generated key functions, made on first use: module evaluation stays cheap. */
  get keyOps(): KeyOps | undefined {
    if (this.#keyOps === undefined && this.descriptor.keys !== undefined) {
      this.#keyOps = this.descriptor.keys(keyKit);
      // Generated functions take what the key holds; only their author knows the types.
      this.#onKeys?.(this.#keyOps.keep as Keep | undefined, this.#keyOps.eq as KeptEquals | undefined);
    }
    return this.#keyOps;
  }

  get values(): ValueOps | undefined {
    this.#values ??= this.descriptor.value?.(valueKit);
    return this.#values;
  }

  /** Async functions hand out promises unless `async` stayed on them. */
  get handsOutValues(): boolean {
    return this.isSync || this.descriptor.raw === true;
  }

  get isSync(): boolean {
    return this.#isSync;
  }

  /** For functions that were not compiled: known after their first run. */
  becomeSync(isSync: boolean): void {
    this.#isSync = isSync;
  }

  /** Expired, first hit, every 1024th hit, copied values, observed. undefined: `run` has to look. */
  slow(entry: MemoryEntry | undefined): unknown {
    if (entry === undefined) {
      if (isRare()) noteHit(this, undefined);
      return undefined;
    }
    const counted = entry.until > tick;
    const now = counted && (entry.hits & 1023) !== 0 ? tick : readTick();
    if (isRare() || entry.until <= now) {
      if (counted) entry.hits--;
      if (isRare()) noteHit(this, entry);
      return undefined;
    }
    if (!counted) entry.hits++;
    let answer: unknown;
    try {
      answer = this.answer(entry);
    } catch {
      this.remove(entry); // the codec of a class fails: `run` finds nothing and runs the function
      return undefined;
    }
    if (answer === undefined) entry.hits--; // a synchronous undefined: `run` counts it
    else if (isObserved('cachekit:call')) publishCall(this, 'hit', 'memory', undefined, 0);
    return answer;
  }

  /** What a caller gets from an entry: a copy, or the one value or promise that serves all. */
  answer(entry: MemoryEntry): unknown {
    if (entry.copy !== undefined) {
      const value = entry.copy(entry.value);
      return this.handsOutValues ? value : Promise.resolve(value);
    }
    return (entry.out ??= this.handsOutValues ? entry.value : Promise.resolve(entry.value));
  }

  find(place: Place | undefined, text: string, keyed: readonly unknown[]): MemoryEntry | undefined {
    const entry = place === undefined ? undefined : this.typed.find(place, keyed);
    return entry ?? this.byText.get(text);
  }

  /** Replaces what was stored for the same call. undefined: too large for the budget, or no memory tier. */
  put(
    call: { readonly place: Place | undefined; readonly text: string; readonly keyed: readonly unknown[] },
    content: Content,
    ticks: EntryTicks,
    shared: SharedPlace = NOT_SHARED,
  ): MemoryEntry | undefined {
    const settings = this.settings;
    if (settings === undefined || settings.memory === false) return undefined;
    const old = this.find(call.place, call.text, call.keyed);
    if (old !== undefined) this.remove(old);
    const sizeBytes = content.sizeBytes + 2 * call.text.length + ENTRY_OVERHEAD_BYTES;
    const kind = this.#kindOf(content.copy);
    const sized = { value: content.value, sizeBytes };
    const { place } = call;
    if (place !== undefined) {
      const entry = this.typed.isChained
        ? new ChainedEntry(kind, place, sized, ticks, shared.nameTag)
        : new MemoryEntry(kind, place.key, sized, ticks, shared.nameTag);
      if (this.typed.add(entry)) return this.#budgeted(entry, shared, call.keyed);
    }
    const entry = new MemoryEntry(kind, call.text, sized, ticks, shared.nameTag);
    this.byText.set(call.text, entry);
    return this.#budgeted(entry, shared, call.keyed);
  }

  /** A site copies in two or three ways. */
  #kindOf(copy: Content['copy']): EntryKind {
    const known = this.#kinds.find((kind) => kind.copy === copy);
    if (known !== undefined) return known;
    const kind = { owner: this, copy };
    this.#kinds.push(kind);
    return kind;
  }

  #budgeted(entry: MemoryEntry, shared: SharedPlace, keyed: readonly unknown[]): MemoryEntry | undefined {
    if (this.#isPerObject) noteObject(entry, keyed.at(-1));
    const { nameTag, tags } = shared;
    this.counters.entries++;
    this.counters.bytes += entry.sizeBytes;
    if (nameTag !== 0 || tags !== undefined) sharedIndex.add(entry, tags);
    const fits = budgetOf(this).add(entry);
    if (!fits) this.evict(entry);
    return fits ? entry : undefined;
  }

  holds(entry: MemoryEntry): boolean {
    return budgetOf(this).has(entry);
  }

  remove(entry: MemoryEntry): void {
    budgetOf(this).remove(entry);
    this.evict(entry);
  }

  drop(entry: MemoryEntry): void {
    if (this.holds(entry)) this.remove(entry);
  }

  evict(entry: MemoryEntry): void {
    this.collectHits(entry);
    sharedIndex.remove(entry);
    if (this.#isPerObject) forgetEntry(entry);
    if (this.byText.get(entry.key as string) === entry) this.byText.delete(entry.key as string); // text entries only
    else this.typed.remove(entry);
    this.counters.entries--;
    this.counters.bytes -= entry.sizeBytes;
  }

  collectHits(entry: MemoryEntry): void {
    if (entry.hits > 0) this.counters.lastOperationAtMs = currentClock().nowMs();
    this.counters.memoryHits += entry.hits;
    entry.hits = 0;
  }

  *entries(): Generator<MemoryEntry> {
    yield* this.typed.all();
    yield* this.byText.values();
  }

  /** Memory and everything in flight: nothing that has begun will be stored or joined. */
  dropAll(): void {
    for (const write of this.writes.values()) write.cancelled = true;
    this.retire();
  }

  /** The same, but writes that wait go on. */
  retire(): void {
    this.epoch++;
    for (const flight of this.flights.values()) flight.detached = true;
    this.flights.clear();
    this.dropEntries();
  }

  /** One call: its entries, its flight, its pending write. `found`: what a hit of the very call would find. */
  dropCall(identity: CallIdentity, found?: MemoryEntry): void {
    const { text, keyed, isTyped } = identity;
    this.epoch++;
    const flight = this.flights.get(text);
    if (flight !== undefined) flight.detached = true;
    this.flights.delete(text);
    const write = this.writes.get(text);
    if (write !== undefined) write.cancelled = true;
    if (found !== undefined && budgetOf(this).has(found)) this.remove(found); // not evicted since
    const place = isTyped ? this.typed.place(keyed) : undefined;
    const sealedKey = this.tier?.codec.storedKey(text) ?? text;
    const entries = [
      place === undefined ? undefined : this.typed.find(place, keyed),
      this.byText.get(text),
      this.byText.get(sealedKey),
    ];
    for (const entry of new Set(entries)) if (entry !== undefined) this.remove(entry);
    if (this.settings?.interop !== undefined)
      for (const entry of sharedIndex.named(text)) if (entry.owner === this) this.drop(entry);
  }

  /** From now on the log says what is invalid; not of what came before, unless that is just being found out. */
  dropUnfollowed(): void {
    const pending = new Set(Array.from(this.writes.values(), ({ early }) => early));
    for (const entry of Array.from(this.entries())) if (!pending.has(entry)) this.remove(entry);
  }

  dropEntries(): void {
    const all = Array.from(this.entries()); // collected first: removing changes what is walked
    for (const entry of all) this.remove(entry);
  }
}
