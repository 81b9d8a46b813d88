// What every site has, whatever its index: settings, memory entries, flights and counters. The call path itself is
// call/read-through.ts.
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
  type EntryContent,
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
import type { PendingWrite } from './pending-write.ts';
import type { CallIdentity, RegisteredSite } from './registry.ts';
import { INSPECT, shown } from './shown.ts';
import { settingsForSync } from './sync-settings.ts';
import { currentClock, isRare, readTick, tick } from './tick-clock.ts';
import type { SecondTier } from './tier/second-tier.ts';

/** The kept copy of a value, how a copy for a caller is made (undefined: it can be shared), and its size. */
export type Content = EntryContent & Pick<EntryKind, 'copy'>;

/** Memory of an entry besides its value and key, once it was hit. Measured by `npm run bench -- footprint`. */
const ENTRY_OVERHEAD_BYTES = 210;

/** The state of one site. */
export class SiteCore implements EntryOwner {
  readonly descriptor: CacheDescriptor;
  readonly options: CacheOptions | undefined;
  readonly typed: EntryIndex;
  /** Entries that the typed index cannot hold, by canonical text; all entries of a sealed site, by backend key. */
  readonly byText = new Map<string, MemoryEntry>();
  /** Running flights by key text. */
  readonly flights = new Map<string, Flight>();
  /** Pending writes to the second tier by key text: an invalidation waits for them. */
  readonly writes = new Map<string, PendingWrite>();
  readonly counters = newCounters();
  /** undefined before the first call. Old after configure(), until `settle` has resolved it again. */
  settings: SiteSettings | undefined;
  /** The generation of the configuration that `settings` was made from. */
  generation = -1;
  /** Grows with every invalidation: so a synchronous function can tell that it was invalidated while it ran. */
  epoch = 0;
  /** The site as other copies of the package see it. Referenced here so that it lives as long as the site. */
  registration: RegisteredSite | undefined;
  /** Open second tier. */
  tier: SecondTier | undefined;
  /** The second tier that is being opened, or was. */
  tierOpening: Promise<SecondTier | undefined> | undefined;
  /** Calls whose background refresh has failed recently. */
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

  /** The generated key functions, made on first use so that module evaluation stays cheap. */
  get keyOps(): KeyOps | undefined {
    if (this.#keyOps === undefined && this.descriptor.keys !== undefined) {
      this.#keyOps = this.descriptor.keys(keyKit);
      // The generated functions take the values of the key, whose types only the compiler knows.
      this.#onKeys?.(this.#keyOps.keep as Keep | undefined, this.#keyOps.eq as KeptEquals | undefined);
    }
    return this.#keyOps;
  }

  /** The generated value functions, made on first use. */
  get values(): ValueOps | undefined {
    this.#values ??= this.descriptor.value?.(valueKit);
    return this.#values;
  }

  /** Whether a hit hands out the value itself. False for an async function, unless emitted code has kept its `async`. */
  get handsOutValues(): boolean {
    return this.isSync || this.descriptor.raw === true;
  }

  get isSync(): boolean {
    return this.#isSync;
  }

  /** For functions that were not compiled: whether they are synchronous is known after their first run. */
  becomeSync(isSync: boolean): void {
    this.#isSync = isSync;
    // A handle may have resolved the settings before the first call.
    if (isSync && this.settings !== undefined) this.settings = settingsForSync(this.settings, this.options);
  }

  /**
   * The part of `hit` off the fast path: an absent or expired entry, the first and every 1024th hit, copied values,
   * observers. undefined: call `run`.
   */
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
      this.remove(entry); // a class codec of the user threw: `run` finds nothing and runs the function
      return undefined;
    }
    if (answer === undefined) entry.hits--; // the value of a synchronous function is undefined: `run` counts the hit
    else if (isObserved('cachekit:call')) publishCall(this, 'hit', 'memory', undefined, 0);
    return answer;
  }

  /** What a caller gets from an entry: a copy, or the value or promise that all callers share. */
  answer(entry: MemoryEntry): unknown {
    if (entry.copy !== undefined) {
      const value = entry.copy(entry.value);
      return this.handsOutValues ? value : Promise.resolve(value);
    }
    return (entry.out ??= this.handsOutValues ? entry.value : Promise.resolve(entry.value));
  }

  /** The entry of a call, fresh or not. */
  find(place: Place | undefined, text: string, keyed: readonly unknown[]): MemoryEntry | undefined {
    const entry = place === undefined ? undefined : this.typed.find(place, keyed);
    return entry ?? this.byText.get(text);
  }

  /** Stores an entry, replacing that of the same call. undefined: it exceeds the budget, or there is no memory tier. */
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

  /** The kind with that copy function. A site has two or three of them at most. */
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

  /** True unless the entry was evicted, replaced or invalidated. */
  holds(entry: MemoryEntry): boolean {
    return budgetOf(this).has(entry);
  }

  /** Removes an entry that memory holds. */
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
    if (this.byText.get(entry.key as string) === entry) this.byText.delete(entry.key as string); // found by text only
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

  /** Drops memory, flights and pending writes: nothing that has begun is stored or joined. */
  dropAll(): void {
    for (const write of this.writes.values()) write.cancelled = true;
    this.retire();
  }

  /** The same, but pending writes continue. */
  retire(): void {
    this.epoch++;
    for (const flight of this.flights.values()) flight.detached = true;
    this.flights.clear();
    this.dropEntries();
  }

  /** Drops one call: its entries, its flight and its pending write. `found`: the entry that a hit would find. */
  dropCall(identity: CallIdentity, found?: MemoryEntry): void {
    const { text, keyed, isTyped } = identity;
    this.epoch++;
    const flight = this.flights.get(text);
    if (flight !== undefined) flight.detached = true;
    this.flights.delete(text);
    const write = this.writes.get(text);
    if (write !== undefined) write.cancelled = true;
    if (found !== undefined) this.drop(found);
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

  /** Drops entries made before the site followed the log, except those whose pending write will check them. */
  dropUnfollowed(): void {
    const pending = new Set(Array.from(this.writes.values(), ({ early }) => early));
    for (const entry of Array.from(this.entries())) if (!pending.has(entry)) this.remove(entry);
  }

  dropEntries(): void {
    const all = Array.from(this.entries()); // copied, because removing changes the collections
    for (const entry of all) this.remove(entry);
  }
}
