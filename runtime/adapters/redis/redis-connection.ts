// Port: one connection to Redis, ours or the application's, as those who send commands see it.
import type { RedisLike } from './redis-like.ts';

/** Times in ms. */
export interface ConnectionTimes {
  /** Opening the TCP (and TLS) connection is given up. Default 1000. */
  readonly connectTimeoutMs: number;
  /** A socket on which commands wait and nothing arrives is closed. Default 1000. */
  readonly socketTimeoutMs: number;
}

export interface RedisConnection {
  /** The client, when it can take a command at once. */
  ready(): RedisLike | undefined;
  /** It has begun to connect and is not closed. */
  isStarted(): boolean;
  /** Waits for the very first attempt only; afterwards it is ready or says why not. Rejects with BackendError. */
  first(): Promise<RedisLike>;
  /** Waits for the next time it is ready. Rejects with BackendError after `close`, and when the login is refused. */
  next(): Promise<RedisLike>;
  /** A login that was refused is tried again now, not when its time has come. */
  retryRefused(): void;
  /** Commands are waiting: the process must stay alive for their answers, and only then. */
  busy(isBusy: boolean): void;
  /**
   * A command is about to be given. `isAlone`: no other waits, so it leaves at once; all others of this turn leave in one
   * write, at its end.
   */
  sending(isAlone: boolean): void;
  /** A command has ended, well or not. False: answers and commands no longer belong together, this one is not to be used. */
  answered(): boolean;
  /** Nobody waits any more for a command that was given `ageMs` ago and has not ended. */
  gaveUp(ageMs: number): void;
  /** Called when it was lost and is ready again: the server may be another one, or have lost what it knew. */
  onBack(listener: () => void): void;
  close(): void;
}
