// The event of an invalidation that another process made.
import { isObserved, publish } from '../observe/publish.ts';
import { kindOfGroup } from './group-id.ts';
import type { Subject } from './view.ts';

/** Publishes `cachekit:invalidate` with the origin `remote`, if somebody listens. */
export function tellRemote(kind: Subject, subject: string): void {
  if (!isObserved('cachekit:invalidate')) return;
  const scope = kind === 'key' ? 'call' : kindOfGroup(subject);
  publish('cachekit:invalidate', { scope, origin: 'remote', complete: true });
}
