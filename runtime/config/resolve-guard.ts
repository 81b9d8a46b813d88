// Resolves the options of the guard around a backend from `configure()` and the environment.
import type { GuardOptions } from '../reliability/guard-options.ts';
import { GUARD_DEFAULTS } from '../reliability/guard-options.ts';
import { adaptiveLimits } from './adaptive-limits.ts';
import type { CacheKitConfig } from './cachekit-config.ts';
import type { Clock } from './clock.ts';
import { parseDuration } from './duration.ts';
import type { Environment } from './env.ts';

const DEFAULTS = GUARD_DEFAULTS;

/** Parsed options, with defaults where nothing is given. */
export function resolveGuard(config: CacheKitConfig, environment: Environment, clock: Clock): GuardOptions {
  return {
    clock,
    timeout: timeoutOptions(config, environment),
    circuitBreaker: breakerOptions(config.circuitBreaker),
    backpressure: {
      maxConcurrent: config.backpressure?.maxConcurrent ?? DEFAULTS.backpressure.maxConcurrent,
      maxQueued: config.backpressure?.maxQueued ?? DEFAULTS.backpressure.maxQueued,
    },
  };
}

/** How long to wait for the backend. */
export function timeoutOptions(config: CacheKitConfig, environment: Environment): GuardOptions['timeout'] {
  const { initial, adaptive } = config.timeout ?? {};
  const initialMs =
    (initial === undefined ? undefined : parseDuration(initial, 'timeout.initial')) ??
    environment.readTimeoutMs ??
    DEFAULTS.timeout.initialMs;
  if (adaptive === false) return { initialMs, adaptive: false };
  const limits = adaptiveLimits(adaptive);
  // The default maximum applies to writes only. A maximum that the user gave also bounds how long a caller waits.
  if (adaptive?.max === undefined) return { initialMs, adaptive: limits };
  const { maxMs } = limits;
  return { initialMs: Math.min(initialMs, maxMs), readBudgetMs: maxMs, adaptive: limits };
}

function breakerOptions(
  breaker: NonNullable<CacheKitConfig['circuitBreaker']> = {},
): GuardOptions['circuitBreaker'] {
  if (breaker === false) return false;
  const { isFailure, recoveryTimeout } = breaker;
  const defaults = DEFAULTS.circuitBreaker;
  return {
    failureThreshold: breaker.failureThreshold ?? defaults.failureThreshold,
    successThreshold: breaker.successThreshold ?? defaults.successThreshold,
    recoveryTimeoutMs:
      recoveryTimeout === undefined
        ? defaults.recoveryTimeoutMs
        : parseDuration(recoveryTimeout, 'circuitBreaker.recoveryTimeout'),
    ...(isFailure === undefined ? {} : { isFailure }),
  };
}
