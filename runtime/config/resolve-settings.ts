// Settings of one site, each from the first source that has it: `configure({ namespaces })`, call site,
// `configure({ defaults })`, environment, built-in profile. Profiles set switches and defaults set numbers.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import type { BudgetLimits } from '../memory/budget.ts';
import { parseBytes } from './bytes.ts';
import type { CacheKitConfig, L1Config } from './cachekit-config.ts';
import type { CacheOptions } from './cache-options.ts';
import { defaultBackend, namedBackend, toChoice, type BackendChoice } from './choose-backend.ts';
import { parseDuration } from './duration.ts';
import type { Environment } from './env.ts';
import { PROFILES, type ProfileSwitches } from './profiles.ts';
import type { Sealing, SiteSettings } from './site-settings.ts';

export const BUILT_IN = {
  ttlMs: 3_600_000,
  jitter01: 0.1,
  maxSizeBytes: 50 * 1024 ** 2,
  compress: true,
  keyPrefix: 'ck1',
  l1MaxBytes: 100 * 1024 ** 2,
} as const;

export function resolveSettings(
  descriptor: CacheDescriptor,
  options: CacheOptions | undefined,
  config: CacheKitConfig,
  environment: Environment,
): SiteSettings {
  const at = descriptor.settings;
  const profile = PROFILES[descriptor.profile];
  const namespace = options?.namespace ?? at.namespace ?? fitNamespace(descriptor.package);
  const ns = config.namespaces?.[namespace];
  const { defaults } = config;
  const own = options?.ttl === undefined ? at.ttlMs : parseDuration(options.ttl, 'ttl');
  return {
    id: descriptor.id,
    namespace,
    profile: descriptor.profile,
    enabled: environment.disabled !== true && (ns?.enabled ?? config.enabled ?? true),
    ttlMs: own ?? optional(defaults?.ttl, parseTtl) ?? environment.defaultTtlMs ?? BUILT_IN.ttlMs,
    jitter01: options?.jitter ?? (environment.isTest ? 0 : (profile.jitter ?? defaults?.jitter ?? BUILT_IN.jitter01)),
    versionText: versionText(descriptor, options, profile, environment),
    serializer: options?.serializer ?? at.serializer ?? descriptor.serializer,
    compress: options?.compress ?? profile.compress ?? defaults?.compress ?? environment.compress ?? BUILT_IN.compress,
    maxSizeBytes:
      optional(options?.maxSize ?? defaults?.maxSize, parseMaxSize) ??
      environment.maxSizeBytes ??
      BUILT_IN.maxSizeBytes,
    keyPrefix: config.keyPrefix ?? environment.keyPrefix ?? BUILT_IN.keyPrefix,
    backend:
      ns?.backend === undefined
        ? siteBackend(descriptor, options, config, environment, profile)
        : toChoice(ns.backend),
    memory: memoryLimits(ns?.l1 ?? config.l1, environment),
    sealing: profile.sealed ? sealing(descriptor, config, environment) : 'off',
  };
}

function siteBackend(
  descriptor: CacheDescriptor,
  options: CacheOptions | undefined,
  config: CacheKitConfig,
  environment: Environment,
  profile: ProfileSwitches,
): BackendChoice {
  const name = options?.backend ?? descriptor.settings.backend;
  if (name !== undefined) return namedBackend(name, config);
  if (profile.backend !== undefined) return { kind: profile.backend };
  return defaultBackend(config, environment).choice;
}

/** `shape` survives an edit of the body, `code` does not; the kind is part of the text, so the two never meet. */
function versionText(
  descriptor: CacheDescriptor,
  options: CacheOptions | undefined,
  profile: ProfileSwitches,
  environment: Environment,
): string {
  const said = options?.version ?? descriptor.settings.version ?? profile.version;
  const kind = said ?? (environment.isProduction ? 'shape' : 'code');
  if (kind === 'none') return '';
  if (kind === 'shape') return `shape:${descriptor.shape}`;
  return kind === 'code' ? `code:${descriptor.code}` : `own:${kind}`;
}

function memoryLimits(l1: L1Config | false | undefined, environment: Environment): BudgetLimits | false {
  if (l1 === false || (l1 === undefined && environment.l1Enabled === false)) return false;
  return {
    maxBytes:
      optional(l1?.maxSize, (size) => parseBytes(size, 'l1.maxSize')) ??
      environment.l1MaxBytes ??
      BUILT_IN.l1MaxBytes,
    maxEntries: l1?.maxEntries ?? Number.POSITIVE_INFINITY,
  };
}

function sealing(descriptor: CacheDescriptor, config: CacheKitConfig, environment: Environment): Sealing {
  if (hasMasterKey(config, environment)) return 'master-key';
  // Test runs get a throwaway key; what only the compiler thought secret works without one, in this process.
  return descriptor.inferred === true || environment.isTest ? 'ephemeral' : 'missing';
}

export function hasMasterKey(config: CacheKitConfig, environment: Environment): boolean {
  return (
    config.encryption?.masterKey !== undefined ||
    environment.masterKey !== undefined ||
    environment.masterKeyFile !== undefined
  );
}

/** A package name made to fit `[a-z0-9._-]{1,64}`. */
export function fitNamespace(name: string): string {
  const fitted = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);
  return fitted === '' ? 'app' : fitted;
}

function parseTtl(ttl: unknown): number {
  return parseDuration(ttl, 'defaults.ttl');
}

function parseMaxSize(size: unknown): number {
  return parseBytes(size, 'maxSize');
}

function optional<T, R>(value: T | undefined, parse: (value: T) => R): R | undefined {
  return value === undefined ? undefined : parse(value);
}
