// Gives commands to a client by its own methods where it has them: with automatic pipelining on, `callBuffer` of
// ioredis 6 forgets which command it was for.
import type { RedisLike } from './redis-like.ts';

export function byName(client: RedisLike): RedisLike {
  const methods = client as unknown as Readonly<Record<string, unknown>>; // checked before it is called
  return {
    get status() {
      return client.status;
    },
    on: (event, listener) => client.on(event, listener),
    duplicate: () => client.duplicate(),
    disconnect: () => client.disconnect(),
    callBuffer(command, ...args) {
      const method = methods[`${command.toLowerCase()}Buffer`];
      if (typeof method !== 'function') return client.callBuffer(command, ...args);
      return Reflect.apply(method, client, args) as unknown;
    },
  };
}
