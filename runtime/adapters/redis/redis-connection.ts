// Port: one connection to Redis, owned by us or by the application, as the sender of commands (Lane) sees it.
import type { RedisLike } from './redis-like.ts';

/** Times in ms. */
export interface ConnectionTimes {
  /** How long opening the TCP (and TLS) connection may take. Default 1000. */
  readonly connectTimeoutMs: number;
  /** A socket is closed when commands wait on it and nothing arrives for this long. Default 1000. */
  readonly socketTimeoutMs: number;
}

/** A connection that reconnects by itself. */
export interface RedisConnection {
  /** The client, if it can take a command now. */
  ready(): RedisLike | undefined;
  /** The connection has begun to connect and is not closed. */
  isStarted(): boolean;
  /** Waits for the very first attempt only: later it resolves or rejects at once. Rejects with BackendError. */
  first(): Promise<RedisLike>;
  /** Waits until the connection is ready. Rejects with BackendError after `close`, and while the login is refused. */
  next(): Promise<RedisLike>;
  /** Tries a refused login again now instead of after the usual delay. */
  retryRefused(): void;
  /** Says whether commands wait for replies: only then the connection keeps the process alive. */
  busy(isBusy: boolean): void;
  /**
   * Called before a command is given to the client. `isAlone`: no other command waits, so this one is sent at once. All
   * others of this turn are sent in one write at its end.
   */
  sending(isAlone: boolean): void;
  /** Called when a reply did not fit its command. Closes the connection, unless the application owns it. */
  outOfStep(): void;
  /** Called when a command has ended, well or not. False: replies are out of step, so this one must not be used. */
  answered(): boolean;
  /** Called when the caller of a command gave up `ageMs` after it was sent, without a reply. */
  gaveUp(ageMs: number): void;
  /** Called when the connection was lost and is ready again: the server may be another one, or have lost its data. */
  onBack(listener: () => void): void;
  close(): void;
}
