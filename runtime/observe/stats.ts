// Counters of one site, which the call path updates, and the events for the same facts.
import type { MemoryEntry } from '../memory/memory-entry.ts';
import { currentClock } from '../site/tick-clock.ts';
import { currentCorrelationId } from './correlation.ts';
import type { CallReason } from './events.ts';
import { isObserved, publish } from './publish.ts';

/** Statistics of one function. calls = hits + stale + misses + bypasses; hits = l1Hits + l2Hits. */
export interface CacheStats {
  readonly calls: number;
  readonly hits: number;
  /** Calls answered with a value past its ttl: while a refresh runs, or instead of an error. */
  readonly stale: number;
  readonly misses: number;
  /** Calls that did not use the cache: disabled, closed, unkeyable, in `withoutCache`, secure without a key. */
  readonly bypasses: number;
  readonly l1Hits: number;
  readonly l2Hits: number;
  /** Entries in the memory of this process now. */
  readonly entries: number;
  /** Their approximate size. */
  readonly bytes: number;
  /** Memory limit, which all functions of the namespace share. */
  readonly maxBytes: number;
  /** Mean duration of backend reads by this function; null before the first. */
  readonly l2AvgLatencyMs: number | null;
  /**
   * Epoch ms of the last call, or use of the handle; null before the first. Memory hits record no time, so this may be
   * up to 30 s later than the last of them.
   */
  readonly lastOperationAtMs: number | null;
}

/** Raw counters of one site. */
export interface Counters {
  /** Without the hits that entries in memory still count themselves. */
  memoryHits: number;
  backendHits: number;
  stale: number;
  misses: number;
  bypasses: number;
  entries: number;
  bytes: number;
  backendReads: number;
  backendReadMs: number;
  /** Successful writes to the second tier. */
  writes: number;
  /** Failed writes to the second tier. */
  failedWrites: number;
  /** Reads of entries that a previous master key sealed. While there are any, that key is still needed. */
  previousKeyReads: number;
  /** Results with more properties than their declared type, which use the slower, tagged form. */
  fallbacks: number;
  /** Epoch ms. */
  lastOperationAtMs: number | null;
}

/** All zero. */
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

/** The part of a site that events describe. */
export interface Observed {
  readonly descriptor: { readonly id: string };
  readonly settings: { readonly namespace: string; readonly serializer: string | Named } | undefined;
}

interface Named {
  readonly id: string;
}

/** Event fields of a site. A type alias and not an interface, so that it is assignable to a record of strings. */
export type SiteFields = {
  readonly site: string;
  readonly namespace: string;
  readonly correlationId?: string;
};

/** The fields now. */
export function siteFields(site: Observed): SiteFields {
  const fields = { site: site.descriptor.id, namespace: site.settings?.namespace ?? '' };
  const correlationId = currentCorrelationId();
  return correlationId === undefined ? fields : { ...fields, correlationId };
}

/** Name of the serializer in use; a custom one is named by its id; '' before the first call. */
export function serializerName(site: Observed): string {
  const serializer = site.settings?.serializer ?? '';
  return typeof serializer === 'string' ? serializer : serializer.id;
}

/** Publishes `cachekit:call`, and `cachekit:left-memory` unless memory answered. */
export function publishCall(
  site: Observed,
  status: 'hit' | 'stale' | 'miss' | 'bypass',
  tier: 'memory' | 'backend' | 'origin',
  reason: CallReason | undefined,
  durationMs: number,
): void {
  const hasLeftMemory = tier !== 'memory' && isObserved('cachekit:left-memory');
  if (!hasLeftMemory && !isObserved('cachekit:call')) return;
  const why = reason === undefined ? {} : { reason };
  const event = { ...siteFields(site), status, tier, ...why, durationMs };
  publish('cachekit:call', event);
  if (hasLeftMemory) publish('cachekit:left-memory', { ...event, serializer: serializerName(site) });
}

/** Publishes `cachekit:run`. */
export function publishRun(
  site: Observed,
  cause: 'miss' | 'refresh' | 'bypass',
  ok: boolean,
  durationMs: number,
): void {
  if (isObserved('cachekit:run')) publish('cachekit:run', { ...siteFields(site), cause, ok, durationMs });
}

/** The statistics now. `live`: entries in memory, whose own hit counts are added. */
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
    // A sweep moves the hits of entries to the counters every 30 s, so hits that are still there are no older than
    // that.
    lastOperationAtMs: liveHits > 0 ? currentClock().nowMs() : counters.lastOperationAtMs,
  };
}
