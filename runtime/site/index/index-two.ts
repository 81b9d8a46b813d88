// A site with two primitive arguments: a Map by the first, whose buckets are searched by the second.
import type { CacheOptions } from '../../config/cache-options.ts';
import type { CacheDescriptor } from '../../contract/cache-descriptor.ts';
import { addToChain, chained, removeFromChain } from '../../memory/chained-map.ts';
import { isPrimitive, isSame, mapKey, type EntryIndex, type Place } from '../../memory/entry-index.ts';
import type { ChainedEntry } from '../../memory/memory-entry.ts';
import { run } from '../call/read-through.ts';
import { runSync } from '../call/run-sync.ts';
import type { Body, EmittedSite } from '../emitted-site.ts';
import { INSPECT, shown } from '../shown.ts';
import { SiteCore } from '../site-core.ts';
import { tick } from '../tick-clock.ts';

/** A site with index 2. */
export class SiteTwo implements EmittedSite {
  readonly core: SiteCore;
  readonly buckets = new Map<unknown, ChainedEntry>();

  constructor(descriptor: CacheDescriptor, options?: CacheOptions) {
    this.core = new SiteCore(descriptor, new TwoIndex(this.buckets), options);
  }

  hit(first: unknown, second: unknown): unknown {
    let entry = this.buckets.get(mapKey(first));
    while (entry !== undefined && !isSame(entry.kept, second)) entry = entry.next;
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

class TwoIndex implements EntryIndex {
  readonly isChained = true;
  readonly #buckets: Map<unknown, ChainedEntry>;

  constructor(buckets: Map<unknown, ChainedEntry>) {
    this.#buckets = buckets;
  }

  place(keyed: readonly unknown[]): Place | undefined {
    if (keyed.length !== 2 || !isPrimitive(keyed[0]) || !isPrimitive(keyed[1])) return undefined;
    return { key: mapKey(keyed[0]), kept: keyed[1] };
  }

  find(place: Place): ChainedEntry | undefined {
    let entry = this.#buckets.get(place.key);
    while (entry !== undefined && !isSame(entry.kept, place.kept)) entry = entry.next;
    return entry;
  }

  add(entry: ChainedEntry): boolean {
    return addToChain(this.#buckets, entry);
  }

  remove(entry: ChainedEntry): void {
    removeFromChain(this.#buckets, entry);
  }

  clear(): void {
    this.#buckets.clear();
  }

  all(): Iterable<ChainedEntry> {
    return chained(this.#buckets);
  }
}
