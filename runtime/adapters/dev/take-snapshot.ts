// Makes a snapshot from three sources: the compiler's manifest, the counters of the sites, and the event tallies.
import { basename } from 'node:path';
import { readStats, serializerName } from '../../observe/stats.ts';
import { allSites } from '../../site/registry.ts';
import type { SiteCore } from '../../site/site-core.ts';
import type { DevSnapshot, FunctionCounts, FunctionView } from './dev-snapshot.ts';
import { FunctionTally, tallied, type EventTallies } from './event-tallies.ts';
import type { ManifestFunction } from './manifest-file.ts';

/** What a snapshot is made from, beside the registered sites. */
export interface SnapshotInput {
  readonly tallies: EventTallies;
  readonly manifestFile: string;
  /** undefined: there is no manifest. */
  readonly manifest: readonly ManifestFunction[] | undefined;
}

/** Stands for a function without events. */
const SILENT = new FunctionTally();

/** The figures of now. Functions with the most calls come first. */
export function takeSnapshot({ tallies, manifestFile, manifest }: SnapshotInput): DevSnapshot {
  const cores = Map.groupBy(
    allSites().map(({ core }) => core),
    (core) => core.descriptor.id,
  );
  const facts = new Map(manifest?.map((one) => [one.id, one]));
  const ids = new Set([...facts.keys(), ...cores.keys(), ...tallies.functions.keys()]);
  return {
    version: 1,
    pid: process.pid,
    script: basename(process.argv[1] ?? ''),
    upMs: process.uptime() * 1000,
    manifest: manifest === undefined ? undefined : basename(manifestFile),
    functions: [...ids]
      .map((id) => functionView(id, cores.get(id) ?? [], facts.get(id), tallies.functions.get(id) ?? SILENT))
      .toSorted((a, b) => (b.counts?.calls ?? -1) - (a.counts?.calls ?? -1) || (a.id < b.id ? -1 : 1)),
    backends: tallies.backends(),
    invalidations: tallied(tallies.invalidations),
    notices: tallies.notices,
  };
}

/** Several sites share an id after a hot reload or with two copies of the package: counts add up, the newest counts. */
function functionView(
  id: string,
  cores: readonly SiteCore[],
  fact: ManifestFunction | undefined,
  heard: FunctionTally,
): FunctionView {
  const core = cores.at(-1);
  return {
    id,
    name: fact?.name ?? id.slice(id.lastIndexOf('#') + 1),
    place: fact?.place,
    ...decided(core, fact),
    key: fact?.key ?? [],
    why: fact?.why,
    counts: core === undefined ? undefined : sumOf(cores),
    reasons: tallied(heard.reasons),
    discards: tallied(heard.discards),
    backendHits: heard.backendHits,
    runs: heard.runs,
    failedRuns: heard.failedRuns,
  };
}

/** Settings in use; for a function that is not loaded, those that the compiler decided. */
function decided(
  core: SiteCore | undefined,
  fact: ManifestFunction | undefined,
): Pick<FunctionView, 'profile' | 'namespace' | 'serializer' | 'ttlMs'> {
  if (core === undefined) {
    const { profile = '', serializer = '' } = fact ?? {};
    return { profile, namespace: '', serializer, ttlMs: undefined };
  }
  const { settings, descriptor } = core;
  return {
    profile: settings?.profile ?? descriptor.profile,
    namespace: settings?.namespace ?? '',
    serializer: serializerName(core) || descriptor.serializer,
    ttlMs: settings?.ttlMs,
  };
}

function sumOf(cores: readonly SiteCore[]): FunctionCounts {
  const all = cores.map((core) => readStats(core.counters, core.entries(), 0));
  const sum = (name: keyof FunctionCounts): number => all.reduce((total, one) => total + one[name], 0);
  return {
    calls: sum('calls'),
    hits: sum('hits'),
    stale: sum('stale'),
    misses: sum('misses'),
    bypasses: sum('bypasses'),
    l1Hits: sum('l1Hits'),
    l2Hits: sum('l2Hits'),
    entries: sum('entries'),
    bytes: sum('bytes'),
  };
}
