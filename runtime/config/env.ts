// Reads the environment variables: all names and parsers, and notices for ill-typed and unknown ones
// (docs/guide/options.md).
import { LOG_LEVELS, type LogLevel } from '../observe/logger.ts';
import { parseBytes } from './bytes.ts';
import { parseDuration, parseWait } from './duration.ts';

/** The parsed variables. undefined: not set, or ill-typed, for which there is a notice. */
export interface Environment {
  readonly disabled: boolean | undefined;
  readonly backend: string | undefined;
  readonly cachekitRedisUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly path: string | undefined;
  readonly pathMaxSizeBytes: number | undefined;
  readonly connections: number | undefined;
  readonly socketTimeoutMs: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly readTimeoutMs: number | undefined;
  readonly defaultTtlMs: number | undefined;
  readonly maxSizeBytes: number | undefined;
  readonly compress: boolean | undefined;
  readonly l1Enabled: boolean | undefined;
  readonly l1MaxBytes: number | undefined;
  readonly keyPrefix: string | undefined;
  /** false: `prometheus()` does nothing. */
  readonly prometheus: boolean | undefined;
  readonly logLevel: LogLevel | undefined;
  readonly masterKey: string | undefined;
  readonly masterKeyFile: string | undefined;
  /** `ill-typed`: secure functions reject, because a default could protect less than what was meant. */
  readonly previousMasterKeys: readonly string[] | 'ill-typed' | undefined;
  readonly failClosed: boolean | 'ill-typed' | undefined;
  /** Some variable above is set, apart from `REDIS_URL`, which may be meant for other software. */
  readonly isConfigured: boolean;
  /** NODE_ENV=test, VITEST or NODE_TEST_CONTEXT. */
  readonly isTest: boolean;
  /** NODE_ENV=production. */
  readonly isProduction: boolean;
  readonly nodeMajor: number;
}

/** A warning to give once. Its message never contains the value of a variable. */
export interface EnvironmentNotice {
  readonly code: 'CACHEKIT_ENV_UNKNOWN' | 'CACHEKIT_ENV_VALUE';
  readonly name: string;
  readonly message: string;
}

type Parse<T> = (text: string, name: string) => T | undefined;

const text: Parse<string> = (value) => value;
const bool: Parse<boolean> = (value) =>
  /^(true|1)$/i.test(value) ? true : /^(false|0)$/i.test(value) ? false : undefined;
const seconds: Parse<number> = (value, name) => parseDuration(toNumber(value), name);
const wait: Parse<number> = (value, name) => parseWait(toNumber(value), name);
const megabytes: Parse<number> = (value, name) => parseBytes(toNumber(value) * 1024 ** 2, name);
/** At least 1 MiB, as `embeddedBackend()` requires. */
const storeMegabytes: Parse<number> = (value, name) => {
  const bytes = megabytes(value, name);
  return bytes !== undefined && bytes >= 1024 ** 2 ? bytes : undefined;
};
/** 1 to 64, as `redisBackend()` requires. */
const connections: Parse<number> = (value) => {
  const number = toNumber(value);
  return Number.isInteger(number) && number >= 1 && number <= 64 ? number : undefined;
};
const prefix: Parse<string> = (value) => (isKeyPrefix(value) ? value : undefined);
const level: Parse<LogLevel> = (value) => LOG_LEVELS.find((known) => known === value.toLowerCase());
const list: Parse<readonly string[]> = (value) => {
  const parts = value.split(',').map((part) => part.trim());
  return parts.length <= 3 && parts.every((part) => part !== '') ? parts : undefined;
};

/** These give `ill-typed` instead of undefined, which would mean the default. */
const protectingBool: Parse<boolean | 'ill-typed'> = (value, name) => bool(value, name) ?? 'ill-typed';
const protectingList: Parse<readonly string[] | 'ill-typed'> = (value, name) =>
  list(value, name) ?? 'ill-typed';

/** Whether the text can be a `keyPrefix`. Braces are excluded: they would change the hash tag of stored names. */
export function isKeyPrefix(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value);
}

function toNumber(value: string): number {
  return value.trim() === '' ? Number.NaN : Number(value);
}

/** Name and parser of each variable. A function, because the table is used only once. */
const variables = () =>
  ({
    disabled: ['CACHEKIT_DISABLED', bool],
    backend: ['CACHEKIT_BACKEND', text],
    cachekitRedisUrl: ['CACHEKIT_REDIS_URL', text],
    redisUrl: ['REDIS_URL', text],
    path: ['CACHEKIT_PATH', text],
    pathMaxSizeBytes: ['CACHEKIT_PATH_MAX_SIZE_MB', storeMegabytes],
    connections: ['CACHEKIT_CONNECTION_POOL_SIZE', connections],
    socketTimeoutMs: ['CACHEKIT_SOCKET_TIMEOUT', wait],
    connectTimeoutMs: ['CACHEKIT_SOCKET_CONNECT_TIMEOUT', wait],
    readTimeoutMs: ['CACHEKIT_READ_TIMEOUT', wait],
    defaultTtlMs: ['CACHEKIT_DEFAULT_TTL', seconds],
    maxSizeBytes: ['CACHEKIT_MAX_CHUNK_SIZE_MB', megabytes],
    compress: ['CACHEKIT_ENABLE_COMPRESSION', bool],
    l1Enabled: ['CACHEKIT_L1_ENABLED', bool],
    l1MaxBytes: ['CACHEKIT_L1_MAX_SIZE_MB', megabytes],
    keyPrefix: ['CACHEKIT_KEY_PREFIX', prefix],
    prometheus: ['CACHEKIT_ENABLE_PROMETHEUS_METRICS', bool],
    logLevel: ['CACHEKIT_LOG_LEVEL', level],
    masterKey: ['CACHEKIT_MASTER_KEY', text],
    masterKeyFile: ['CACHEKIT_MASTER_KEY_FILE', text],
    previousMasterKeys: ['CACHEKIT_PREVIOUS_MASTER_KEYS', protectingList],
    failClosed: ['CACHEKIT_ENCRYPTION_FAIL_CLOSED', protectingBool],
  }) as const satisfies Record<string, readonly [name: string, parse: Parse<unknown>]>;

type Field = keyof ReturnType<typeof variables>;

/** Variables that other parts read: the Node hook, the dev view, and the tests of this repository. */
const READ_ELSEWHERE: readonly string[] = [
  'CACHEKIT_TSCONFIG',
  'CACHEKIT_DEV_MANIFEST',
  'CACHEKIT_DEV_PORT',
  'CACHEKIT_TEST_REDIS_SERVER',
];

/** Parses the variables and collects the notices about them. Pure. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  nodeVersion: string,
): { readonly environment: Environment; readonly notices: readonly EnvironmentNotice[] } {
  const table = variables();
  const notices: EnvironmentNotice[] = [];
  const read = (field: Field): unknown => {
    const [name, parse] = table[field];
    const value = env[name];
    // Shells and compose files write an empty variable for "not set".
    if (value === undefined || value === '') return undefined;
    const parsed = tryParse(parse, value, name);
    if (parsed === undefined) notices.push(illTyped(name));
    return parsed;
  };
  const fields = Object.keys(table) as Field[]; // the table's own keys
  const parsed = Object.fromEntries(fields.map((field) => [field, read(field)]));
  notices.push(...unknownNames(env, new Set(Object.values(table).map(([name]) => name))));
  const environment = {
    ...(parsed as Pick<Environment, Field>), // each parser returns its field's type
    isConfigured: fields.some((field) => field !== 'redisUrl' && parsed[field] !== undefined),
    isTest: env['NODE_ENV'] === 'test' || isSet(env['VITEST']) || isSet(env['NODE_TEST_CONTEXT']),
    isProduction: env['NODE_ENV'] === 'production',
    nodeMajor: Number.parseInt(nodeVersion, 10),
  };
  return { environment, notices };
}

function tryParse(parse: Parse<unknown>, value: string, name: string): unknown {
  try {
    return parse(value, name);
  } catch {
    return undefined; // parsers of durations and sizes throw
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

function illTyped(name: string): EnvironmentNotice {
  const message = `${name} has a value it cannot have and is ignored: the default holds.`;
  return { code: 'CACHEKIT_ENV_VALUE', name, message };
}

function unknownNames(
  env: Readonly<Record<string, string | undefined>>,
  known: ReadonlySet<string>,
): EnvironmentNotice[] {
  return Object.keys(env).flatMap((name): EnvironmentNotice[] => {
    const ours = name.startsWith('CACHE_') ? name.replace('CACHE_', 'CACHEKIT_') : name;
    if (ours !== name && known.has(ours)) return [unknown(name, `Did you mean ${ours}?`)];
    if (!name.startsWith('CACHEKIT_') || known.has(name) || READ_ELSEWHERE.includes(name)) return [];
    return [unknown(name, 'The names are in docs/guide/options.md.')];
  });
}

function unknown(name: string, advice: string): EnvironmentNotice {
  return { code: 'CACHEKIT_ENV_UNKNOWN', name, message: `${name} has no effect. ${advice}` };
}
