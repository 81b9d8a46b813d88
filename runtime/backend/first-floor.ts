// The first floor of a new registry, for stores that lose either everything or nothing.
import type { SyncRequest } from './log-capability.ts';

/**
 * The floor of a registry whose first head is `head`. It is 0, unless the caller has known another registry: that one was
 * lost with its invalidations, so everything born before `head` is invalid. Stores that can lose the registry alone
 * (Redis) always use `head`, because they cannot tell a lost registry from one that never existed.
 */
export function firstFloor({ inc }: Pick<SyncRequest, 'inc'>, head: number): number {
  return inc > 0 ? head : 0;
}
