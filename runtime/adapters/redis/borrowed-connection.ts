// A client that the application made and owns: it connects, reconnects and closes as its owner wants.
import { BackendError } from '../../backend/backend-error.ts';
import { byName } from './by-name.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisLike } from './redis-like.ts';
import { WakeUp } from './wake-up.ts';

/** States in which the client will get ready by itself soon; a command given now is sent then. */
const STARTING: ReadonlySet<string> = new Set(['wait', 'connecting', 'connect']);

/** Never closes the client. */
export function borrowConnection(client: RedisLike): RedisConnection {
  const changes = new WakeUp();
  const backListeners = new Set<() => void>();
  let wasReady = client.status === 'ready';
  let isClosed = false;
  client.on('ready', () => {
    if (wasReady) for (const listener of backListeners) listener();
    wasReady = true;
    changes.all();
  });
  if (client.isCluster === true) {
    // Its list of servers changed: some keys may live elsewhere.
    const moved = (): void => {
      if (client.status === 'ready') for (const listener of backListeners) listener();
    };
    client.on('+node', moved);
    client.on('-node', moved);
  }
  // A client without a listener prints every connection error to the console.
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
    // How its commands are sent and bounded is for its owner to say.
    sending: () => undefined,
    answered: () => true,
    gaveUp: () => undefined,
    onBack: (listener) => void backListeners.add(listener),
    close() {
      isClosed = true;
      changes.all();
    },
  };
}
