// Publishes events over node:diagnostics_channel, which costs nothing when nobody listens.
import type { Channel } from 'node:diagnostics_channel';
import type { CacheEvents, InternalEvents } from './events.ts';

type Channels = CacheEvents & InternalEvents;

/** Not imported: see `value/node-types.ts`. */
export const { channel } = process.getBuiltinModule('node:diagnostics_channel');

const channels = new Map<string, Channel>();

function channelOf(name: keyof Channels): Channel {
  let found = channels.get(name);
  if (found === undefined) channels.set(name, (found = channel(name)));
  return found;
}

/** Whether somebody listens. Build a payload only then. */
export function isObserved(name: keyof Channels): boolean {
  return channelOf(name).hasSubscribers;
}

/** An error of a listener does not reach the caller: Node reports it as an uncaught exception. */
export function publish<C extends keyof Channels>(name: C, event: Channels[C]): void {
  const target = channelOf(name);
  if (target.hasSubscribers) target.publish(event);
}

/** Listens to one channel. Returns a function that removes the listener. */
export function subscribe<C extends keyof Channels>(
  name: C,
  listener: (event: Channels[C]) => void,
): () => void {
  const onMessage = (message: unknown): void => listener(message as Channels[C]); // the channel carries only this type
  channelOf(name).subscribe(onMessage);
  return () => channelOf(name).unsubscribe(onMessage);
}
