// A connection to Redis that we own: it cannot hang, and reconnecting does not keep the process alive.
import type { Redis } from 'ioredis';
import { BackendError } from '../../backend/backend-error.ts';
import { retryDelayMs } from './backoff.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import { clientOptions, type ConnectionPlan } from './client-options.ts';
import { loadClient } from './load-client.ts';
import { isReplica } from './master-finder.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisLike } from './redis-like.ts';
import { addressOf } from './redis-login.ts';
import { refusedDatabase } from './refused-database.ts';
import { ReplyFrames } from './reply-frames.ts';
import { SilenceWatch } from './silence-watch.ts';
import { WakeUp } from './wake-up.ts';

/** How long a server may take to answer the greeting after TCP is up: it may hang, or be a proxy without a server. */
const GREETING_MS = 500;

class OwnConnection implements RedisConnection {
  readonly #plan: ConnectionPlan;
  #client: Redis | undefined;
  #started = false;
  #closed = false;
  #busy = false;
  /** The very first attempt has ended, well or not. */
  #firstSettled = false;
  /** Failed attempts since the connection was last ready. */
  #failures = 0;
  #attemptAtMs = 0;
  /** Why the last attempt failed. */
  #failure: BackendError | undefined;
  /** The present attempt has reported why it fails. */
  #hasReported = false;
  /** Set between two attempts. */
  #retry: NodeJS.Timeout | undefined;
  #greeting: NodeJS.Timeout | undefined;
  /** The socket is corked until the end of this turn. */
  #isCorked = false;
  /** The greeting is done, and the server is a master as far as we could see. */
  #isUsable = false;
  #wasReady = false;
  /** The stream of replies is out of step. */
  #isGarbled = false;
  /** SELECT was refused, so the connection is to another database. */
  #isWrongDatabase = false;
  readonly #silence: SilenceWatch;
  readonly #changes = new WakeUp();
  readonly #backListeners = new Set<() => void>();
  readonly #stopListening: (() => void) | undefined;

  constructor(plan: ConnectionPlan) {
    this.#plan = plan;
    this.#silence = new SilenceWatch(plan.times.socketTimeoutMs, () => this.#drop());
    this.#stopListening = plan.finder?.onMove(({ host, port }) => {
      const now = this.#client?.options;
      if (now?.host !== host || now.port !== port) this.#drop();
    });
  }

  ready(): RedisLike | undefined {
    return this.#isUsable && this.#client?.status === 'ready' ? this.#client : undefined;
  }

  isStarted(): boolean {
    return this.#started && !this.#closed;
  }

  async first(): Promise<RedisLike> {
    this.#start();
    while (!this.#closed && this.ready() === undefined && !this.#firstSettled) await this.#changes.next();
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
      if (this.#isRefused()) throw this.#failure ?? closedError();
      await this.#changes.next();
    }
  }

  retryRefused(): void {
    if (this.#isRefused()) this.#tryAgain();
  }

  busy(isBusy: boolean): void {
    this.#busy = isBusy;
    const stream = this.#client?.stream;
    if (isBusy && this.#plan.isBackground !== true) stream?.ref();
    else stream?.unref();
  }

  sending(isAlone: boolean): void {
    this.#silence.sent();
    if (isAlone || this.#isCorked) return;
    const stream = this.#client?.stream;
    if (stream === undefined) return;
    this.#isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }

  outOfStep(): void {
    this.#isGarbled = true;
    this.#drop();
  }

  answered(): boolean {
    this.#silence.answered();
    return !this.#isGarbled;
  }

  gaveUp(ageMs: number): void {
    this.#silence.gaveUp(ageMs);
  }

  onBack(listener: () => void): void {
    this.#backListeners.add(listener);
  }

  close(): void {
    this.#closed = true;
    this.#stopListening?.();
    clearTimeout(this.#retry);
    this.#retry = undefined;
    clearTimeout(this.#greeting);
    this.#silence.stop();
    this.#client?.disconnect();
    this.#changes.wakeAll();
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    loadClient().then(
      (Client) => this.#open(Client),
      () => this.#notLoaded(new BackendError('permanent', 'The package ioredis cannot be loaded.')),
    );
  }

  #notLoaded(failure: BackendError): void {
    this.#failure = failure;
    this.#firstSettled = true;
    this.#changes.wakeAll();
  }

  #open(Client: typeof Redis): void {
    if (this.#closed) return;
    const client = new Client(clientOptions(this.#plan, () => this.#drop()));
    this.#client = client;
    client.on('error', (error: Error) => {
      const refused = refusedDatabase(error);
      this.#isWrongDatabase ||= refused !== undefined;
      this.#report(refused ?? classifyRedisError(error));
    });
    client.on('connect', () => {
      this.#watchGreeting();
      this.#watchFrames(client);
    });
    client.on('ready', () => {
      if (this.#isWrongDatabase) return this.#drop();
      return this.#plan.finder === undefined ? this.#onReady() : this.#checkRole(client);
    });
    client.on('end', () => this.#onEnd());
    this.#attempt(client);
  }

  #attempt(client: Redis): void {
    this.#attemptAtMs = performance.now();
    this.#hasReported = false;
    this.#isWrongDatabase = false;
    const { finder } = this.#plan;
    if (finder === undefined) return this.#connect(client);
    finder.find().then(
      (place) => {
        if (this.#closed) return;
        Object.assign(client.options, addressOf(this.#plan.address, place));
        this.#connect(client);
      },
      (error: unknown) => {
        this.#report(classifyRedisError(error));
        this.#onEnd();
      },
    );
    return undefined;
  }

  #connect(client: Redis): void {
    // A failure is handled by the `error` and `end` listeners.
    client.connect().catch(() => undefined);
    if (this.#plan.isBackground === true) setImmediate(() => client.stream?.unref());
  }

  #drop(): void {
    this.#client?.stream?.destroy();
  }

  /** A Sentinel that has not heard of a failover still names the old master, which may be a replica by now. */
  #checkRole(client: Redis): void {
    void isReplica(client).then((isDemoted) => {
      // Lost meanwhile, which the `end` listener has handled.
      if (client.status !== 'ready') return;
      if (!isDemoted) return this.#onReady();
      this.#report(new BackendError('transient', 'Sentinel named a server that is no master.'));
      this.#plan.finder?.doubt();
      this.#drop();
    });
  }

  #watchGreeting(): void {
    clearTimeout(this.#greeting);
    this.#greeting = setTimeout(() => {
      if (!this.#isUsable) this.#drop();
    }, GREETING_MS).unref();
  }

  /**
   * Checks the stream of replies before the parser of the library sees it. When replies get out of step, the library
   * would resolve commands with replies to others, and it throws an uncaught error for a reply to no command.
   */
  #watchFrames(client: Redis): void {
    const { stream } = client;
    const frames = new ReplyFrames();
    const parsers = stream.listeners('data') as ((chunk: Uint8Array) => void)[]; // `data` events carry chunks
    stream.removeAllListeners('data');
    this.#isGarbled = false;
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#isGarbled) return;
      if (frames.accept(chunk, client.commandQueue.length)) {
        for (const parse of parsers) parse.call(stream, chunk);
        return;
      }
      this.outOfStep();
    });
  }

  #onReady(): void {
    clearTimeout(this.#greeting);
    this.#failures = 0;
    this.#failure = undefined;
    this.#firstSettled = true;
    this.#isUsable = true;
    this.busy(this.#busy);
    this.#changes.wakeAll();
    if (this.#wasReady) for (const listener of this.#backListeners) listener();
    this.#wasReady = true;
  }

  #onEnd(): void {
    clearTimeout(this.#greeting);
    this.#isUsable = false;
    this.#firstSettled = true;
    this.#changes.wakeAll();
    // The failure of an earlier attempt does not explain one that ended without an error.
    if (!this.#hasReported) this.#failure = undefined;
    if (this.#closed) return;
    const sinceMs = performance.now() - this.#attemptAtMs;
    const delayMs = retryDelayMs(this.#failures++, sinceMs, this.#failure?.kind === 'auth');
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#tryAgain(), delayMs).unref();
  }

  #report(failure: BackendError): void {
    this.#failure = failure;
    this.#hasReported = true;
  }

  /** The login was refused by the last attempt, and the next attempt has not begun. */
  #isRefused(): boolean {
    return this.#retry !== undefined && this.#failure?.kind === 'auth';
  }

  #tryAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#client !== undefined) this.#attempt(this.#client);
  }
}

/** The error of every operation after `close`. */
function closedError(): BackendError {
  return new BackendError('transient', 'The Redis backend is closed.');
}

/** Connects at the first command, not before. */
export function openConnection(plan: ConnectionPlan): RedisConnection {
  return new OwnConnection(plan);
}
