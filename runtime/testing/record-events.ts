// Keeps what one channel says, for tests that look at it afterwards.
import type { CacheEvents } from '../observe/events.ts';
import { subscribe } from '../site/subscribe.ts';

export interface RecordedEvents<C extends keyof CacheEvents> {
  /** Oldest first; grows until `stop`. */
  readonly events: CacheEvents[C][];
  stop(): void;
}

export function recordEvents<C extends keyof CacheEvents>(channel: C): RecordedEvents<C> {
  const events: CacheEvents[C][] = [];
  const stop = subscribe(channel, (event) => events.push(event));
  return { events, stop };
}
