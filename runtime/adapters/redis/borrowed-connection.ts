// A client that the application made and owns: it connects, reconnects and closes as its owner wants.
import { BackendError } from '../../backend/backend-error.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisLike } from './redis-like.ts';

/** States in which the client will get ready by itself soon; a command given now is sent then. */
const STARTING: ReadonlySet<string> = new Set(['wait', 'connecting', 'connect']);

/** Never closes the client. */
export function borrowConnection(client: RedisLike): RedisConnection {
  const waiting = new Set<() => void>();
  let wasReady = client.status === 'ready';
  let isClosed = false;
  const wake = (): void => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  client.on('ready', () => {
    wasReady = true;
    wake();
  });
  // A client without a listener prints every connection error to the console.
  client.on('error', () => undefined);
  const ready = (): RedisLike | undefined => (!isClosed && client.status === 'ready' ? client : undefined);
  const failure = (): BackendError => new BackendError('transient', 'Redis is not connected.');
  return {
    ready,
    isStarted: () => !isClosed && client.status !== 'wait' && client.status !== 'end',
    first: () => {
      const startsNow = !isClosed && !wasReady && STARTING.has(client.status);
      return ready() !== undefined || startsNow ? Promise.resolve(client) : Promise.reject(failure());
    },
    async next() {
      for (;;) {
        if (isClosed) throw failure();
        if (client.status === 'ready' || client.status === 'wait') return client;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    busy: () => undefined,
    // How its commands are sent and bounded is for its owner to say.
    sending: () => undefined,
    answered: () => true,
    gaveUp: () => undefined,
    close() {
      isClosed = true;
      wake();
    },
  };
}
