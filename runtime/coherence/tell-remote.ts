// Events about invalidations that other processes made.
import { isObserved, publish } from '../observe/publish.ts';
import { kindOfGroup } from './group-id.ts';
import type { Subject } from './view.ts';

export function tellRemote(kind: Subject, subject: string): void {
  if (!isObserved('cachekit:invalidate')) return;
  const scope = kind === 'key' ? 'call' : kindOfGroup(subject);
  publish('cachekit:invalidate', { scope, origin: 'remote', complete: true });
}
