// Where the floor of a new registry is, for stores that lose everything or nothing.
import type { SyncRequest } from './log-capability.ts';

/**
 * 0, unless the caller has known another registry: that one is lost, and what was invalidated before with it. `head`: the
 * first one. Stores that can lose a registry alone (Redis) take `head` always: they cannot know that there was none.
 */
export function firstFloor({ inc }: Pick<SyncRequest, 'inc'>, head: number): number {
  return inc > 0 ? head : 0;
}
