// A site without arguments in its key: all its calls share one entry.
import type { CacheOptions } from '../../config/cache-options.ts';
import type { CacheDescriptor } from '../../contract/cache-descriptor.ts';
import type { EntryIndex, Place } from '../../memory/entry-index.ts';
import type { MemoryEntry } from '../../memory/memory-entry.ts';
import { run } from '../call/read-through.ts';
import { runSync } from '../call/run-sync.ts';
import type { Body, EmittedSite } from '../emitted-site.ts';
import { INSPECT, shown } from '../shown.ts';
import { SiteCore } from '../site-core.ts';
import { tick } from '../tick-clock.ts';

const ONLY: Place = { key: undefined, kept: undefined };

/** A site with index 0. */
export class SiteNone implements EmittedSite {
  readonly core: SiteCore;
  readonly index = new SingleIndex();

  constructor(descriptor: CacheDescriptor, options?: CacheOptions) {
    this.core = new SiteCore(descriptor, this.index, options);
  }

  hit(): unknown {
    const entry = this.index.entry;
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

/** The index of a single entry. */
export class SingleIndex implements EntryIndex {
  readonly isChained = false;
  entry: MemoryEntry | undefined;

  place(): Place {
    return ONLY;
  }

  find(): MemoryEntry | undefined {
    return this.entry;
  }

  add(entry: MemoryEntry): boolean {
    this.entry = entry;
    return true;
  }

  remove(entry: MemoryEntry): void {
    if (this.entry === entry) this.entry = undefined;
  }

  clear(): void {
    this.entry = undefined;
  }

  all(): Iterable<MemoryEntry> {
    return this.entry === undefined ? [] : [this.entry];
  }
}
