// Settings of synchronous functions. The compiler refuses options that such a function cannot have (CK1101), but options
// that only the run time sees get this far.
import type { CacheOptions } from '../config/cache-options.ts';
import type { SiteSettings } from '../config/site-settings.ts';
import { notice } from '../observe/notice.ts';

/** They need a background run, or a caller that waits. */
const ASYNC_OPTIONS = ['swr', 'softTimeout', 'refreshAhead', 'lock'] as const;

/** Without stale-while-revalidate: no refresh would replace the stale value. A notice names options without effect. */
export function settingsForSync(settings: SiteSettings, options: CacheOptions = {}): SiteSettings {
  const given = ASYNC_OPTIONS.filter((name) => options[name] !== undefined && options[name] !== false);
  if (given.length > 0) {
    notice(
      'CACHEKIT_SETTING',
      `\`${settings.id}\` is synchronous, so ${given.map((name) => `\`${name}\``).join(', ')} has no effect on it.`,
      `sync ${settings.id}`,
    );
  }
  return settings.swrMs === 0 ? settings : { ...settings, swrMs: 0 };
}
