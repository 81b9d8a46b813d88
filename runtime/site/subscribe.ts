// `subscribe()`: listens to events, starting with the very next call.
import type { CacheEvents } from '../observe/events.ts';
import { subscribe as listen } from '../observe/publish.ts';
import { forgetTick } from './tick-clock.ts';

/** Listens to one channel (the `node:diagnostics_channel` of the same name). Returns a function that stops it. */
export function subscribe<C extends keyof CacheEvents>(
  channel: C,
  listener: (event: CacheEvents[C]) => void,
): () => void {
  const stop = listen(channel, listener);
  // Fast hits publish nothing: without this, hits in the next 20 ms would go unheard.
  forgetTick();
  return stop;
}
