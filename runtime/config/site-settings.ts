// The resolved settings of one site: parsed, with units in the names.
import type { EffectiveProfile } from '../contract/settings.ts';
import type { BudgetLimits } from '../memory/budget.ts';
import type { Serializer } from '../serializer/serializer.ts';
import type { BackendChoice } from './choose-backend.ts';
import type { Duration } from './duration.ts';

/**
 * `missing`: the site is secure but there is no master key, so calls reject. `ephemeral`: a key of this process only.
 */
export type Sealing = 'off' | 'master-key' | 'ephemeral' | 'missing';

/** Callbacks of a marker or of options, for single calls and results. They may throw. args: see `CacheDescriptor`. */
export interface SiteRules {
  readonly ttl?: ((result: unknown, ...args: readonly unknown[]) => Duration) | undefined;
  readonly tags?: ((result: unknown, ...args: readonly unknown[]) => readonly string[]) | undefined;
  readonly when?: ((...args: readonly unknown[]) => boolean) | undefined;
  readonly unless?: ((result: unknown, ...args: readonly unknown[]) => boolean) | undefined;
  readonly tenant?: ((...args: readonly unknown[]) => string) | undefined;
}

/** See `Settings` and `CacheOptions` for what the settings mean. */
export interface SiteSettings {
  readonly id: string;
  readonly namespace: string;
  readonly profile: EffectiveProfile;
  readonly enabled: boolean;
  readonly ttlMs: number;
  /** How long after ttl an entry is served while one refresh runs. 0: not at all. */
  readonly swrMs: number;
  /** How long after ttl an entry is served if the function fails. `ttl`: as long as it was fresh. 0: not at all. */
  readonly staleIfErrorMs: number | 'ttl';
  /** How long a caller that could have a stale value waits for the function. 0: no limit. */
  readonly softTimeoutMs: number;
  /** Share of ttl after which a hit starts a background run. 0: none does. */
  readonly refreshAhead01: number;
  /** A hit with less than this share of ttl left restarts ttl. 0: none does. */
  readonly refreshTtlOnGet01: number;
  /** null and undefined: stored like any value, not at all, or for that many ms. */
  readonly cacheNull: boolean | number;
  /** Share of ttl that may be cut off at random, 0 to 1. */
  readonly jitter01: number;
  /** The part of the key that changes with the types or the code; empty: none. */
  readonly versionText: string;
  /** Id of a built-in, an unknown id, or a configured serializer. */
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
  /**
   * `hmac`: plain entries carry a MAC. `missing`: the same is wanted but there is no master key, so no backend is
   * used.
   */
  readonly integrity: 'off' | 'hmac' | 'missing';
  /** Operation name shared with other languages: entries then have the common key and format. */
  readonly interop: string | undefined;
  /** Only one process runs the function for a cold key. */
  readonly lock: boolean;
  /** Hits share one deep-frozen value. */
  readonly share: boolean;
  /** Tags of every entry. */
  readonly tags: readonly string[];
  readonly rules: SiteRules;
}
