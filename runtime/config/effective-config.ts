// effectiveConfig(): what holds for functions that say nothing, and where it comes from. Secrets masked.
import { registry } from '../site/registry.ts';
import { currentEnvironment } from './current.ts';
import { defaultBackend, type BackendChoice, type ConfigSource } from './choose-backend.ts';
import { hasMasterKey, BUILT_IN } from './resolve-settings.ts';

export interface EffectiveSetting {
  readonly name: string;
  readonly value: string;
  readonly source: ConfigSource;
}

type Plain = string | number | boolean | undefined;

export function effectiveConfig(): EffectiveSetting[] {
  const { config } = registry();
  const environment = currentEnvironment();
  const { choice, source } = defaultBackend(config, environment);
  const { defaults, l1 } = config;
  const isDisabledByEnv = environment.disabled === true;
  const isL1 = l1 === undefined ? (environment.l1Enabled ?? true) : l1 !== false;
  const l1Size = l1 === undefined || l1 === false ? undefined : l1.maxSize;
  const key = hasMasterKey(config, environment) ? 'set' : 'not set';
  return [
    isDisabledByEnv
      ? { name: 'enabled', value: 'false', source: 'environment' }
      : setting('enabled', config.enabled, undefined, true),
    { name: 'backend', value: printBackend(choice), source },
    setting('defaults.ttl', defaults?.ttl, ms(environment.defaultTtlMs), `${BUILT_IN.ttlMs}ms`),
    setting('defaults.jitter', defaults?.jitter, undefined, environment.isTest ? 0 : BUILT_IN.jitter01),
    setting('defaults.maxSize', defaults?.maxSize, environment.maxSizeBytes, BUILT_IN.maxSizeBytes),
    setting('defaults.compress', defaults?.compress, environment.compress, BUILT_IN.compress),
    setting('keyPrefix', config.keyPrefix, environment.keyPrefix, BUILT_IN.keyPrefix),
    setting('l1', l1 === undefined ? undefined : isL1, environment.l1Enabled, true),
    setting('l1.maxSize', l1Size, environment.l1MaxBytes, BUILT_IN.l1MaxBytes),
    setting('timeout.initial', config.timeout?.initial, ms(environment.readTimeoutMs), '250ms'),
    setting(
      'encryption.masterKey',
      config.encryption?.masterKey === undefined ? undefined : key,
      key === 'set' ? key : undefined,
      key,
    ),
    setting('encryption.failClosed', config.encryption?.failClosed, environment.failClosed, false),
  ];
}

function setting(name: string, code: Plain, environment: Plain, builtIn: Plain): EffectiveSetting {
  if (code !== undefined) return { name, value: String(code), source: 'code' };
  if (environment !== undefined) return { name, value: String(environment), source: 'environment' };
  return { name, value: String(builtIn), source: 'default' };
}

function ms(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}ms`;
}

/** Without user and password. */
function printBackend(choice: BackendChoice): string {
  if (choice.kind === 'own') return choice.backend.name;
  if (choice.kind === 'unknown') return `unknown (${choice.name})`;
  if (choice.kind !== 'url') return choice.kind;
  const url = URL.parse(choice.url);
  return url === null ? 'redis (unreadable URL)' : `${url.protocol}//${url.host}${url.pathname}`;
}
