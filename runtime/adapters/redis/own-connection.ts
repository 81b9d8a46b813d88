// One connection to Redis that we own: settings that cannot hang, and reconnecting that the process can exit from.
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

/** TCP is up but the greeting is not answered: a hung server or a proxy without one. */
const GREETING_MS = 500;

class OwnConnection implements RedisConnection {
  readonly #plan: ConnectionPlan;
  #client: Redis | undefined;
  #started = false;
  #closed = false;
  #busy = false;
  #firstSettled = false;
  #failures = 0;
  #attemptAtMs = 0;
  /** Of the last attempt that ended. */
  #failure: BackendError | undefined;
  /** The attempt that runs has said why it will fail. */
  #isTold = false;
  /** Between two attempts. */
  #retry: NodeJS.Timeout | undefined;
  #greeting: NodeJS.Timeout | undefined;
  #isGathering = false;
  /** Greeted, and a master as far as we could see. */
  #isUsable = false;
  #wasReady = false;
  #isGarbled = false;
  /** The database was refused: what is connected is another one. */
  #isElsewhere = false;
  readonly #silence: SilenceWatch;
  readonly #changes = new WakeUp();
  readonly #backListeners = new Set<() => void>();
  readonly #leave: (() => void) | undefined;

  constructor(plan: ConnectionPlan) {
    this.#plan = plan;
    this.#silence = new SilenceWatch(plan.times.socketTimeoutMs, () => this.#drop());
    this.#leave = plan.finder?.onMove(({ host, port }) => {
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
    if (isAlone || this.#isGathering) return;
    const stream = this.#client?.stream;
    if (stream === undefined) return;
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

  onBack(listener: () => void): void {
    this.#backListeners.add(listener);
  }

  close(): void {
    this.#closed = true;
    this.#leave?.();
    clearTimeout(this.#retry);
    this.#retry = undefined;
    clearTimeout(this.#greeting);
    this.#silence.stop();
    this.#client?.disconnect();
    this.#changes.all();
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
    this.#changes.all();
  }

  #open(Client: typeof Redis): void {
    if (this.#closed) return;
    const client = new Client(clientOptions(this.#plan, () => this.#drop()));
    this.#client = client;
    client.on('error', (error: Error) => {
      const refused = refusedDatabase(error);
      this.#isElsewhere ||= refused !== undefined;
      this.#told(refused ?? classifyRedisError(error));
    });
    client.on('connect', () => {
      this.#watchGreeting();
      this.#watchFrames(client);
    });
    client.on('ready', () => {
      if (this.#isElsewhere) return this.#drop();
      return this.#plan.finder === undefined ? this.#onReady() : this.#checkRole(client);
    });
    client.on('end', () => this.#onEnd());
    this.#attempt(client);
  }

  #attempt(client: Redis): void {
    this.#attemptAtMs = performance.now();
    this.#isTold = false;
    this.#isElsewhere = false;
    const { finder } = this.#plan;
    if (finder === undefined) return this.#connect(client);
    finder.find().then(
      (place) => {
        if (this.#closed) return;
        Object.assign(client.options, addressOf(this.#plan.address, place));
        this.#connect(client);
      },
      (error: unknown) => {
        this.#told(classifyRedisError(error));
        this.#onEnd();
      },
    );
    return undefined;
  }

  #connect(client: Redis): void {
    // Why it failed arrives as `error` and `end`.
    client.connect().catch(() => undefined);
    if (this.#plan.isBackground === true) setImmediate(() => client.stream?.unref());
  }

  #drop(): void {
    this.#client?.stream?.destroy();
  }

  /** A Sentinel that has not heard of a failover yet names the old master, which may be a replica by now. */
  #checkRole(client: Redis): void {
    void isReplica(client).then((isOld) => {
      // Lost meanwhile: `end` has said so.
      if (client.status !== 'ready') return;
      if (!isOld) return this.#onReady();
      this.#told(new BackendError('transient', 'Sentinel named a server that is no master.'));
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
   * Stands before the library's parser, which would answer commands with what is not meant for them, and throws where
   * nobody can catch it when a reply comes that nobody waits for.
   */
  #watchFrames(client: Redis): void {
    const { stream } = client;
    const frames = new ReplyFrames();
    const parsers = stream.listeners('data') as ((chunk: Uint8Array) => void)[]; // what it gives to this event
    stream.removeAllListeners('data');
    this.#isGarbled = false;
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#isGarbled) return;
      if (frames.accept(chunk, client.commandQueue.length)) {
        for (const parse of parsers) parse.call(stream, chunk);
        return;
      }
      this.#isGarbled = true;
      stream.destroy();
    });
  }

  #onReady(): void {
    clearTimeout(this.#greeting);
    this.#failures = 0;
    this.#failure = undefined;
    this.#firstSettled = true;
    this.#isUsable = true;
    this.busy(this.#busy);
    this.#changes.all();
    if (this.#wasReady) for (const listener of this.#backListeners) listener();
    this.#wasReady = true;
  }

  #onEnd(): void {
    clearTimeout(this.#greeting);
    this.#isUsable = false;
    this.#firstSettled = true;
    this.#changes.all();
    // One that ends without a word is not refused because the one before was.
    if (!this.#isTold) this.#failure = undefined;
    if (this.#closed) return;
    const sinceMs = performance.now() - this.#attemptAtMs;
    const delayMs = retryDelayMs(this.#failures++, sinceMs, this.#failure?.kind === 'auth');
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#tryAgain(), delayMs).unref();
  }

  #told(failure: BackendError): void {
    this.#failure = failure;
    this.#isTold = true;
  }

  /** The last attempt was, and the next one has not begun. */
  #isRefused(): boolean {
    return this.#retry !== undefined && this.#failure?.kind === 'auth';
  }

  #tryAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#client !== undefined) this.#attempt(this.#client);
  }
}

/** What every operation after `close` rejects with. */
function closedError(): BackendError {
  return new BackendError('transient', 'The Redis backend is closed.');
}

/** Connects at first use, never before. */
export function openConnection(plan: ConnectionPlan): RedisConnection {
  return new OwnConnection(plan);
}
