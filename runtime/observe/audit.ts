// `cachekit:audit`: who of the secure functions read, wrote, invalidated or refused an entry, and under which key.
import type { CacheEvents } from './events.ts';
import { isObserved, publish } from './publish.ts';
import { siteFields, type Observed } from './stats.ts';

/** `keyId`: public name of the master key, 16 hex digits; '' where there is none. */
export function audit(site: Observed, action: CacheEvents['cachekit:audit']['action'], keyId: string): void {
  if (isObserved('cachekit:audit')) publish('cachekit:audit', { ...siteFields(site), action, keyId });
}
