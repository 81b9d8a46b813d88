// Second tiers of this copy of the package: one guard per backend, whatever the number of sites. Loaded with the first.
import type { Backend } from '../backend/backend.ts';
import { memoryBackend } from '../backend/memory-backend.ts';
import type { CacheKitConfig } from '../config/cachekit-config.ts';
import type { BackendChoice } from '../config/choose-backend.ts';
import { parseDuration } from '../config/duration.ts';
import type { Environment } from '../config/env.ts';
import { storeFolder } from '../config/store-folder.ts';
import { guardBackend } from '../reliability/guard-backend.ts';
import { GUARD_DEFAULTS, type GuardOptions } from '../reliability/guard-options.ts';
import type { GuardedBackend } from '../reliability/guarded-backend.ts';
import { currentClock } from './tick-clock.ts';

const DEFAULT_STORE_BYTES = 512 * 1024 ** 2;

interface Shared {
  readonly guard: GuardedBackend;
  /** Made here from a URL or a path: closed when the configuration no longer names it. */
  readonly isOurs: boolean;
}

const shared = new Map<unknown, Shared>();

/** @throws what the backend's constructor throws, for example for a URL that cannot be used */
export async function sharedBackend(
  choice: BackendChoice,
  config: CacheKitConfig,
  environment: Environment,
): Promise<GuardedBackend | undefined> {
  const key = keyOf(choice);
  if (key === undefined) return undefined;
  const known = shared.get(key);
  if (known !== undefined) return known.guard;
  const backend = await openBackend(choice, environment);
  // Two sites may have opened it at once: the first one wins, an unused client has not connected yet.
  const raced = shared.get(key);
  if (raced !== undefined || backend === undefined) return raced?.guard;
  const guard = guardBackend(backend, guardOptions(config, environment));
  shared.set(key, { guard, isOurs: choice.kind === 'url' || choice.kind === 'embedded' });
  return guard;
}

function keyOf(choice: BackendChoice): unknown {
  if (choice.kind === 'own') return choice.backend;
  if (choice.kind === 'url') return `url ${choice.url}`;
  return choice.kind === 'memory' || choice.kind === 'embedded' ? choice.kind : undefined;
}

async function openBackend(choice: BackendChoice, environment: Environment): Promise<Backend | undefined> {
  switch (choice.kind) {
    case 'own':
      return choice.backend;
    case 'memory':
      return memoryBackend({ clock: currentClock() });
    case 'url': {
      const { redisBackend } = await import('../adapters/redis/index.ts');
      return redisBackend(choice.url, {
        connections: environment.connections ?? 1,
        connectTimeout: `${environment.connectTimeoutMs ?? 1000}ms`,
        socketTimeout: `${environment.socketTimeoutMs ?? 1000}ms`,
      });
    }
    case 'embedded': {
      const { embeddedBackend } = await import('../adapters/embedded/sqlite-backend.ts');
      return embeddedBackend({
        path: environment.path ?? storeFolder(process.cwd(), process.env),
        maxSizeBytes: environment.pathMaxSizeBytes ?? DEFAULT_STORE_BYTES,
      });
    }
    default:
      return undefined;
  }
}

function guardOptions(config: CacheKitConfig, environment: Environment): GuardOptions {
  const { timeout = {}, circuitBreaker = {}, backpressure = {} } = config;
  const defaults = GUARD_DEFAULTS;
  const initialMs =
    timeout.initial === undefined
      ? (environment.readTimeoutMs ?? defaults.timeout.initialMs)
      : parseDuration(timeout.initial, 'timeout.initial');
  return {
    clock: currentClock(),
    timeout: { initialMs, adaptive: adaptiveLimits(timeout.adaptive) },
    circuitBreaker: breakerOptions(circuitBreaker),
    backpressure: { ...defaults.backpressure, ...backpressure },
  };
}

function adaptiveLimits(
  adaptive: NonNullable<CacheKitConfig['timeout']>['adaptive'],
): GuardOptions['timeout']['adaptive'] {
  if (adaptive === false) return false;
  return {
    minMs: parseDuration(adaptive?.min ?? '100ms', 'timeout.adaptive.min'),
    maxMs: parseDuration(adaptive?.max ?? '10s', 'timeout.adaptive.max'),
  };
}

function breakerOptions(
  breaker: NonNullable<CacheKitConfig['circuitBreaker']>,
): GuardOptions['circuitBreaker'] {
  if (breaker === false) return false;
  return {
    failureThreshold: breaker.failureThreshold ?? 5,
    successThreshold: breaker.successThreshold ?? 3,
    recoveryTimeoutMs: parseDuration(breaker.recoveryTimeout ?? '1s', 'circuitBreaker.recoveryTimeout'),
  };
}

function sharedGuards(): readonly GuardedBackend[] {
  return [...shared.values()].map(({ guard }) => guard);
}

/** After configure(): what we opened is closed, what belongs to the user stays open. Both get new guards. */
export async function releaseBackends(): Promise<void> {
  const old = [...shared.values()];
  shared.clear();
  await Promise.all(old.filter(({ isOurs }) => isOurs).map(({ guard }) => guard.close()));
}

/** For good: also the user's own backends. */
export async function closeBackends(): Promise<void> {
  const old = sharedGuards();
  shared.clear();
  await Promise.all(old.map((guard) => guard.close()));
}
