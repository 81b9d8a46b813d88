// `subscribe()`: events, heard from the next call on.
import type { CacheEvents } from '../observe/events.ts';
import { subscribe as listen } from '../observe/publish.ts';
import { forgetTick } from './tick-clock.ts';

/** Listens to one channel (node:diagnostics_channel of the same name). Returns stop. */
export function subscribe<C extends keyof CacheEvents>(
  channel: C,
  listener: (event: CacheEvents[C]) => void,
): () => void {
  const stop = listen(channel, listener);
  // Fast hits say nothing; without this the first ones would be missed for up to 20 ms.
  forgetTick();
  return stop;
}
