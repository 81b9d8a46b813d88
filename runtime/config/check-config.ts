// Checks what `configure()` and `cached()` are given. Unknown names are errors: most are typos, which must not be
// silent.
import { CacheKitError } from '../errors/cachekit-error.ts';
import type { Serializer } from '../serializer/serializer.ts';
import { adaptiveLimits, type AdaptiveConfig } from './adaptive-limits.ts';
import { parseBytes } from './bytes.ts';
import type { CacheOptions } from './cache-options.ts';
import type { CacheKitConfig, L1Config } from './cachekit-config.ts';
import { parseDuration, parseWait } from './duration.ts';
import { isKeyPrefix } from './env.ts';
import { unknownSetting } from './setting-names.ts';

/** Throws ERR_CACHEKIT_CONFIG, with `what` as the name of the setting, unless the value is right. */
type Check = (value: unknown, what: string) => void;

const isBoolean: Check = (value, what) => expect(typeof value === 'boolean', what, 'true or false');
const isText: Check = (value, what) => expect(typeof value === 'string' && value !== '', what, 'a text');
const isShare: Check = (value, what) =>
  expect(typeof value === 'number' && value >= 0 && value <= 1, what, 'a number from 0 to 1');
const isCount: Check = (value, what) =>
  expect(Number.isInteger(value) && (value as number) >= 1, what, 'a whole number from 1 on'); // isInteger: a number
const isNamespace: Check = (value, what) =>
  expect(
    typeof value === 'string' && /^[a-z0-9._-]{1,64}$/.test(value),
    what,
    'text of [a-z0-9._-], at most 64',
  );
const isVersion: Check = (value, what) =>
  expect((typeof value === 'string' && value !== '') || Number.isFinite(value), what, 'a text or a number');
const isInnerShare: Check = (value, what) =>
  expect(typeof value === 'number' && value > 0 && value < 1, what, 'a number above 0 and below 1');
const isTags: Check = (value, what) =>
  expect(
    Array.isArray(value) && value.every((tag) => typeof tag === 'string' && tag !== ''),
    what,
    'a list of texts, or a function that gives one',
  );
const isOneOf =
  (...texts: readonly string[]): Check =>
  (value, what) =>
    expect(
      typeof value === 'string' && texts.includes(value),
      what,
      texts.map((text) => `'${text}'`).join(' or '),
    );
const isFunction: Check = (value, what) => expect(typeof value === 'function', what, 'a function');
const isBackend: Check = (value, what) =>
  expect(
    (typeof value === 'string' && value !== '') ||
      (isObject(value) && typeof value['name'] === 'string' && hasMethods(value, 'get', 'set', 'delete')),
    what,
    'a name, a URL or a backend with name, get, set and delete',
  );
const isMasterKey: Check = (value, what) =>
  expect(
    typeof value === 'string' || value instanceof Uint8Array || typeof value === 'function',
    what,
    'a key text, 32 bytes, or a function that gives one',
  );
const isOperation: Check = (value, what) =>
  expect(
    typeof value === 'string' && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(value) && !value.includes('..'),
    what,
    'a name of [a-z0-9._-], at most 64, that begins with a letter or digit and has no two dots in a row',
  );
const BUILT_IN_SERIALIZERS: ReadonlySet<unknown> = new Set(['std', 'auto', 'json']);
const isSerializer: Check = (value, what) =>
  expect(
    isObject(value) &&
      typeof value['id'] === 'string' &&
      value['id'] !== '' &&
      !BUILT_IN_SERIALIZERS.has(value['id']) &&
      typeof value['serialize'] === 'function' &&
      typeof value['deserialize'] === 'function',
    what,
    'a serializer with an id of its own, serialize and deserialize',
  );
const isSerializers: Check = (value, what) => {
  expect(Array.isArray(value), what, 'a list of serializers');
  for (const [at, one] of (value as unknown[]).entries()) isSerializer(one, `${what}[${at}]`); // an array
  const ids = (value as Serializer[]).map(({ id }) => id); // isSerializer held
  expect(new Set(ids).size === ids.length, what, 'a list of serializers with different ids');
};
const orSerializer =
  (check: Check): Check =>
  (value, what) =>
    (isObject(value) ? isSerializer : check)(value, what);
const isLogger: Check = (value, what) =>
  expect(
    isObject(value) && hasMethods(value, 'debug', 'info', 'warn', 'error'),
    what,
    'a logger with debug, info, warn and error',
  );
const isClock: Check = (value, what) =>
  expect(
    isObject(value) && hasMethods(value, 'nowMs', 'monotonicMs', 'setTimer'),
    what,
    'a clock with nowMs, monotonicMs and setTimer',
  );

/** Accepts any function, or what `check` accepts. */
const orFunction =
  (check: Check): Check =>
  (value, what) => {
    if (typeof value !== 'function') check(value, what);
  };
const orBoolean =
  (check: Check): Check =>
  (value, what) => {
    if (typeof value !== 'boolean') check(value, what);
  };

/** A function and not a constant, so that a process that checks nothing does not build the table when it starts. */
const optionChecks = (): Readonly<Record<keyof CacheOptions, Check>> => ({
  ttl: orFunction(parseDuration),
  swr: parseDuration,
  staleIfError: parseDuration,
  softTimeout: parseWait,
  refreshAhead: (value, what) => {
    if (value !== false) isInnerShare(value, what);
  },
  refreshTtlOnGet: orBoolean(isInnerShare),
  jitter: isShare,
  cacheNull: orBoolean(parseDuration),
  namespace: isNamespace,
  name: isText,
  version: isVersion,
  serializer: orSerializer(isText),
  compress: isBoolean,
  maxSize: parseBytes,
  backend: isBackend,
  l1: isBoolean,
  lock: isBoolean,
  share: isBoolean,
  integrity: isOneOf('hmac'),
  key: isFunction,
  tags: orFunction(isTags),
  when: isFunction,
  unless: isFunction,
  tenant: isFunction,
  batch: isFunction,
  interop: isOperation,
  self: isOneOf('instance'),
});

const L1_CHECKS: Readonly<Record<keyof L1Config, Check>> = { maxSize: parseBytes, maxEntries: isCount };

const or =
  (literal: unknown, check: Check): Check =>
  (value, what) => {
    if (value !== literal) check(value, what);
  };
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, what) =>
    checkFields(value, checks, what);
const each =
  (check: Check): Check =>
  (value, what) => {
    expect(isObject(value), what, 'an object');
    for (const [name, inner] of Object.entries(value as object)) {
      if (inner !== undefined) check(inner, `${what}.${name}`);
    }
  };
const isL1: Check = (value, what) => or(false, fields(L1_CHECKS))(value, what);

const configChecks = (): Readonly<Record<keyof CacheKitConfig, Check>> => ({
  enabled: isBoolean,
  backend: isBackend,
  backends: each(isBackend),
  defaults: fields({
    ttl: parseDuration,
    jitter: isShare,
    cacheNull: orBoolean(parseDuration),
    maxSize: parseBytes,
    compress: isBoolean,
  }),
  namespaces: each(fields({ enabled: isBoolean, backend: isBackend, l1: isL1 })),
  keyPrefix: (value, what) => expect(isKeyPrefix(value), what, 'text of [A-Za-z0-9._:-], at most 64'),
  l1: isL1,
  timeout: fields({
    initial: parseWait,
    adaptive: or(false, (value, what) => {
      checkFields(value, { min: parseWait, max: parseWait }, what);
      adaptiveLimits(value as AdaptiveConfig); // its fields were checked
    }),
  }),
  circuitBreaker: or(
    false,
    fields({
      failureThreshold: isCount,
      successThreshold: isCount,
      recoveryTimeout: parseWait,
      isFailure: isFunction,
    }),
  ),
  backpressure: fields({ maxConcurrent: isCount, maxQueued: isCount }),
  encryption: fields({
    masterKey: isMasterKey,
    previousMasterKeys: (value, what) =>
      expect(Array.isArray(value) && value.length <= 3, what, 'a list of at most 3 keys'),
    failClosed: isBoolean,
  }),
  serializers: isSerializers,
  logger: isLogger,
  correlationId: isFunction,
  clock: isClock,
});

/** Checks the argument of `configure()`. @throws ERR_CACHEKIT_CONFIG naming the setting */
export function checkConfig(config: unknown): void {
  checkFields(config, configChecks(), 'configure()');
}

/** Checks the options of `cached()`, without `profile`. @throws ERR_CACHEKIT_CONFIG naming the option */
export function checkOptions(options: unknown): void {
  checkFields(options, optionChecks(), 'cached()');
}

function checkFields(value: unknown, checks: Readonly<Record<string, Check>>, what: string): void {
  expect(isObject(value), what, 'an object');
  for (const [name, inner] of Object.entries(value as object)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw unknownSetting(name, what, Object.keys(checks));
    const path = what.endsWith('()') ? name : `${what}.${name}`;
    if (inner !== undefined) check(inner, path);
  }
}

function hasMethods(value: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'function');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expect(holds: boolean, what: string, kind: string): void {
  if (!holds) throw new CacheKitError('ERR_CACHEKIT_CONFIG', `\`${what}\` is not ${kind}.`);
}
