// What a node of a Redis Cluster says instead of an answer.
import type { ServerPlace } from './master-finder.ts';
import type { RedisLike } from './redis-like.ts';
import { readPlace } from './slot-map.ts';

export type Redirection =
  /** The slot has another owner for good. */
  | { readonly kind: 'moved'; readonly to: ServerPlace }
  /** The slot is on its way, and this key is there already. */
  | { readonly kind: 'ask'; readonly to: ServerPlace }
  /** The keys of one script are in two places while their slot is moved. */
  | { readonly kind: 'wait' };

/** undefined: another error. */
export function redirectionOf(error: unknown, asked: ServerPlace): Redirection | undefined {
  const [word, , place = ''] = error instanceof Error ? error.message.split(' ', 3) : [];
  if (word === 'TRYAGAIN') return { kind: 'wait' };
  if (word !== 'MOVED' && word !== 'ASK') return undefined;
  const to = readPlace(place, asked);
  return to === undefined ? undefined : { kind: word === 'MOVED' ? 'moved' : 'ask', to };
}

/** The same client, saying before each command that it was sent here. */
export function asking(client: RedisLike): RedisLike {
  return {
    status: client.status,
    on: (event, listener) => client.on(event, listener),
    duplicate: () => client.duplicate(),
    disconnect: () => client.disconnect(),
    async callBuffer(command, ...args) {
      const allowed = Promise.resolve(client.callBuffer('ASKING'));
      // Both leave in this turn. Where it fails, so does the command, which says why.
      allowed.catch(() => undefined);
      return client.callBuffer(command, ...args);
    },
  };
}
