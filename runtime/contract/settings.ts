// Settings a call site can carry, as the compiler writes them into a descriptor: parsed, units in names.

/** Named bundles of settings. Meaning and values: runtime/config/profiles.ts. */
export type Profile = 'minimal' | 'production' | 'secure' | 'dev' | 'test' | 'local';

/** `default` is the bundle of a bare `@cache` whose name and types decide nothing else. */
export type EffectiveProfile = Profile | 'default';

/** Only what the marker says; everything absent is found by precedence at run time. */
export interface DescriptorSettings {
  readonly ttlMs?: number;
  readonly namespace?: string;
  readonly version?: string;
  readonly serializer?: string;
  readonly backend?: string;
}
