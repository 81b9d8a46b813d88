// Between what the adaptive timeout may move.
import { CacheKitError } from '../errors/cachekit-error.ts';
import { ADAPTIVE_LIMITS } from '../reliability/guard-options.ts';
import type { CacheKitConfig } from './cachekit-config.ts';
import { parseDuration } from './duration.ts';

export type AdaptiveConfig = NonNullable<CacheKitConfig['timeout']>['adaptive'];

/** The limit that was not given gives way to the one that was. @throws ERR_CACHEKIT_CONFIG when both are, and min is above max */
export function adaptiveLimits(adaptive: AdaptiveConfig): { readonly minMs: number; readonly maxMs: number } {
  const usual = ADAPTIVE_LIMITS;
  if (adaptive === undefined || adaptive === false) return usual;
  const min = adaptive.min === undefined ? undefined : parseDuration(adaptive.min, 'timeout.adaptive.min');
  const max = adaptive.max === undefined ? undefined : parseDuration(adaptive.max, 'timeout.adaptive.max');
  if (min !== undefined && max !== undefined && min > max)
    throw new CacheKitError(
      'ERR_CACHEKIT_CONFIG',
      '`timeout.adaptive.min` is longer than `timeout.adaptive.max`.',
    );
  return {
    minMs: min ?? Math.min(usual.minMs, max ?? usual.minMs),
    maxMs: max ?? Math.max(usual.maxMs, min ?? usual.maxMs),
  };
}
