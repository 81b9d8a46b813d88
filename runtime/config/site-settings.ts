// Settings of one site after all sources were asked: parsed, units in names.
import type { EffectiveProfile } from '../contract/settings.ts';
import type { BudgetLimits } from '../memory/budget.ts';
import type { BackendChoice } from './choose-backend.ts';

/** `missing`: marked secure, but there is no master key; calls reject. `ephemeral`: a key of this process only. */
export type Sealing = 'off' | 'master-key' | 'ephemeral' | 'missing';

export interface SiteSettings {
  readonly id: string;
  readonly namespace: string;
  readonly profile: EffectiveProfile;
  readonly enabled: boolean;
  readonly ttlMs: number;
  /** Share of ttl that may be cut off at random, 0 to 1. */
  readonly jitter01: number;
  /** What of the code or the types is part of the key; empty: nothing. */
  readonly versionText: string;
  readonly serializer: string;
  readonly compress: boolean;
  readonly maxSizeBytes: number;
  readonly keyPrefix: string;
  readonly backend: BackendChoice;
  /** false: no in-process tier. */
  readonly memory: BudgetLimits | false;
  readonly sealing: Sealing;
}
