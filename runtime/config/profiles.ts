// The built-in profiles: switches that a call site can still change, and what secure never gives up.
import type { EffectiveProfile } from '../contract/settings.ts';

/** What a profile decides. Numbers (ttl, sizes) are not here: they come from `defaults`. */
export interface ProfileSwitches {
  /** Second tier when the call site names none. Absent: the configured one. */
  readonly backend?: 'none' | 'memory';
  /** Share of ttl that may be cut off at random. Absent: the configured one. */
  readonly jitter?: number;
  /** Absent: the configured one. */
  readonly compress?: boolean;
  /** Version text of entries. Absent: `shape` with NODE_ENV=production, else `code`. */
  readonly version?: 'shape';
  /** Values are encrypted and key names hashed, in every tier. No setting turns it off. */
  readonly sealed: boolean;
}

/** minimal, dev and production differ from default in switches that later versions read (locks, stale serving, metrics). */
export const PROFILES: Readonly<Record<EffectiveProfile, ProfileSwitches>> = {
  default: { sealed: false },
  minimal: { sealed: false },
  production: { sealed: false },
  // Compression before encryption tells the size of what is inside.
  secure: { sealed: true, compress: false },
  dev: { sealed: false },
  test: { sealed: false, backend: 'memory', jitter: 0, version: 'shape' },
  local: { sealed: false, backend: 'none' },
};

export function isProfile(name: unknown): name is EffectiveProfile {
  return typeof name === 'string' && Object.hasOwn(PROFILES, name);
}
