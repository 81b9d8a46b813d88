// One connection to Redis that we own: settings that cannot hang, and reconnecting that the process can exit from.
import type { Redis, RedisOptions } from 'ioredis';
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import { loadClient } from './load-client.ts';
import type { RedisLike } from './redis-like.ts';
import type { RedisAddress } from './redis-url.ts';
import { ReplyFrames } from './reply-frames.ts';
import { SilenceWatch } from './silence-watch.ts';

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
  /** Waits for the next time it is ready. Rejects only after `close`. */
  next(): Promise<RedisLike>;
  /** Commands are waiting: the process must stay alive for their answers, and only then. */
  busy(isBusy: boolean): void;
  /** A command is about to be given: all of this turn leave in one write. */
  sending(): void;
  /** A command has ended, well or not. False: answers and commands no longer belong together, this one is not to be used. */
  answered(): boolean;
  /** Nobody waits any more for a command that was given `ageMs` ago and has not ended. */
  gaveUp(ageMs: number): void;
  close(): void;
}

/** Reconnect attempts start this far apart, so a healed server is found within a second. */
const BACKOFF_MS = { first: 50, most: 1000 };
/** TCP is up but the greeting is not answered: a hung server or a proxy without one. */
const GREETING_MS = 500;

function clientOptions(address: RedisAddress, times: ConnectionTimes) {
  return {
    ...address,
    lazyConnect: true,
    connectTimeout: times.connectTimeoutMs,
    disconnectTimeout: 200,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // Its INFO needs a permission, prints to the console without it, and waits through LOADING; commands then fail fast.
    enableReadyCheck: false,
    keepAlive: 5000,
    // Not `enableAutoPipelining`: it costs a turn of the event loop and objects per command; see `sending`.
    // Nor `commandTimeout` and `socketTimeout`, which are timers per command: see SilenceWatch.
    // Reconnecting is ours: the library's timer would keep the process alive.
    retryStrategy: () => null,
    reconnectOnError: (error) => (/^(READONLY|MASTERDOWN)/.test(error.message) ? 1 : false),
  } as const satisfies RedisOptions;
}

class OwnConnection implements RedisConnection {
  readonly #address: RedisAddress;
  readonly #times: ConnectionTimes;
  #client: Redis | undefined;
  #started = false;
  #closed = false;
  #busy = false;
  #firstSettled = false;
  #failures = 0;
  #attemptAtMs = 0;
  #failure: BackendError | undefined;
  #retry: NodeJS.Timeout | undefined;
  #greeting: NodeJS.Timeout | undefined;
  #isGathering = false;
  #isGarbled = false;
  readonly #silence: SilenceWatch;
  readonly #waiting = new Set<() => void>();

  constructor(address: RedisAddress, times: ConnectionTimes) {
    this.#address = address;
    this.#times = times;
    this.#silence = new SilenceWatch(times.socketTimeoutMs, () => this.#client?.stream?.destroy());
  }

  ready(): RedisLike | undefined {
    return this.#client?.status === 'ready' ? this.#client : undefined;
  }

  isStarted(): boolean {
    return this.#started && !this.#closed;
  }

  async first(): Promise<RedisLike> {
    this.#start();
    while (!this.#closed && this.ready() === undefined && !this.#firstSettled) await this.#change();
    const client = this.ready();
    if (client !== undefined) return client;
    throw this.#closed
      ? closedError()
      : (this.#failure ?? new BackendError('transient', 'Redis is not connected.'));
  }

  async next(): Promise<RedisLike> {
    this.#start();
    for (;;) {
      if (this.#closed) throw closedError();
      const client = this.ready();
      if (client !== undefined) return client;
      await this.#change();
    }
  }

  busy(isBusy: boolean): void {
    this.#busy = isBusy;
    const stream = this.#client?.stream;
    if (isBusy) stream?.ref();
    else stream?.unref();
  }

  sending(): void {
    this.#silence.sent();
    const stream = this.#client?.stream;
    if (this.#isGathering || stream === undefined) return;
    this.#isGathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#isGathering = false;
      stream.uncork();
    });
  }

  answered(): boolean {
    this.#silence.answered();
    return !this.#isGarbled;
  }

  gaveUp(ageMs: number): void {
    this.#silence.gaveUp(ageMs);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#greeting);
    this.#silence.stop();
    this.#client?.disconnect();
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    loadClient().then(
      (Client) => this.#open(Client),
      () => this.#giveUp(new BackendError('permanent', 'The package ioredis cannot be loaded.')),
    );
  }

  #giveUp(failure: BackendError): void {
    this.#failure = failure;
    this.#firstSettled = true;
    this.#changed();
  }

  #open(Client: typeof Redis): void {
    if (this.#closed) return;
    const client = new Client(clientOptions(this.#address, this.#times));
    this.#client = client;
    client.on('error', (error: Error) => {
      this.#failure = classifyRedisError(error);
    });
    client.on('connect', () => {
      this.#watchGreeting(client);
      this.#watchFrames(client);
    });
    client.on('ready', () => this.#onReady());
    client.on('end', () => this.#onEnd());
    this.#attempt();
  }

  #attempt(): void {
    this.#attemptAtMs = performance.now();
    // Why it failed arrives as `error` and `end`.
    this.#client?.connect().catch(() => undefined);
  }

  #watchGreeting(client: Redis): void {
    clearTimeout(this.#greeting);
    this.#greeting = setTimeout(() => {
      if (client.status === 'connect') client.stream.destroy();
    }, GREETING_MS).unref();
  }

  /** Promises of commands settle after all listeners: what a garbled chunk answers is not believed. */
  #watchFrames({ stream }: Redis): void {
    const frames = new ReplyFrames();
    this.#isGarbled = false;
    stream.prependListener('data', (chunk: Uint8Array) => {
      if (this.#isGarbled || frames.accept(chunk)) return;
      this.#isGarbled = true;
      stream.destroy();
    });
  }

  #onReady(): void {
    clearTimeout(this.#greeting);
    this.#failures = 0;
    this.#failure = undefined;
    this.#firstSettled = true;
    this.busy(this.#busy);
    this.#changed();
  }

  #onEnd(): void {
    clearTimeout(this.#greeting);
    this.#firstSettled = true;
    this.#changed();
    if (this.#closed) return;
    const backoffMs = Math.min(BACKOFF_MS.first * 2 ** Math.min(this.#failures++, 6), BACKOFF_MS.most);
    const dueMs = this.#attemptAtMs + backoffMs * (0.5 + Math.random() / 2);
    clearTimeout(this.#retry);
    // A refused password does not heal by asking again: once in 30 s is enough and does not fill the server's log.
    const delayMs =
      this.#failure?.kind === 'auth' ? 30_000 : Math.max(BACKOFF_MS.first, dueMs - performance.now());
    this.#retry = setTimeout(() => this.#attempt(), delayMs).unref();
  }
}

/** What every operation after `close` rejects with. */
function closedError(): BackendError {
  return new BackendError('transient', 'The Redis backend is closed.');
}

/** Connects at first use, never before. */
export function openConnection(address: RedisAddress, times: ConnectionTimes): RedisConnection {
  return new OwnConnection(address, times);
}
