// Sends commands through the client's method for each command where it has one: with automatic pipelining, `callBuffer`
// of ioredis 6 loses the name of the command.
import type { RedisLike } from './redis-like.ts';

/** The same client, with a `callBuffer` that prefers `getBuffer`, `setBuffer` and so on. */
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
