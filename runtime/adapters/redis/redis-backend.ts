// Backend port on Redis: GET, SET PX, UNLINK, PING. An aborted operation rejects at once, whatever the socket does.
import { Abandonment } from '../../backend/abandonment.ts';
import type { Backend } from '../../backend/backend.ts';
import { BackendError } from '../../backend/backend-error.ts';
import { describePool } from '../../backend/connection-pool.ts';
import { describeQuickGet } from '../../backend/quick-reads.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisLike } from './redis-like.ts';

/** Commands given up by their callers whose replies are still owed; more mean a peer that takes and never answers. */
const MOST_ABANDONED = 200;

/** Runs what a signal may end: rejects when it aborts, else as the work does; the work's late outcome is ignored. */
function untilAborted<T>(signal: AbortSignal, run: (abandonment: Abandonment) => Promise<T>): Promise<T> {
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

/** Sends commands on one connection and knows how many replies it owes. */
class Lane {
  readonly #connection: RedisConnection;
  #unanswered = 0;
  #abandoned = 0;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** The signal ends the wait, not the command. */
  run<T>(signal: AbortSignal, patient: boolean, send: (client: RedisLike) => Promise<T>): Promise<T> {
    return untilAborted(signal, (abandonment) => this.send(abandonment, patient, send));
  }

  /** Does not end with its being given up. Rejects with BackendError. */
  send<T>(abandonment: Abandonment, patient: boolean, send: (client: RedisLike) => Promise<T>): Promise<T> {
    if (this.#abandoned >= MOST_ABANDONED) {
      return Promise.reject(new BackendError('transient', 'Redis owes too many replies.'));
    }
    const client = this.#connection.ready();
    if (client !== undefined) return this.#command(abandonment, client, send);
    const connecting = patient ? this.#connection.next() : this.#connection.first();
    return connecting.then((connected) => {
      // Nobody wants the answer any more: the command need not be sent.
      if (abandonment.isGivenUp) throw new BackendError('timeout', 'Redis was not connected in time.');
      return this.#command(abandonment, connected, send);
    });
  }

  /** undefined: not begun, or closed. */
  get state(): 'connecting' | 'idle' | 'busy' | undefined {
    if (!this.#connection.isStarted()) return undefined;
    if (this.#connection.ready() === undefined) return 'connecting';
    return this.#unanswered > 0 ? 'busy' : 'idle';
  }

  close(): void {
    this.#connection.close();
  }

  #command<T>(
    abandonment: Abandonment,
    client: RedisLike,
    send: (client: RedisLike) => Promise<T>,
  ): Promise<T> {
    let isOwed = true;
    if (this.#unanswered++ === 0) this.#connection.busy(true);
    const sentAtMs = performance.now();
    abandonment.onGivenUp(() => {
      if (!isOwed) return;
      this.#abandoned++;
      this.#connection.gaveUp(performance.now() - sentAtMs);
    });
    const settle = (): boolean => {
      isOwed = false;
      if (abandonment.isGivenUp) this.#abandoned--;
      if (--this.#unanswered === 0) this.#connection.busy(false);
      return this.#connection.answered();
    };
    this.#connection.sending();
    return started(client, send).then(
      (value) => {
        if (settle()) return value;
        throw new BackendError('transient', 'The answers of Redis are garbled.');
      },
      (error: unknown) => {
        settle();
        throw classifyRedisError(error);
      },
    );
  }
}

/** A client that throws instead of rejecting is a failure like any other. */
function started<T>(client: RedisLike, send: (client: RedisLike) => Promise<T>): Promise<T> {
  try {
    return Promise.resolve(send(client));
  } catch (error) {
    return Promise.reject(classifyRedisError(error));
  }
}

/** The same key always takes the same connection: a read never overtakes the write before it. */
function laneOf(lanes: readonly Lane[], key: string): Lane {
  const at = lanes.length === 1 ? 0 : key.charCodeAt(key.length - 2) % lanes.length;
  return lanes[Number.isNaN(at) ? 0 : at]!; // between 0 and length - 1, and there is at least one
}

/** Redis expects whole milliseconds and at least one. */
function wholeMs(ttlMs: number): number {
  if (!(ttlMs > 0) || !Number.isFinite(ttlMs))
    throw new BackendError('permanent', 'An entry needs a finite ttl above 0.');
  return Math.max(1, Math.round(ttlMs));
}

/** Pooled slices of other buffers are sent as they are; nothing is copied. */
function asBuffer(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** At least one connection. `ping` waits for the connection to come back until its signal; all else fails fast. */
export function createRedisBackend(connections: readonly RedisConnection[]): Backend {
  const lanes = connections.map((connection) => new Lane(connection));
  const run = <T>(key: string, signal: AbortSignal, send: (client: RedisLike) => Promise<T>): Promise<T> =>
    laneOf(lanes, key).run(signal, false, send);
  const backend: Backend = {
    name: 'redis',
    async get(key, signal) {
      const value = await run(key, signal, (client) => client.getBuffer(key));
      return value ?? undefined;
    },
    async set(key, value, ttlMs, signal) {
      const pxMs = wholeMs(ttlMs);
      await run(key, signal, (client) => client.set(key, asBuffer(value), 'PX', pxMs));
    },
    async delete(key, signal) {
      await run(key, signal, (client) => client.unlink(key));
    },
    async ping(signal) {
      await Promise.all(lanes.map((lane) => lane.run(signal, true, (client) => client.ping())));
    },
    close() {
      for (const lane of lanes) lane.close();
      return Promise.resolve();
    },
  };
  describeQuickGet(backend, (key, abandonment) =>
    laneOf(lanes, key).send(abandonment, false, (client) => client.getBuffer(key)),
  );
  describePool(backend, () => {
    const states = lanes.map((lane) => lane.state);
    return {
      createdConnections: states.filter((state) => state !== undefined).length,
      availableConnections: states.filter((state) => state === 'idle').length,
      inUseConnections: states.filter((state) => state === 'busy').length,
    };
  });
  return backend;
}
