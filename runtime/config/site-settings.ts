// Settings of one site after all sources were asked: parsed, units in names.
import type { EffectiveProfile } from '../contract/settings.ts';
import type { BudgetLimits } from '../memory/budget.ts';
import type { Serializer } from '../serializer/serializer.ts';
import type { BackendChoice } from './choose-backend.ts';
import type { Duration } from './duration.ts';

/** `missing`: marked secure, but there is no master key; calls reject. `ephemeral`: a key of this process only. */
export type Sealing = 'off' | 'master-key' | 'ephemeral' | 'missing';

/** What a marker or options say about single calls and results. They may throw. args: as `CacheDescriptor` says. */
export interface SiteRules {
  readonly ttl?: ((result: unknown, ...args: readonly unknown[]) => Duration) | undefined;
  readonly tags?: ((result: unknown, ...args: readonly unknown[]) => readonly string[]) | undefined;
  readonly when?: ((...args: readonly unknown[]) => boolean) | undefined;
  readonly unless?: ((result: unknown, ...args: readonly unknown[]) => boolean) | undefined;
  readonly tenant?: ((...args: readonly unknown[]) => string) | undefined;
}

export interface SiteSettings {
  readonly id: string;
  readonly namespace: string;
  readonly profile: EffectiveProfile;
  readonly enabled: boolean;
  readonly ttlMs: number;
  /** After ttl: served while one refresh runs. 0: not at all. */
  readonly swrMs: number;
  /** After ttl: served if the function fails. `ttl`: for as long as the entry was fresh. 0: not at all. */
  readonly staleIfErrorMs: number | 'ttl';
  /** A caller that could have a stale value waits no longer for the function. 0: no limit. */
  readonly softTimeoutMs: number;
  /** Share of ttl after which a hit starts a background run. 0: none does. */
  readonly refreshAhead01: number;
  /** A hit with less than this share of ttl left restarts ttl. 0: none does. */
  readonly refreshTtlOnGet01: number;
  /** null and undefined: stored like any value, not at all, or for that many ms. */
  readonly cacheNull: boolean | number;
  /** Share of ttl that may be cut off at random, 0 to 1. */
  readonly jitter01: number;
  /** What of the code or the types is part of the key; empty: nothing. */
  readonly versionText: string;
  /** Id of a built-in or of nothing that is known, or an own one. */
  readonly serializer: string | Serializer;
  readonly compress: boolean;
  readonly maxSizeBytes: number;
  readonly keyPrefix: string;
  readonly backend: BackendChoice;
  /** false: no in-process tier. */
  readonly memory: BudgetLimits | false;
  readonly sealing: Sealing;
  /** A sealed entry that does not open rejects the call. */
  readonly failClosed: boolean;
  /** Plain entries carry a MAC. `missing`: wanted, but there is no master key; then there is no backend. */
  readonly integrity: 'off' | 'hmac' | 'missing';
  /** Operation name shared with other languages: its entries have their key and their bytes. */
  readonly interop: string | undefined;
  /** One run across processes per cold key. */
  readonly lock: boolean;
  /** Hits share one deep-frozen value. */
  readonly share: boolean;
  /** Tags of every entry. */
  readonly tags: readonly string[];
  readonly rules: SiteRules;
}
