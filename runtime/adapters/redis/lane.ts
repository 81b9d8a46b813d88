// Sends commands on one connection and counts the replies that are still due. An aborted operation rejects at once,
// whatever the socket does.
import { Abandonment } from '../../backend/abandonment.ts';
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisLike } from './redis-like.ts';
import { checkPong, replyAs, UnexpectedReply } from './replies.ts';

/** Most replies due to callers that gave up. More mean that the server accepts commands and never answers. */
const MOST_ABANDONED = 200;

/**
 * Gives one or more commands to a client and returns the result or a promise of it. Throws UnexpectedReply for a reply
 * that does not fit its command.
 */
export type Send<T> = (client: RedisLike) => T | Promise<T>;

/** undefined: not started, or closed. */
export type LaneState = 'connecting' | 'idle' | 'busy' | undefined;

/**
 * Runs work that a signal can abort: rejects with BackendError on abort, else settles as the work does. An outcome
 * after the abort is ignored.
 */
export function untilAborted<T>(
  signal: AbortSignal,
  run: (abandonment: Abandonment) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted)
      return reject(new BackendError('timeout', 'The operation was aborted before it began.'));
    const abandonment = new Abandonment();
    const onAbort = (): void => {
      abandonment.giveUp();
      reject(new BackendError('timeout', 'Redis did not answer in time.'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const end = (): void => signal.removeEventListener('abort', onAbort);
    run(abandonment).then(
      (value) => (end(), resolve(value)),
      (error: unknown) => (end(), reject(classifyRedisError(error))),
    );
    return undefined;
  });
}

/** One connection, with the number of commands that wait on it. */
export class Lane {
  readonly #connection: RedisConnection;
  #unanswered = 0;
  #abandoned = 0;
  #pings = 0;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /**
   * `patient`: waits for a connection however long it takes; else only for the very first attempt. A command that was
   * sent is awaited even after it was given up. Rejects with BackendError.
   */
  send<T>(abandonment: Abandonment, patient: boolean, send: Send<T>): Promise<T> {
    if (this.#abandoned >= MOST_ABANDONED) {
      return Promise.reject(new BackendError('transient', 'Redis owes too many replies.'));
    }
    const client = this.#connection.ready();
    if (client !== undefined) return this.#command(abandonment, client, send);
    const connecting = patient ? this.#connection.next() : this.#connection.first();
    return connecting.then((connected) => {
      // The caller is gone: the command need not be sent.
      if (abandonment.isGivenUp) throw new BackendError('timeout', 'Redis was not connected in time.');
      return this.#command(abandonment, connected, send);
    });
  }

  /**
   * One round trip, as soon as there is a connection. Tries a refused login again, since pings are rare. Each has a
   * text of its own, so that it cannot be answered by the reply to another.
   */
  ping(abandonment: Abandonment): Promise<void> {
    this.#connection.retryRefused();
    const text = `cachekit ${++this.#pings}`;
    return this.send(abandonment, true, (client) =>
      replyAs(client.callBuffer('PING', text), (reply) => checkPong(reply, text)),
    );
  }

  get state(): LaneState {
    if (!this.#connection.isStarted()) return undefined;
    if (this.#connection.ready() === undefined) return 'connecting';
    return this.#unanswered > 0 ? 'busy' : 'idle';
  }

  /** Called when the connection was lost and is ready again. */
  onBack(listener: () => void): void {
    this.#connection.onBack(listener);
  }

  close(): void {
    this.#connection.close();
  }

  #command<T>(abandonment: Abandonment, client: RedisLike, send: Send<T>): Promise<T> {
    let isOwed = true;
    const isAlone = this.#unanswered++ === 0;
    if (isAlone) this.#connection.busy(true);
    const sentAtMs = performance.now();
    abandonment.onGivenUp(() => {
      if (!isOwed) return;
      this.#abandoned++;
      this.#connection.gaveUp(performance.now() - sentAtMs);
    });
    this.#connection.sending(isAlone);
    return started(client, send).then(
      (value) => {
        isOwed = false;
        if (this.#settle(abandonment)) return value;
        throw new BackendError('transient', 'The answers of Redis are garbled.');
      },
      (error: unknown) => {
        isOwed = false;
        if (error instanceof UnexpectedReply) this.#connection.outOfStep();
        this.#settle(abandonment);
        throw classifyRedisError(error);
      },
    );
  }

  /** False: replies can no longer be matched to commands. */
  #settle(abandonment: Abandonment): boolean {
    if (abandonment.isGivenUp) this.#abandoned--;
    if (--this.#unanswered === 0) this.#connection.busy(false);
    return this.#connection.answered();
  }
}

/** Rejects also if the client throws. */
function started<T>(client: RedisLike, send: Send<T>): Promise<T> {
  try {
    return Promise.resolve(send(client));
  } catch (error) {
    return Promise.reject(classifyRedisError(error));
  }
}

/**
 * Spreads keys over connections. The same key always takes the same one, so a read never overtakes the write before it.
 */
export function laneOf(lanes: readonly Lane[], key: string): Lane {
  if (lanes.length === 1) return lanes[0]!; // there is at least one
  // A stored name ends in a digest and `}`. The digest's last character has only 16 values; those before it have 64.
  // 131 is a prime, so that no number of connections makes it 0.
  const at = (131 * key.charCodeAt(key.length - 3) + key.charCodeAt(key.length - 4)) % lanes.length;
  return lanes[Number.isNaN(at) ? 0 : at]!; // from 0 to length - 1; NaN: the key is too short
}
