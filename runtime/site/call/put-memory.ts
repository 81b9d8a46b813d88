// Puts a value into memory, in the clear or sealed, so that invalidations by other processes find it.
import type { SiteSettings } from '../../config/site-settings.ts';
import type { Life } from '../../entry/freshness.ts';
import type { Place } from '../../memory/entry-index.ts';
import { NOT_SHARED, type MemoryEntry, type SharedPlace } from '../../memory/memory-entry.ts';
import { nameTagOf } from '../../memory/shared-index.ts';
import type { Content, SiteCore } from '../site-core.ts';
import type { SecondTier } from '../tier/second-tier.ts';
import { entryTicks } from './entry-ticks.ts';

/** The call that a value is stored for. */
export interface StoreTarget {
  readonly core: SiteCore;
  readonly settings: SiteSettings;
  readonly keyed: readonly unknown[];
  readonly text: string;
  readonly place: Place | undefined;
}

/** Puts a value into memory. `tags`: group ids. undefined: memory cannot hold it. */
export function putShared(
  target: StoreTarget,
  tier: SecondTier | undefined,
  content: Content,
  life: Life,
  tags: readonly string[],
): MemoryEntry | undefined {
  const limitMs = tier?.memoryLimitMs() ?? Number.POSITIVE_INFINITY;
  const ticks = entryTicks(life, target.settings, limitMs);
  return target.core.put(target, content, ticks, sharedPlace(target, tier, tags));
}

/** Puts sealed bytes into memory, under their backend key. `tags`: group ids. */
export function putSealed(
  target: StoreTarget,
  tier: SecondTier,
  bytes: Uint8Array,
  life: Life,
  tags: readonly string[],
): void {
  const { core, settings, text, keyed } = target;
  const content = { value: bytes, copy: undefined, sizeBytes: bytes.byteLength };
  const place = { place: undefined, text: tier.codec.storedKey(text), keyed };
  core.put(place, content, entryTicks(life, settings, tier.memoryLimitMs()), sharedPlace(target, tier, tags));
}

function sharedPlace(
  { settings, text }: StoreTarget,
  tier: SecondTier | undefined,
  tags: readonly string[],
): SharedPlace {
  // Different arguments can have the same interop key, which is their text. By it, an invalidation finds all of them.
  if (settings.interop !== undefined) return { nameTag: nameTagOf(text), tags: undefined };
  const isShared = tier?.coherence !== undefined;
  if (!isShared && tags.length === 0) return NOT_SHARED;
  return {
    nameTag: isShared ? nameTagOf(tier.codec.storedKey(text)) : 0,
    tags: tags.length === 0 ? undefined : tags,
  };
}
