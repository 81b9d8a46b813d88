// `cachekit:audit`: which secure function read, wrote, invalidated or rejected an entry, and under which master key.
import type { CacheEvents } from './events.ts';
import { isObserved, publish } from './publish.ts';
import { siteFields, type Observed } from './stats.ts';

/**
 * Publishes the event if somebody listens. `keyId`: public name of the master key, 16 hex digits; '' if there is none.
 */
export function audit(site: Observed, action: CacheEvents['cachekit:audit']['action'], keyId: string): void {
  if (isObserved('cachekit:audit')) publish('cachekit:audit', { ...siteFields(site), action, keyId });
}
