// What sites have counted since they were last asked. Reading at scrape time is what keeps hits free of metrics.
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

export type SiteTotals = Readonly<Record<(typeof TOTALS)[number], number>>;

export interface SiteReading {
  readonly namespace: string;
  readonly serializer: string;
  /** Since the last reading. */
  readonly added: SiteTotals;
  /** Now, in memory. */
  readonly entries: number;
  readonly bytes: number;
  /** Of the namespace; undefined before the first call and without memory. */
  readonly maxBytes: number | undefined;
}

/** Each reader has its own memory of what it has seen. Calls of a site that was collected in between are lost. */
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

/** A total that has fallen was reset. A site of another version of the package may not count everything. */
function difference(now: SiteTotals, before: SiteTotals | undefined): SiteTotals {
  const count = (totals: Partial<SiteTotals> | undefined, name: keyof SiteTotals): number =>
    totals?.[name] ?? 0;
  const added = TOTALS.map((name) => {
    const [current, last] = [count(now, name), count(before, name)];
    return [name, current >= last ? current - last : current];
  });
  return Object.fromEntries(added) as SiteTotals; // one entry per name
}

/** Also before the first call, which is when settings are made. */
function namespaceOf({ settings, descriptor, options }: SiteCore): string {
  return (
    settings?.namespace ??
    options?.namespace ??
    descriptor.settings.namespace ??
    fitNamespace(descriptor.package)
  );
}
