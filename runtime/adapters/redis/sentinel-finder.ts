// Finds the master by asking Sentinels, and subscribes to one of them to hear of failovers.
import type { Redis } from 'ioredis';
import { BackendError } from '../../backend/backend-error.ts';
import { classifyRedisError } from './classify-redis-error.ts';
import { clientOptions } from './client-options.ts';
import { loadClient } from './load-client.ts';
import type { MasterFinder, ServerPlace } from './master-finder.ts';
import { addressOf, type RedisLogin } from './redis-login.ts';
import { listOf, textOf, wholeOf } from './replies.ts';

/** Which master to find, and whom to ask. */
export interface SentinelPlan {
  /** At least one. */
  readonly sentinels: readonly ServerPlace[];
  readonly masterName: string;
  readonly login: RedisLogin;
}

/** How long connecting to a Sentinel and getting its answer may take together. */
const ANSWER_MS = 500;
/** Pause between attempts to subscribe. */
const LISTEN_AGAIN_MS = 1000;
const SWITCHED = '+switch-master';

class SentinelFinder implements MasterFinder {
  readonly #plan: SentinelPlan;
  readonly #listeners = new Set<(place: ServerPlace) => void>();
  /** Index of the Sentinel to ask first: the one that answered last, unless it was doubted. */
  #preferred = 0;
  #listenTo = 0;
  #listening: Redis | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #isClosed = false;

  constructor(plan: SentinelPlan) {
    this.#plan = plan;
  }

  async find(): Promise<ServerPlace> {
    const Client = await loadClient();
    if (!this.#isStarted && !this.#isClosed) this.#listen(Client);
    const { sentinels } = this.#plan;
    const failures: BackendError[] = [];
    for (let i = 0; i < sentinels.length; i++) {
      const at = (this.#preferred + i) % sentinels.length;
      try {
        const place = await this.#ask(new Client(this.#options(at)));
        this.#preferred = at;
        return place;
      } catch (error) {
        failures.push(classifyRedisError(error));
      }
    }
    const refused = failures.find(({ kind }) => kind === 'auth' || kind === 'permanent');
    throw refused ?? new BackendError('transient', 'No Sentinel can be reached.');
  }

  doubt(): void {
    this.#preferred = (this.#preferred + 1) % this.#plan.sentinels.length;
  }

  onMove(listener: (place: ServerPlace) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#listening?.disconnect();
  }

  #options(at: number): ReturnType<typeof clientOptions> {
    const sentinel = this.#plan.sentinels[at % this.#plan.sentinels.length];
    const times = { connectTimeoutMs: ANSWER_MS, socketTimeoutMs: ANSWER_MS };
    // There is at least one: a URL without servers is refused.
    return clientOptions({ address: addressOf(this.#plan.login, sentinel!), times });
  }

  async #ask(client: Redis): Promise<ServerPlace> {
    client.on('error', () => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const tell = (): void => reject(new BackendError('timeout', 'Sentinel did not answer in time.'));
      timer = setTimeout(tell, ANSWER_MS);
    });
    const answer = connect(client).then(() =>
      client.callBuffer('SENTINEL', 'get-master-addr-by-name', this.#plan.masterName),
    );
    try {
      const reply = await Promise.race([answer, late]);
      if (reply === null) throw new BackendError('permanent', 'Sentinel knows no master of that name.');
      const [host, port] = listOf(reply, 2);
      return { host: textOf(host), port: wholeOf(port) };
    } finally {
      clearTimeout(timer);
      answer.catch(() => undefined);
      client.disconnect();
    }
  }

  #listen(Client: typeof Redis): void {
    this.#isStarted = true;
    const client = new Client(this.#options(this.#listenTo++));
    this.#listening = client;
    client.on('error', () => undefined);
    client.on('message', (_channel: string, text: string) => this.#heard(text));
    client.on('end', () => {
      clearTimeout(this.#timer);
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#listen(Client), LISTEN_AGAIN_MS).unref();
    });
    // A Sentinel that accepts the connection and never answers is left for the next one.
    this.#timer = setTimeout(() => client.stream?.destroy(), 2 * ANSWER_MS).unref();
    connect(client)
      .then(() => client.subscribe(SWITCHED))
      .then(
        () => (clearTimeout(this.#timer), this.#catchUp()),
        () => client.disconnect(),
      )
      .catch(() => undefined);
    setImmediate(() => client.stream?.unref());
  }

  /** Asks for the master after a gap in the subscription, in which a failover may have been announced. */
  async #catchUp(): Promise<void> {
    if (this.#listenTo > 1) this.#tell(await this.find());
  }

  /** Handles a failover message: `name oldHost oldPort newHost newPort`. */
  #heard(text: string): void {
    const [name, , , host = '', port = ''] = text.split(' ');
    if (name === this.#plan.masterName && host !== '' && /^\d{1,5}$/.test(port))
      this.#tell({ host, port: Number(port) });
  }

  #tell(place: ServerPlace): void {
    for (const listener of this.#listeners) listener(place);
  }
}

/** Connects. Rejects with the last `error` event, because `connect` itself says only that the connection was closed. */
async function connect(client: Redis): Promise<void> {
  let why: Error | undefined;
  client.on('error', (error: Error) => (why = error));
  try {
    await client.connect();
  } catch (error) {
    throw why ?? error;
  }
}

/** Connects when first asked, not before. */
export function sentinelFinder(plan: SentinelPlan): MasterFinder {
  return new SentinelFinder(plan);
}
