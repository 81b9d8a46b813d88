// What a profile of the tsconfig entry may say: the plain options of `cached()`, and the profile below it.
import type { Profile } from '../../runtime/contract/settings.ts';

type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;
type Bytes = number | `${number}${'kb' | 'mb' | 'gb'}`;

/** Meaning and defaults of each field: `Settings` of the runtime. */
export interface ProfileEntry {
  /** The built-in profile below it. Default: that of a function about which nothing is known. */
  readonly extends?: Profile;
  readonly ttl?: Duration;
  readonly swr?: Duration;
  readonly staleIfError?: Duration;
  readonly softTimeout?: Duration;
  readonly refreshAhead?: number | false;
  readonly refreshTtlOnGet?: boolean | number;
  readonly jitter?: number;
  readonly cacheNull?: boolean | Duration;
  readonly namespace?: string;
  readonly version?: 'shape' | 'code' | 'none' | (string & {}) | number;
  readonly serializer?: 'std' | 'auto' | 'json' | 'arrow' | (string & {});
  readonly compress?: boolean;
  readonly maxSize?: Bytes;
  readonly backend?: 'none' | 'memory' | 'embedded' | (string & {});
  readonly l1?: boolean;
  readonly lock?: boolean;
  readonly share?: boolean;
  readonly integrity?: 'hmac';
}
