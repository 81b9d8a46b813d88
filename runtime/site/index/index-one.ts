// A site with one primitive argument: the argument itself is the Map key.
import type { CacheOptions } from '../../config/cache-options.ts';
import type { CacheDescriptor } from '../../contract/cache-descriptor.ts';
import { isPrimitive, mapKey, type EntryIndex, type Place } from '../../memory/entry-index.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import { run } from '../call/read-through.ts';
import { runSync } from '../call/run-sync.ts';
import type { Body, EmittedSite } from '../emitted-site.ts';
import { INSPECT, shown } from '../shown.ts';
import { SiteCore } from '../site-core.ts';
import { tick } from '../tick-clock.ts';

/** A site with index 1. */
export class SiteOne implements EmittedSite {
  readonly core: SiteCore;
  readonly entries = new Map<unknown, MemoryEntry>();

  constructor(descriptor: CacheDescriptor, options?: CacheOptions) {
    this.core = new SiteCore(descriptor, new OneIndex(this.entries), options);
  }

  hit(argument: unknown): unknown {
    const entry = this.entries.get(mapKey(argument));
    if (entry !== undefined && entry.until > tick && (++entry.hits & 1023) !== 0) {
      const out = entry.out;
      if (out !== undefined) return out;
    }
    return this.core.slow(entry);
  }

  run(args: readonly unknown[], body: Body): unknown {
    return run(this.core, args, body);
  }

  runSync(args: readonly unknown[], body: Body): unknown {
    return runSync(this.core, args, body);
  }

  [INSPECT](): string {
    return shown(this.core.descriptor);
  }
}

class OneIndex implements EntryIndex {
  readonly isChained = false;
  readonly #entries: Map<unknown, MemoryEntry>;

  constructor(entries: Map<unknown, MemoryEntry>) {
    this.#entries = entries;
  }

  place(keyed: readonly unknown[]): Place | undefined {
    if (keyed.length !== 1 || !isPrimitive(keyed[0])) return undefined;
    return { key: mapKey(keyed[0]), kept: undefined };
  }

  find(place: Place): MemoryEntry | undefined {
    return this.#entries.get(place.key);
  }

  add(entry: MemoryEntry): boolean {
    this.#entries.set(entry.key, entry);
    return true;
  }

  remove(entry: MemoryEntry): void {
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
  }

  clear(): void {
    this.#entries.clear();
  }

  all(): Iterable<MemoryEntry> {
    return this.#entries.values();
  }
}
