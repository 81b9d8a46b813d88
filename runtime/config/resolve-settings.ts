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

/** Everything that has a say in the settings of one site. */
interface Sources {
  readonly descriptor: CacheDescriptor;
  readonly options: CacheOptions | undefined;
  readonly config: CacheKitConfig;
  readonly environment: Environment;
  readonly profile: ProfileSwitches;
}

export function resolveSettings(
  descriptor: CacheDescriptor,
  options: CacheOptions | undefined,
  config: CacheKitConfig,
  environment: Environment,
): SiteSettings {
  const profile = PROFILES[descriptor.profile];
  const sources: Sources = { descriptor, options, config, environment, profile };
  const { settings } = descriptor;
  const namespace = options?.namespace ?? settings.namespace ?? fitNamespace(descriptor.package);
  const ns = config.namespaces?.[namespace];
  return {
    id: descriptor.id,
    namespace,
    profile: descriptor.profile,
    enabled: environment.disabled !== true && (ns?.enabled ?? config.enabled ?? true),
    ttlMs: resolveTtl(sources),
    jitter01: resolveJitter(sources),
    versionText: versionText(sources),
    serializer: options?.serializer ?? settings.serializer ?? descriptor.serializer,
    compress: resolveCompress(sources),
    maxSizeBytes: resolveMaxSize(sources),
    keyPrefix: config.keyPrefix ?? environment.keyPrefix ?? BUILT_IN.keyPrefix,
    backend: ns?.backend === undefined ? siteBackend(sources) : toChoice(ns.backend),
    memory: memoryLimits(ns?.l1 ?? config.l1, environment),
    sealing: profile.sealed ? sealing(descriptor, config, environment) : 'off',
  };
}

function resolveTtl({ descriptor, options, config, environment }: Sources): number {
  if (options?.ttl !== undefined) return parseDuration(options.ttl, 'ttl');
  if (descriptor.settings.ttlMs !== undefined) return descriptor.settings.ttlMs;
  if (config.defaults?.ttl !== undefined) return parseDuration(config.defaults.ttl, 'defaults.ttl');
  return environment.defaultTtlMs ?? BUILT_IN.ttlMs;
}

function resolveJitter({ options, config, environment, profile }: Sources): number {
  const switched = environment.isTest ? 0 : profile.jitter;
  return options?.jitter ?? switched ?? config.defaults?.jitter ?? BUILT_IN.jitter01;
}

function resolveCompress({ options, config, environment, profile }: Sources): boolean {
  const said = options?.compress ?? profile.compress ?? config.defaults?.compress;
  return said ?? environment.compress ?? BUILT_IN.compress;
}

function resolveMaxSize({ options, config, environment }: Sources): number {
  const said = options?.maxSize ?? config.defaults?.maxSize;
  if (said !== undefined) return parseBytes(said, 'maxSize');
  return environment.maxSizeBytes ?? BUILT_IN.maxSizeBytes;
}

function siteBackend({ descriptor, options, config, environment, profile }: Sources): BackendChoice {
  const name = options?.backend ?? descriptor.settings.backend;
  if (name !== undefined) return namedBackend(name, config);
  if (profile.backend !== undefined) return { kind: profile.backend };
  return defaultBackend(config, environment).choice;
}

/** `shape` survives an edit of the body, `code` does not; the kind is part of the text, so the two never meet. */
function versionText({ descriptor, options, profile, environment }: Sources): string {
  const said = options?.version ?? descriptor.settings.version ?? profile.version;
  const kind = said ?? (environment.isProduction ? 'shape' : 'code');
  if (kind === 'none') return '';
  if (kind === 'shape') return `shape:${descriptor.shape}`;
  return kind === 'code' ? `code:${descriptor.code}` : `own:${kind}`;
}

function memoryLimits(l1: L1Config | false | undefined, environment: Environment): BudgetLimits | false {
  if (l1 === false || (l1 === undefined && environment.l1Enabled === false)) return false;
  const said = l1?.maxSize === undefined ? undefined : parseBytes(l1.maxSize, 'l1.maxSize');
  return {
    maxBytes: said ?? environment.l1MaxBytes ?? BUILT_IN.l1MaxBytes,
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
