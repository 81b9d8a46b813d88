// Resolves the settings of one site, each from the first source that has it: `configure({ namespaces })`, call site,
// `configure({ defaults })`, environment, built-in value. Profiles give switches, defaults give numbers.
import type { CacheDescriptor } from '../contract/cache-descriptor.ts';
import type { BudgetLimits } from '../memory/budget.ts';
import type { Serializer } from '../serializer/serializer.ts';
import { parseBytes } from './bytes.ts';
import type { CacheOptions } from './cache-options.ts';
import type { CacheKitConfig, L1Config } from './cachekit-config.ts';
import { defaultBackend, namedBackend, namespaceBackend, type BackendChoice } from './choose-backend.ts';
import { parseDuration } from './duration.ts';
import type { Environment } from './env.ts';
import { PROFILES, type ProfileSwitches } from './profiles.ts';
import type { Sealing, SiteRules, SiteSettings } from './site-settings.ts';

/** Values where no source gives one. */
export const BUILT_IN = {
  ttlMs: 3_600_000,
  jitter01: 0.1,
  maxSizeBytes: 50 * 1024 ** 2,
  compress: true,
  keyPrefix: 'ck1',
  l1MaxBytes: 100 * 1024 ** 2,
} as const;

/** All sources of the settings of one site. */
interface Sources {
  readonly descriptor: CacheDescriptor;
  readonly options: CacheOptions | undefined;
  readonly config: CacheKitConfig;
  readonly environment: Environment;
  readonly profile: ProfileSwitches;
}

/** The settings that apply to one site now. @throws ERR_CACHEKIT_CONFIG for a duration or size that cannot be parsed */
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
    ...resolveLife(sources),
    jitter01: resolveJitter(sources),
    versionText: versionText(sources),
    serializer: resolveSerializer(sources),
    compress: resolveCompress(sources),
    maxSizeBytes: resolveMaxSize(sources),
    keyPrefix: config.keyPrefix ?? environment.keyPrefix ?? BUILT_IN.keyPrefix,
    backend: resolveBackend(sources, ns?.backend),
    memory: siteMemory(sources, ns?.l1 ?? config.l1),
    ...resolveProtection(sources),
    ...resolveSwitches(sources),
    rules: resolveRules(sources),
  };
}

function resolveSwitches({
  descriptor,
  options,
  profile,
}: Sources): Pick<SiteSettings, 'interop' | 'lock' | 'share' | 'tags'> {
  const { settings } = descriptor;
  return {
    interop: options?.interop ?? settings.interop,
    lock: options?.lock ?? settings.lock ?? profile.lock,
    share: options?.share ?? settings.share ?? false,
    tags: Array.isArray(options?.tags) ? options.tags : (settings.tags ?? []),
  };
}

function resolveTtl({ descriptor, options, config, environment }: Sources): number {
  if (options?.ttl !== undefined && typeof options.ttl !== 'function')
    return parseDuration(options.ttl, 'ttl');
  if (descriptor.settings.ttlMs !== undefined) return descriptor.settings.ttlMs;
  if (config.defaults?.ttl !== undefined) return parseDuration(config.defaults.ttl, 'defaults.ttl');
  return environment.defaultTtlMs ?? BUILT_IN.ttlMs;
}

type Life = Pick<
  SiteSettings,
  'swrMs' | 'staleIfErrorMs' | 'softTimeoutMs' | 'refreshAhead01' | 'refreshTtlOnGet01' | 'cacheNull'
>;

/** Settings for what happens after ttl and shortly before. */
function resolveLife(sources: Sources): Life {
  const { options, environment, profile } = sources;
  const { settings } = sources.descriptor;
  const ms = (
    name: 'swr' | 'staleIfError' | 'softTimeout',
    planned: number | undefined,
  ): number | undefined => (options?.[name] === undefined ? planned : parseDuration(options[name], name));
  // No background runs in tests: the number of runs would depend on time.
  const ahead =
    options?.refreshAhead ?? settings.refreshAhead ?? (environment.isTest ? 0 : profile.refreshAhead);
  const slide = options?.refreshTtlOnGet ?? settings.refreshTtlOnGet ?? false;
  return {
    swrMs: ms('swr', settings.swrMs) ?? 0,
    staleIfErrorMs: ms('staleIfError', settings.staleIfErrorMs) ?? profile.staleIfError ?? 0,
    softTimeoutMs: ms('softTimeout', settings.softTimeoutMs) ?? 0,
    refreshAhead01: ahead === false ? 0 : ahead,
    refreshTtlOnGet01: slide === true ? SLIDE_AT : slide === false ? 0 : slide,
    cacheNull: resolveCacheNull(sources),
  };
}

/** The threshold of cachekit for Python. */
const SLIDE_AT = 0.5;

function resolveCacheNull({ descriptor, options, config }: Sources): boolean | number {
  const own = options?.cacheNull;
  if (own !== undefined) return typeof own === 'boolean' ? own : parseDuration(own, 'cacheNull');
  if (descriptor.settings.cacheNull !== undefined) return descriptor.settings.cacheNull;
  const common = config.defaults?.cacheNull ?? true;
  return typeof common === 'boolean' ? common : parseDuration(common, 'defaults.cacheNull');
}

/** Callbacks come from the options of `cached()`, or from the descriptor of a comment. */
function resolveRules({ descriptor, options }: Sources): SiteRules {
  const { rules } = descriptor;
  const own = {
    ttl: typeof options?.ttl === 'function' ? options.ttl : undefined,
    tags: typeof options?.tags === 'function' ? options.tags : rules?.tags,
    when: options?.when ?? rules?.when,
    unless: options?.unless ?? rules?.unless,
    tenant: options?.tenant ?? rules?.tenant,
  };
  return own as SiteRules; // each is called with results and arguments of the types it declares
}

function resolveJitter({ descriptor, options, config, environment, profile }: Sources): number {
  const switched = environment.isTest ? 0 : profile.jitter;
  const chosen = options?.jitter ?? descriptor.settings.jitter;
  return chosen ?? switched ?? config.defaults?.jitter ?? BUILT_IN.jitter01;
}

function resolveCompress({ descriptor, options, config, environment, profile }: Sources): boolean {
  const chosen = options?.compress ?? descriptor.settings.compress;
  const common = profile.compress ?? config.defaults?.compress ?? environment.compress;
  return chosen ?? common ?? BUILT_IN.compress;
}

function resolveMaxSize({ descriptor, options, config, environment }: Sources): number {
  if (options?.maxSize === undefined && descriptor.settings.maxSizeBytes !== undefined)
    return descriptor.settings.maxSizeBytes;
  const chosen = options?.maxSize ?? config.defaults?.maxSize;
  if (chosen !== undefined) return parseBytes(chosen, 'maxSize');
  return environment.maxSizeBytes ?? BUILT_IN.maxSizeBytes;
}

/** A configured serializer with the chosen id, else the id. Configured ones cannot have the id of a built-in. */
function resolveSerializer({ descriptor, options, config }: Sources): string | Serializer {
  const chosen = options?.serializer ?? descriptor.settings.serializer ?? descriptor.serializer;
  return config.serializers?.find(({ id }) => id === chosen) ?? chosen;
}

function resolveProtection(sources: Sources): Pick<SiteSettings, 'sealing' | 'failClosed' | 'integrity'> {
  const { descriptor, config, environment, profile } = sources;
  if (!profile.sealed) return { sealing: 'off', failClosed: false, integrity: resolveIntegrity(sources) };
  const failClosed = config.encryption?.failClosed ?? environment.failClosed === true;
  return { sealing: sealing(descriptor, config, environment), failClosed, integrity: 'off' };
}

/** Off for sealed profiles, whose entries are authenticated anyway. */
function resolveIntegrity({
  descriptor,
  options,
  config,
  environment,
  profile,
}: Sources): SiteSettings['integrity'] {
  const chosen = options?.integrity ?? descriptor.settings.integrity;
  if (chosen === undefined || profile.sealed) return 'off';
  return hasMasterKey(config, environment) ? 'hmac' : 'missing';
}

function resolveBackend(sources: Sources, last: CacheKitConfig['backend']): BackendChoice {
  // Without a master key there is no MAC, and an entry without the MAC that was asked for must not be stored.
  if (resolveIntegrity(sources) === 'missing') return { kind: 'none' };
  // The key of `self=instance` contains an object number, which means something in this process only.
  if ((sources.options?.self ?? sources.descriptor.settings.self) === 'instance') return { kind: 'none' };
  return last === undefined ? siteBackend(sources) : namespaceBackend(last, sources.config);
}

function siteBackend(sources: Sources): BackendChoice {
  const { descriptor, options, config, environment, profile } = sources;
  // A dependency alone must not cause a file or a connection: the application has to configure something first.
  if (descriptor.library === true && !isApplicationConfigured(sources)) return { kind: 'none' };
  const name = options?.backend ?? descriptor.settings.backend;
  if (name !== undefined) return namedBackend(name, config);
  if (profile.backend !== undefined) return { kind: profile.backend };
  return defaultBackend(config, environment).choice;
}

function isApplicationConfigured({ config, environment }: Sources): boolean {
  return Object.keys(config).length > 0 || environment.isConfigured;
}

/** Version text of the key. It includes the kind, so that versions of different kinds never coincide. */
function versionText({ descriptor, options, profile, environment }: Sources): string {
  const chosen = options?.version ?? descriptor.settings.version ?? profile.version;
  const kind = chosen ?? (environment.isProduction ? 'shape' : 'code');
  if (kind === 'none') return '';
  if (kind === 'shape') return `shape:${descriptor.shape}`;
  return kind === 'code' ? `code:${descriptor.code}` : `own:${kind}`;
}

/** Memory limits. A call site can turn memory off, but not on again if the configuration turned it off. */
function siteMemory({ descriptor, options, environment }: Sources, l1: L1Config | false | undefined) {
  const isWanted = options?.l1 ?? descriptor.settings.l1 ?? true;
  return isWanted ? memoryLimits(l1, environment) : false;
}

function memoryLimits(l1: L1Config | false | undefined, environment: Environment): BudgetLimits | false {
  if (l1 === false || (l1 === undefined && environment.l1Enabled === false)) return false;
  const chosen = l1?.maxSize === undefined ? undefined : parseBytes(l1.maxSize, 'l1.maxSize');
  return {
    maxBytes: chosen ?? environment.l1MaxBytes ?? BUILT_IN.l1MaxBytes,
    maxEntries: l1?.maxEntries ?? Number.POSITIVE_INFINITY,
  };
}

function sealing(descriptor: CacheDescriptor, config: CacheKitConfig, environment: Environment): Sealing {
  if (hasMasterKey(config, environment)) return 'master-key';
  // A key of this process only: in test runs, and if the compiler inferred `secure` without the user asking for it.
  return descriptor.inferred === true || environment.isTest ? 'ephemeral' : 'missing';
}

/** Whether a master key is configured; it may still turn out unusable. */
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
