// The type of a profile in the tsconfig entry: the plain options of `cached()`, and the profile it extends.
import type { Profile } from '../../runtime/contract/settings.ts';

type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;
type Bytes = number | `${number}${'kb' | 'mb' | 'gb'}`;

/** For the meaning and default of each field see `Settings` of the runtime. */
export interface ProfileEntry {
  /** The built-in profile it extends. Default: the `default` profile, as for a bare `@cache` without hints. */
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
