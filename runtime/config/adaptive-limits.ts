// Resolves the bounds of the adaptive timeout.
import { CacheKitError } from '../errors/cachekit-error.ts';
import { ADAPTIVE_LIMITS } from '../reliability/guard-options.ts';
import type { CacheKitConfig } from './cachekit-config.ts';
import { parseDuration } from './duration.ts';

/** `timeout.adaptive` of `configure()`. */
export type AdaptiveConfig = NonNullable<CacheKitConfig['timeout']>['adaptive'];

/**
 * Given bounds, else the defaults. If only one is given and the default of the other contradicts it, both are the given
 * one. @throws ERR_CACHEKIT_CONFIG when a given min is above a given max
 */
export function adaptiveLimits(adaptive: AdaptiveConfig): { readonly minMs: number; readonly maxMs: number } {
  const defaults = ADAPTIVE_LIMITS;
  if (adaptive === undefined || adaptive === false) return defaults;
  const min = adaptive.min === undefined ? undefined : parseDuration(adaptive.min, 'timeout.adaptive.min');
  const max = adaptive.max === undefined ? undefined : parseDuration(adaptive.max, 'timeout.adaptive.max');
  if (min !== undefined && max !== undefined && min > max)
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      '`timeout.adaptive.min` is longer than `timeout.adaptive.max`.',
    );
  return {
    minMs: min ?? Math.min(defaults.minMs, max ?? defaults.minMs),
    maxMs: max ?? Math.max(defaults.maxMs, min ?? defaults.maxMs),
  };
}
