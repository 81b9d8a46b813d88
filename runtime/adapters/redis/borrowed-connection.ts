// A connection over a client that the application made and owns: connecting, reconnecting and closing are up to the
// owner.
import { BackendError } from '../../backend/backend-error.ts';
import { byName } from './by-name.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisLike } from './redis-like.ts';
import { WakeUp } from './wake-up.ts';

/** States from which the client becomes ready by itself. It queues a command that it is given now. */
const STARTING: ReadonlySet<string> = new Set(['wait', 'connecting', 'connect']);

/** Uses the client and never closes it. */
export function borrowConnection(client: RedisLike): RedisConnection {
  const changes = new WakeUp();
  const backListeners = new Set<() => void>();
  let wasReady = client.status === 'ready';
  let isClosed = false;
  client.on('ready', () => {
    if (wasReady) for (const listener of backListeners) listener();
    wasReady = true;
    changes.wakeAll();
  });
  if (client.isCluster === true) {
    // The list of nodes changed, so some keys may be on another node now.
    const moved = (): void => {
      if (client.status === 'ready') for (const listener of backListeners) listener();
    };
    client.on('+node', moved);
    client.on('-node', moved);
  }
  // Without a listener, ioredis prints every connection error to the console.
  client.on('error', () => undefined);
  const commands = byName(client);
  const ready = (): RedisLike | undefined => (!isClosed && client.status === 'ready' ? commands : undefined);
  const failure = (): BackendError => new BackendError('transient', 'Redis is not connected.');
  return {
    ready,
    isStarted: () => !isClosed && client.status !== 'wait' && client.status !== 'end',
    first: () => {
      const startsNow = !isClosed && !wasReady && STARTING.has(client.status);
      return ready() !== undefined || startsNow ? Promise.resolve(commands) : Promise.reject(failure());
    },
    async next() {
      for (;;) {
        if (isClosed) throw failure();
        if (client.status === 'ready' || client.status === 'wait') return commands;
        await changes.next();
      }
    },
    retryRefused: () => undefined,
    busy: () => undefined,
    // The options of the owner decide how commands are sent and time out.
    sending: () => undefined,
    outOfStep: () => undefined,
    answered: () => true,
    gaveUp: () => undefined,
    onBack: (listener) => void backListeners.add(listener),
    close() {
      isClosed = true;
      changes.wakeAll();
    },
  };
}
