// effectiveConfig(): the settings of functions that give none of their own, and where each comes from. Shows no
// secrets.
import { GUARD_DEFAULTS } from '../reliability/guard-options.ts';
import { registry } from '../site/registry.ts';
import { adaptiveLimits } from './adaptive-limits.ts';
import type { CacheKitConfig } from './cachekit-config.ts';
import { defaultBackend, type BackendChoice, type ConfigSource } from './choose-backend.ts';
import { currentEnvironment } from './current.ts';
import type { Environment } from './env.ts';
import { timeoutOptions } from './resolve-guard.ts';
import { hasMasterKey, BUILT_IN } from './resolve-settings.ts';

/** One setting, as text. */
export interface EffectiveSetting {
  readonly name: string;
  readonly value: string;
  readonly source: ConfigSource;
}

const MB = 1024 ** 2;
const UNITS_MS = [
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
] as const;

type Plain = string | number | boolean | undefined;

/** All settings, each with its source. */
export function effectiveConfig(): EffectiveSetting[] {
  const { config } = registry();
  const environment = currentEnvironment();
  return [
    ...generalSettings(config, environment),
    ...guardSettings(config, environment),
    ...protectionSettings(config, environment),
    // Only the environment can set these: they apply to backends that a URL or `embedded` names.
    setting('redis.connections', undefined, environment.connections, 1),
    setting('redis.connectTimeout', undefined, duration(environment.connectTimeoutMs), '1s'),
    setting('redis.socketTimeout', undefined, duration(environment.socketTimeoutMs), '1s'),
    setting(
      'embedded.path',
      undefined,
      environment.path,
      'node_modules/.cache/cachekit, else the user cache',
    ),
    setting('embedded.maxSize', undefined, size(environment.pathMaxSizeBytes), '512mb'),
    setting('logger', config.logger && 'set', environment.logLevel, 'none'),
    setting('correlationId', config.correlationId && 'set', undefined, 'none'),
    setting('prometheus', undefined, environment.prometheus, true),
  ];
}

function generalSettings(config: CacheKitConfig, environment: Environment): EffectiveSetting[] {
  const { choice, source } = defaultBackend(config, environment);
  const { defaults, l1 } = config;
  const isL1 = l1 === undefined ? undefined : l1 !== false;
  const limits = l1 === undefined || l1 === false ? undefined : l1;
  return [
    environment.disabled === true
      ? { name: 'enabled', value: 'false', source: 'environment' }
      : setting('enabled', config.enabled, undefined, true),
    { name: 'backend', value: printBackend(choice), source },
    setting('backends', namesOf(config.backends), undefined, 'none'),
    setting('namespaces', namesOf(config.namespaces), undefined, 'none'),
    setting('serializers', config.serializers?.map(({ id }) => id).join(' '), undefined, 'built-in'),
    setting('defaults.ttl', defaults?.ttl, duration(environment.defaultTtlMs), duration(BUILT_IN.ttlMs)),
    // Test runs ignore the configured value.
    environment.isTest
      ? setting('defaults.jitter', undefined, undefined, 0)
      : setting('defaults.jitter', defaults?.jitter, undefined, BUILT_IN.jitter01),
    setting('defaults.cacheNull', defaults?.cacheNull, undefined, true),
    setting(
      'defaults.maxSize',
      defaults?.maxSize,
      size(environment.maxSizeBytes),
      size(BUILT_IN.maxSizeBytes),
    ),
    setting('defaults.compress', defaults?.compress, environment.compress, BUILT_IN.compress),
    setting('keyPrefix', config.keyPrefix, environment.keyPrefix, BUILT_IN.keyPrefix),
    setting('l1', isL1, environment.l1Enabled, true),
    setting('l1.maxSize', limits?.maxSize, size(environment.l1MaxBytes), size(BUILT_IN.l1MaxBytes)),
    setting('l1.maxEntries', limits?.maxEntries, undefined, 'no limit'),
  ];
}

function guardSettings(config: CacheKitConfig, environment: Environment): EffectiveSetting[] {
  const { timeout, circuitBreaker, backpressure } = config;
  const defaults = GUARD_DEFAULTS;
  const adaptive = timeout?.adaptive === false ? undefined : timeout?.adaptive;
  const limits = adaptiveLimits(adaptive);
  const breaker = circuitBreaker === false ? undefined : circuitBreaker;
  // A maximum that the user gave also bounds the first wait.
  const isBounded =
    adaptive?.max !== undefined && timeoutOptions(config, environment).initialMs === limits.maxMs;
  return [
    setting(
      'timeout.initial',
      isBounded ? adaptive.max : timeout?.initial,
      duration(environment.readTimeoutMs),
      '250ms',
    ),
    setting('timeout.adaptive', isOn(timeout?.adaptive), undefined, true),
    setting('timeout.adaptive.min', adaptive?.min, undefined, duration(limits.minMs)),
    setting('timeout.adaptive.max', adaptive?.max, undefined, duration(limits.maxMs)),
    setting('circuitBreaker', isOn(circuitBreaker), undefined, true),
    setting(
      'circuitBreaker.failureThreshold',
      breaker?.failureThreshold,
      undefined,
      defaults.circuitBreaker.failureThreshold,
    ),
    setting(
      'circuitBreaker.successThreshold',
      breaker?.successThreshold,
      undefined,
      defaults.circuitBreaker.successThreshold,
    ),
    setting(
      'circuitBreaker.recoveryTimeout',
      breaker?.recoveryTimeout,
      undefined,
      duration(defaults.circuitBreaker.recoveryTimeoutMs),
    ),
    setting('circuitBreaker.isFailure', breaker?.isFailure && 'set', undefined, 'built-in'),
    setting(
      'backpressure.maxConcurrent',
      backpressure?.maxConcurrent,
      undefined,
      defaults.backpressure.maxConcurrent,
    ),
    setting('backpressure.maxQueued', backpressure?.maxQueued, undefined, defaults.backpressure.maxQueued),
  ];
}

/** Shows whether there are keys and how many, but no key. */
function protectionSettings(config: CacheKitConfig, environment: Environment): EffectiveSetting[] {
  const { masterKey, previousMasterKeys, failClosed } = config.encryption ?? {};
  const key = hasMasterKey(config, environment) ? 'set' : 'not set';
  const previous = environment.previousMasterKeys;
  return [
    setting(
      'encryption.masterKey',
      masterKey === undefined ? undefined : key,
      key === 'set' ? key : undefined,
      key,
    ),
    setting(
      'encryption.previousMasterKeys',
      previousMasterKeys?.length,
      typeof previous === 'string' ? previous : previous?.length,
      0,
    ),
    setting('encryption.failClosed', failClosed, environment.failClosed, false),
  ];
}

function isOn(value: object | false | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== false;
}

function namesOf(record: object | undefined): string | undefined {
  return record && Object.keys(record).join(' ');
}

function setting(name: string, code: Plain, environment: Plain, builtIn: Plain): EffectiveSetting {
  if (code !== undefined) return { name, value: String(code), source: 'code' };
  if (environment !== undefined) return { name, value: String(environment), source: 'environment' };
  return { name, value: String(builtIn), source: 'default' };
}

/** A duration as in options: `1h`, `250ms`. */
function duration(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  const [unit, name] = UNITS_MS.find(([each]) => ms >= each && ms % each === 0) ?? [1, 'ms'];
  return `${ms / unit}${name}`;
}

/** A size as in options: `50mb`. */
function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  return bytes % MB === 0 ? `${bytes / MB}mb` : String(bytes);
}

/** The backend, without user and password. */
function printBackend(choice: BackendChoice): string {
  if (choice.kind === 'own') return choice.backend.name;
  if (choice.kind === 'unknown') return `unknown (${choice.name})`;
  return choice.kind === 'url' ? printUrl(choice.url) : choice.kind;
}

/**
 * The URL without login and query. It may list several servers, which `URL` cannot parse. An `@` after the servers
 * means that a password with an unencoded `/`, `?` or `#` was split: then nothing is shown.
 */
function printUrl(text: string): string {
  const server = String.raw`(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?`;
  const parts = new RegExp(
    String.raw`^([a-z+]+:)//(?:[^/?#]*@)?((?:${server}(?:,${server})*)?(?:/[^?#@]*)?)(?:[?#][^@]*)?$`,
    'i',
  ).exec(text);
  return parts === null ? 'redis (unreadable URL)' : `${parts[1]}//${parts[2]}`;
}
