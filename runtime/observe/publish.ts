// Events over node:diagnostics_channel: free when nobody listens.
import { channel, type Channel } from 'node:diagnostics_channel';
import type { CacheEvents } from './events.ts';

const channels = new Map<string, Channel>();

function channelOf(name: keyof CacheEvents): Channel {
  let found = channels.get(name);
  if (found === undefined) channels.set(name, (found = channel(name)));
  return found;
}

/** True when somebody listens: build a payload only then. */
export function isObserved(name: keyof CacheEvents): boolean {
  return channelOf(name).hasSubscribers;
}

/** A listener that throws does not reach the caller: node reports it as an uncaught exception of its own. */
export function publish<C extends keyof CacheEvents>(name: C, event: CacheEvents[C]): void {
  const target = channelOf(name);
  if (target.hasSubscribers) target.publish(event);
}

/** Listens to one channel. Returns stop. */
export function subscribe<C extends keyof CacheEvents>(
  name: C,
  listener: (event: CacheEvents[C]) => void,
): () => void {
  const onMessage = (message: unknown): void => listener(message as CacheEvents[C]); // the channel carries only this type
  channelOf(name).subscribe(onMessage);
  return () => channelOf(name).unsubscribe(onMessage);
}
