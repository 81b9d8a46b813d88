// A site with object arguments or more than two arguments: a Map by the most selective primitive, whose buckets are
// searched with a generated equality.
import type { CacheOptions } from '../../config/cache-options.ts';
import type { CacheDescriptor } from '../../contract/cache-descriptor.ts';
import { addToChain, chained, removeFromChain } from '../../memory/chained-map.ts';
import { isPrimitive, mapKey, type EntryIndex, type Place } from '../../memory/entry-index.ts';
import type { ChainedEntry } from '../../memory/memory-entry.ts';
import { run } from '../call/read-through.ts';
import { runSync } from '../call/run-sync.ts';
import type { Body, EmittedSite, Keep, KeptEquals } from '../emitted-site.ts';
import { INSPECT, shown } from '../shown.ts';
import { SiteCore } from '../site-core.ts';
import { tick } from '../tick-clock.ts';

const never: KeptEquals = () => false;

/** A site with index "n". */
export class SiteMany implements EmittedSite {
  readonly core: SiteCore;
  readonly buckets = new Map<unknown, ChainedEntry>();
  /** Generated. Set when the first key is made; until then there are no entries to compare. */
  equals: KeptEquals = never;

  constructor(descriptor: CacheDescriptor, options?: CacheOptions) {
    const index = new ManyIndex(this.buckets, this);
    this.core = new SiteCore(descriptor, index, options, (keep, equals) => {
      index.keep = keep;
      this.equals = equals ?? never;
    });
  }

  /** Up to four values are compared without allocating an array; more are rare. */
  hit(bucket: unknown, a?: unknown, b?: unknown, c?: unknown, d?: unknown, ...rest: unknown[]): unknown {
    const equals = this.equals;
    let entry = this.buckets.get(mapKey(bucket));
    if (rest.length === 0) while (entry !== undefined && !equals(entry.kept, a, b, c, d)) entry = entry.next;
    else while (entry !== undefined && !equals(entry.kept, a, b, c, d, ...rest)) entry = entry.next;
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

class ManyIndex implements EntryIndex {
  readonly isChained = true;
  keep: Keep | undefined;
  readonly #buckets: Map<unknown, ChainedEntry>;
  readonly #site: { readonly equals: KeptEquals };

  constructor(buckets: Map<unknown, ChainedEntry>, site: { readonly equals: KeptEquals }) {
    this.#buckets = buckets;
    this.#site = site;
  }

  place(keyed: readonly unknown[]): Place | undefined {
    const kept = this.keep?.(...keyed);
    if (kept === undefined || !isPrimitive(kept[0])) return undefined;
    return { key: mapKey(kept[0]), kept: kept[1] };
  }

  find(place: Place, keyed: readonly unknown[]): ChainedEntry | undefined {
    const equals = this.#site.equals;
    let entry = this.#buckets.get(place.key);
    while (entry !== undefined && !equals(entry.kept, ...keyed)) entry = entry.next;
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
