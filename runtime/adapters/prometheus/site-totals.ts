// Reads what sites have counted since the last reading. Reading at scrape time keeps metrics off the path of a hit.
import { fitNamespace } from '../../config/resolve-settings.ts';
import { serializerName } from '../../observe/stats.ts';
import { allSites } from '../../site/registry.ts';
import type { SiteCore } from '../../site/site-core.ts';

const TOTALS = [
  'memoryHits',
  'backendHits',
  'stale',
  'misses',
  'bypasses',
  'writes',
  'failedWrites',
  'fallbacks',
  'previousKeyReads',
] as const;

/** Counters that only grow, until the statistics are reset. */
export type SiteTotals = Readonly<Record<(typeof TOTALS)[number], number>>;

/** One site at one reading. */
export interface SiteReading {
  readonly namespace: string;
  readonly serializer: string;
  /** Counts since the last reading. */
  readonly added: SiteTotals;
  /** Entries in memory now. */
  readonly entries: number;
  /** Their approximate size. */
  readonly bytes: number;
  /** Memory limit of the namespace; undefined before the first call and with memory off. */
  readonly maxBytes: number | undefined;
}

/**
 * Each reader remembers its own last reading. Calls of a site that was garbage-collected between two readings are not
 * counted.
 */
export function createSiteReader(): () => SiteReading[] {
  const seen = new WeakMap<SiteCore, SiteTotals>();
  return () =>
    allSites().map(({ core }) => {
      const now = totalsOf(core);
      const before = seen.get(core);
      seen.set(core, now);
      const { settings, counters } = core;
      return {
        namespace: namespaceOf(core),
        serializer: serializerName(core) || core.descriptor.serializer,
        added: difference(now, before),
        entries: counters.entries,
        bytes: counters.bytes,
        maxBytes: settings === undefined || settings.memory === false ? undefined : settings.memory.maxBytes,
      };
    });
}

function totalsOf(core: SiteCore): SiteTotals {
  let { memoryHits } = core.counters;
  for (const entry of core.entries()) memoryHits += entry.hits;
  return { ...core.counters, memoryHits };
}

/** A total below the last one was reset meanwhile. A site of another version of the package may lack some counters. */
function difference(now: SiteTotals, before: SiteTotals | undefined): SiteTotals {
  const count = (totals: Partial<SiteTotals> | undefined, name: keyof SiteTotals): number =>
    totals?.[name] ?? 0;
  const added = TOTALS.map((name) => {
    const [current, last] = [count(now, name), count(before, name)];
    return [name, current >= last ? current - last : current];
  });
  return Object.fromEntries(added) as SiteTotals; // one entry per name
}

/** The namespace of a site, which has no settings before its first call. */
function namespaceOf({ settings, descriptor, options }: SiteCore): string {
  return (
    settings?.namespace ??
    options?.namespace ??
    descriptor.settings.namespace ??
    fitNamespace(descriptor.package)
  );
}
