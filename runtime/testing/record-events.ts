// Records the events of one channel, for tests to look at.
import type { CacheEvents } from '../observe/events.ts';
import { subscribe } from '../site/subscribe.ts';

/** A running recording. */
export interface RecordedEvents<C extends keyof CacheEvents> {
  /** Oldest first. Grows until `stop`. */
  readonly events: CacheEvents[C][];
  stop(): void;
}

/** Records from now on. */
export function recordEvents<C extends keyof CacheEvents>(channel: C): RecordedEvents<C> {
  const events: CacheEvents[C][] = [];
  const stop = subscribe(channel, (event) => events.push(event));
  return { events, stop };
}
