// Redirections: error replies by which a node of a Redis Cluster sends a client elsewhere.
import type { ServerPlace } from './master-finder.ts';
import type { RedisLike } from './redis-like.ts';
import { readPlace } from './slot-map.ts';

/** What to do instead of taking the answer. */
export type Redirection =
  /** MOVED: the slot has another owner for good. */
  | { readonly kind: 'moved'; readonly to: ServerPlace }
  /** ASK: the slot is being moved, and this key is at the new owner already. */
  | { readonly kind: 'ask'; readonly to: ServerPlace }
  /** TRYAGAIN: the slot is being moved, and the keys of the command are at two owners. */
  | { readonly kind: 'wait' };

/** undefined: the error is no redirection. `asked` is the node that sent it. */
export function redirectionOf(error: unknown, asked: ServerPlace): Redirection | undefined {
  const [word, , place = ''] = error instanceof Error ? error.message.split(' ', 3) : [];
  if (word === 'TRYAGAIN') return { kind: 'wait' };
  if (word !== 'MOVED' && word !== 'ASK') return undefined;
  const to = readPlace(place, asked);
  return to === undefined ? undefined : { kind: word === 'MOVED' ? 'moved' : 'ask', to };
}

/** The same client, with ASKING before each command: the node refuses a slot it does not own yet without it. */
export function asking(client: RedisLike): RedisLike {
  return {
    status: client.status,
    on: (event, listener) => client.on(event, listener),
    duplicate: () => client.duplicate(),
    disconnect: () => client.disconnect(),
    async callBuffer(command, ...args) {
      const allowed = Promise.resolve(client.callBuffer('ASKING'));
      // Both are sent in this turn. If ASKING fails, so does the command, whose error is reported.
      allowed.catch(() => undefined);
      return client.callBuffer(command, ...args);
    },
  };
}
