// The built-in profiles: switches that a call site can still change, and what secure never gives up.
import type { EffectiveProfile } from '../contract/settings.ts';

/** What a profile decides. Numbers (ttl, sizes) are not here: they come from `defaults`. */
export interface ProfileSwitches {
  /** Second tier when the call site names none. Absent: the configured one. */
  readonly backend?: 'none' | 'memory';
  /** Share of ttl that may be cut off at random. Absent: the configured one. */
  readonly jitter?: number;
  /** Share of ttl after which a hit starts a background run; 0: none does. */
  readonly refreshAhead: number;
  /** After ttl, if the function fails: for as long as the entry was fresh. */
  readonly staleIfError?: 'ttl';
  /** One run across processes per cold key. */
  readonly lock: boolean;
  /** Absent: the configured one. */
  readonly compress?: boolean;
  /** Version text of entries. Absent: `shape` with NODE_ENV=production, else `code`. */
  readonly version?: 'shape';
  /** Values are encrypted and key names hashed, in every tier. No setting turns it off. */
  readonly sealed: boolean;
}

/** Late enough that a value is not made twice for nothing, early enough that a slow function has ended by then. */
const AHEAD = 0.8;

export const PROFILES: Readonly<Record<EffectiveProfile, ProfileSwitches>> = {
  default: { sealed: false, lock: true, refreshAhead: AHEAD },
  minimal: { sealed: false, lock: true, refreshAhead: 0 },
  production: { sealed: false, lock: true, refreshAhead: AHEAD, staleIfError: 'ttl' },
  // Compression before encryption tells the size of what is inside.
  secure: { sealed: true, lock: true, refreshAhead: 0, compress: false },
  dev: { sealed: false, lock: false, refreshAhead: AHEAD },
  test: { sealed: false, lock: false, refreshAhead: 0, backend: 'memory', jitter: 0, version: 'shape' },
  local: { sealed: false, lock: false, refreshAhead: 0, backend: 'none' },
};

export function isProfile(name: unknown): name is EffectiveProfile {
  return typeof name === 'string' && Object.hasOwn(PROFILES, name);
}
