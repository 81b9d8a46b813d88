// Settings a call site can carry, as the compiler writes them into a descriptor: parsed, units in names.

/** Named bundles of settings. Meaning and values: runtime/config/profiles.ts. */
export type Profile = 'minimal' | 'production' | 'secure' | 'dev' | 'test' | 'local';

/** `default` is the bundle of a bare `@cache` whose name and types decide nothing else. */
export type EffectiveProfile = Profile | 'default';

/** Only what the marker says, or the build's own profile; everything absent is found by precedence at run time. */
export interface DescriptorSettings {
  readonly ttlMs?: number;
  /** After ttl: the old value is served this much longer while one refresh runs. */
  readonly swrMs?: number;
  /** After ttl: the old value is served this much longer if the function fails. */
  readonly staleIfErrorMs?: number;
  /** With a value in `staleIfErrorMs`: how long a caller waits for the function before it gets that. */
  readonly softTimeoutMs?: number;
  /** Share of ttl after which a hit starts a background run, above 0 and below 1; false: never. */
  readonly refreshAhead?: number | false;
  /** A hit with less than this share of ttl left restarts ttl; true: 0.5. */
  readonly refreshTtlOnGet?: number | boolean;
  /** Share of ttl that may be cut off at random, 0 to 1. */
  readonly jitter?: number;
  /** null and undefined: stored like any value (true), not stored (false), or for this many ms. */
  readonly cacheNull?: boolean | number;
  readonly namespace?: string;
  readonly version?: string;
  readonly serializer?: string;
  readonly compress?: boolean;
  readonly maxSizeBytes?: number;
  readonly backend?: string;
  /** The in-process tier. */
  readonly l1?: boolean;
  /** One run across processes per cold key. */
  readonly lock?: boolean;
  /** Hits share one deep-frozen value. */
  readonly share?: boolean;
  readonly integrity?: 'hmac';
  /** Tags that every entry has. */
  readonly tags?: readonly string[];
  /** Operation name shared with other languages. */
  readonly interop?: string;
  /** Entries belong to one object (`this`), memory only. */
  readonly self?: 'instance';
}
