// Counters of one site, kept on the call path, and the events that say the same to whoever listens.
import type { MemoryEntry } from '../memory/memory-entry.ts';
import { currentClock } from '../site/tick-clock.ts';
import { currentCorrelationId } from './correlation.ts';
import type { CallReason } from './events.ts';
import { isObserved, publish } from './publish.ts';

/** calls = hits + stale + misses + bypasses; hits = l1Hits + l2Hits. */
export interface CacheStats {
  readonly calls: number;
  readonly hits: number;
  /** Answers past their ttl: while a refresh runs, or in the place of an error. */
  readonly stale: number;
  readonly misses: number;
  /** Calls that did not use the cache: disabled, closed, unkeyable, in `withoutCache`, secure without a key. */
  readonly bypasses: number;
  readonly l1Hits: number;
  readonly l2Hits: number;
  /** In this process's memory, now. */
  readonly entries: number;
  readonly bytes: number;
  /** Shared by the namespace. */
  readonly maxBytes: number;
  /** Mean of backend reads by this function; null before the first. */
  readonly l2AvgLatencyMs: number | null;
  /**
   * Epoch ms of the last call, or use of the handle; null before the first. Hits in memory leave no time behind: the
   * reading may be up to 30 s after the last of them.
   */
  readonly lastOperationAtMs: number | null;
}

export interface Counters {
  /** Without those that entries still carry. */
  memoryHits: number;
  backendHits: number;
  stale: number;
  misses: number;
  bypasses: number;
  entries: number;
  bytes: number;
  backendReads: number;
  backendReadMs: number;
  /** Writes to the second tier that it took, and those that it did not. */
  writes: number;
  failedWrites: number;
  /** Entries read that a previous master key sealed: while they come, the key is still needed. */
  previousKeyReads: number;
  /** Results with more properties than their declared type: kept and stored in the slower, tagged form. */
  fallbacks: number;
  /** Epoch ms. */
  lastOperationAtMs: number | null;
}

export function newCounters(): Counters {
  return {
    memoryHits: 0,
    backendHits: 0,
    stale: 0,
    misses: 0,
    bypasses: 0,
    entries: 0,
    bytes: 0,
    backendReads: 0,
    backendReadMs: 0,
    writes: 0,
    failedWrites: 0,
    previousKeyReads: 0,
    fallbacks: 0,
    lastOperationAtMs: null,
  };
}

/** What events say about a site: never an argument, a value or a key. */
export interface Observed {
  readonly descriptor: { readonly id: string };
  readonly settings: { readonly namespace: string; readonly serializer: string | Named } | undefined;
}

interface Named {
  readonly id: string;
}

/** A type and not an interface: it is also a record of texts. */
export type SiteFields = {
  readonly site: string;
  readonly namespace: string;
  readonly correlationId?: string;
};

export function siteFields(site: Observed): SiteFields {
  const fields = { site: site.descriptor.id, namespace: site.settings?.namespace ?? '' };
  const correlationId = currentCorrelationId();
  return correlationId === undefined ? fields : { ...fields, correlationId };
}

/** A custom serializer goes by its id. */
export function serializerName(site: Observed): string {
  const serializer = site.settings?.serializer ?? '';
  return typeof serializer === 'string' ? serializer : serializer.id;
}

export function publishCall(
  site: Observed,
  status: 'hit' | 'stale' | 'miss' | 'bypass',
  tier: 'memory' | 'backend' | 'origin',
  reason: CallReason | undefined,
  durationMs: number,
): void {
  const hasLeftMemory = tier !== 'memory' && isObserved('cachekit:left-memory');
  if (!hasLeftMemory && !isObserved('cachekit:call')) return;
  const said = reason === undefined ? {} : { reason };
  const event = { ...siteFields(site), status, tier, ...said, durationMs };
  publish('cachekit:call', event);
  if (hasLeftMemory) publish('cachekit:left-memory', { ...event, serializer: serializerName(site) });
}

export function publishRun(
  site: Observed,
  cause: 'miss' | 'refresh' | 'bypass',
  ok: boolean,
  durationMs: number,
): void {
  if (isObserved('cachekit:run')) publish('cachekit:run', { ...siteFields(site), cause, ok, durationMs });
}

export function readStats(counters: Counters, live: Iterable<MemoryEntry>, maxBytes: number): CacheStats {
  let liveHits = 0;
  for (const entry of live) liveHits += entry.hits;
  const l1Hits = counters.memoryHits + liveHits;
  const { backendHits, stale, misses, bypasses, entries, bytes, backendReads, backendReadMs } = counters;
  const hits = l1Hits + backendHits;
  return {
    calls: hits + stale + misses + bypasses,
    hits,
    stale,
    misses,
    bypasses,
    l1Hits,
    l2Hits: backendHits,
    entries,
    bytes,
    maxBytes,
    l2AvgLatencyMs: backendReads === 0 ? null : backendReadMs / backendReads,
    // Sweeps collect hits every 30 s: those that are not collected yet are not older.
    lastOperationAtMs: liveHits > 0 ? currentClock().nowMs() : counters.lastOperationAtMs,
  };
}
