// A second connection for commands that block in the server, made by duplicating the application's client.
import { BackendError } from '../../backend/backend-error.ts';
import { borrowConnection } from './borrowed-connection.ts';
import { LINK_SILENCE_MS } from './follow-log.ts';
import type { RedisLike } from './redis-like.ts';
import { oneServer, type Servers } from './servers.ts';

/** Replaces the owner's time-outs, which are meant for commands that answer at once. */
const PATIENT = { commandTimeout: undefined, socketTimeout: LINK_SILENCE_MS };

interface Duplicable {
  duplicate(first?: unknown, second?: unknown): unknown;
}

function isClient(value: unknown): value is RedisLike {
  const client = value as Partial<RedisLike> | null; // each property is checked below
  return (
    typeof client === 'object' && typeof client?.callBuffer === 'function' && typeof client.on === 'function'
  );
}

/** Its socket must never keep the process alive. */
function unrefWhenConnected(client: RedisLike): void {
  client.on('connect', () => {
    const { stream } = client as { readonly stream?: { unref?(): unknown } }; // where the library keeps its socket
    stream?.unref?.();
  });
}

/** Closed with the backend, and when its owner closes the client it was made from. @throws BackendError */
export function borrowedLink(client: RedisLike): Servers {
  const source = client as unknown as Duplicable; // RedisLike declares no arguments, so that a fake needs none
  const made =
    client.isCluster === true ? source.duplicate([], { redisOptions: PATIENT }) : source.duplicate(PATIENT);
  if (!isClient(made)) throw new BackendError('permanent', 'The client cannot be duplicated.');
  if (client.isCluster === true)
    made.on('+node', (node: unknown) => isClient(node) && unrefWhenConnected(node));
  else unrefWhenConnected(made);
  client.on('end', () => made.disconnect());
  const servers = oneServer([borrowConnection(made)], { keepsOrder: client.isCluster !== true });
  return {
    ...servers,
    close() {
      servers.close();
      made.disconnect();
    },
  };
}
