// The built-in profiles. A call site can change every switch except `sealed`.
import type { EffectiveProfile } from '../contract/settings.ts';

/** What a profile decides. Numbers such as ttl and sizes come from `configure({ defaults })` instead. */
export interface ProfileSwitches {
  /** Second tier if the call site names none. Absent: the configured one. */
  readonly backend?: 'none' | 'memory';
  /** Share of ttl that may be cut off at random. Absent: the configured one. */
  readonly jitter?: number;
  /** Share of ttl after which a hit starts a background run; 0: none does. */
  readonly refreshAhead: number;
  /** `ttl`: if the function fails, a stale value is served for as long as it was fresh. Absent: it is not served. */
  readonly staleIfError?: 'ttl';
  /** Only one process runs the function for a cold key. */
  readonly lock: boolean;
  /** Absent: the configured one. */
  readonly compress?: boolean;
  /** Version text of entries. Absent: `shape` with NODE_ENV=production, else `code`. */
  readonly version?: 'shape';
  /** Values are encrypted and key names hashed, in every tier. No setting turns this off. */
  readonly sealed: boolean;
}

/** Late enough not to waste runs, early enough for a slow function to end before ttl. */
const AHEAD = 0.8;

/** All profiles. */
export const PROFILES: Readonly<Record<EffectiveProfile, ProfileSwitches>> = {
  default: { sealed: false, lock: true, refreshAhead: AHEAD },
  minimal: { sealed: false, lock: true, refreshAhead: 0 },
  production: { sealed: false, lock: true, refreshAhead: AHEAD, staleIfError: 'ttl' },
  // No compression: the size of compressed and encrypted data reveals something about the content.
  secure: { sealed: true, lock: true, refreshAhead: 0, compress: false },
  dev: { sealed: false, lock: false, refreshAhead: AHEAD },
  test: { sealed: false, lock: false, refreshAhead: 0, backend: 'memory', jitter: 0, version: 'shape' },
  local: { sealed: false, lock: false, refreshAhead: 0, backend: 'none' },
};

/** Whether this is the name of a built-in profile, `default` included. */
export function isProfile(name: unknown): name is EffectiveProfile {
  return typeof name === 'string' && Object.hasOwn(PROFILES, name);
}
