// Settings of a call site as the compiler writes them into a descriptor: parsed, with units in the names.

/** Named bundles of settings. Their values are in runtime/config/profiles.ts. */
export type Profile = 'minimal' | 'production' | 'secure' | 'dev' | 'test' | 'local';

/** `default` is the profile of a bare `@cache` if the function's name and types do not suggest another. */
export type EffectiveProfile = Profile | 'default';

/**
 * Only the settings that the marker, or a profile defined in the build, gives. The runtime resolves absent ones (see
 * resolve-settings.ts).
 */
export interface DescriptorSettings {
  readonly ttlMs?: number;
  /** How long after ttl the old value is served while one refresh runs. */
  readonly swrMs?: number;
  /** How long after ttl the old value is served if the function fails. */
  readonly staleIfErrorMs?: number;
  /** How long a caller waits for the function if there is a value within `staleIfErrorMs` to serve instead. */
  readonly softTimeoutMs?: number;
  /** Share of ttl after which a hit starts a background run, above 0 and below 1; false: never. */
  readonly refreshAhead?: number | false;
  /** A hit with less than this share of ttl left restarts ttl; true: 0.5. */
  readonly refreshTtlOnGet?: number | boolean;
  /** Share of ttl that may be cut off at random, 0 to 1. */
  readonly jitter?: number;
  /** null and undefined are stored like any value (true), not stored (false), or stored for this many ms. */
  readonly cacheNull?: boolean | number;
  readonly namespace?: string;
  readonly version?: string;
  readonly serializer?: string;
  readonly compress?: boolean;
  readonly maxSizeBytes?: number;
  readonly backend?: string;
  /** Use the in-process tier. */
  readonly l1?: boolean;
  /** Only one process runs the function for a cold key. */
  readonly lock?: boolean;
  /** All hits get the same deep-frozen value. */
  readonly share?: boolean;
  readonly integrity?: 'hmac';
  /** Tags of every entry. */
  readonly tags?: readonly string[];
  /** Operation name shared with other languages. */
  readonly interop?: string;
  /** Each object (`this`) has entries of its own, in memory only. */
  readonly self?: 'instance';
}
