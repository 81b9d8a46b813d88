// Some processes with the whole engine, one store, one truth, and the judge of every answer that a caller gets.
import { manualClock, type ManualClock } from '../../../runtime/testing/index.ts';
import type { User } from '../site/hand-written.ts';
import type { Engine } from './engine-copies.ts';
import { openEngine } from './engine-copies.ts';
import { after, ByteStore, UnreliableBackend, type Deliver } from './unreliable-backend.ts';

const PROCESSES = 3;
export const KEYS = [0, 1, 2] as const;
export const TTL_MS = 20_000;
/** One budget for all of the second tier, and what is around it. */
const CALL_MS = 300;
/** For another process that runs the same. */
const LOCK_WAIT_MS = 5000;
const LONGEST_RUN_MS = 60;
/** Between the beginning of a run and what its entry counts from, a tick of memory, two clocks. */
const TTL_SLACK_MS = 300;
const CLOSE_MS = 1000;
/** To ask everybody for everything, runs included. */
const ASK_MS = 500;
/** What a failover lost is invalidated again by then, and what is old would still be there: less than the ttl. */
const QUIET_MS = 15_000;

/** What must hold besides what always holds. */
export interface Kept {
  /** How long after its acknowledgement another process may serve what was invalidated, ms. Absent: not said. */
  readonly staleMs?: number;
}

export interface WorldOptions {
  /** Of the engine, built. */
  readonly text: string;
  readonly seed: number;
  readonly kept: Kept;
  /** 0 to 1: messages that are lost. */
  readonly loss01?: number;
  /** Rules of the store that are absent, or narrower. */
  readonly store?: Partial<Pick<ByteStore, 'isWithoutLease' | 'mostGroups'>>;
  /** Decides when messages arrive. Default: after 0 to 14 ms. */
  readonly deliver?: Deliver;
}

/** What the function throws. */
export class OwnError extends Error {}

interface Process {
  readonly engine: Engine;
  readonly backend: UnreliableBackend;
  readonly near: (key: number) => Promise<User>;
  readonly far: (key: number) => Promise<User>;
  /** By key: the version that it made out of date itself. */
  readonly own: Map<number, number>;
  skewMs: number;
  isDead: boolean;
}

export type What = 'key' | 'tag' | 'function' | 'namespace';

/** Numbers from 0 to below 1, always the same for a seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export class World {
  readonly clock: ManualClock = manualClock();
  readonly store: ByteStore;
  readonly processes: Process[] = [];
  /** What was seen that must not be, in words. */
  readonly broken: string[] = [];
  readonly #options: WorldOptions;
  readonly #random: () => number;
  #deliver: Deliver;
  readonly #versions = new Map<number, number>();
  /** By key: when version [v] was replaced by the next one. */
  readonly #replacedMs = new Map<number, number[]>();
  /** By key: versions whose predecessors were invalidated, and since when that is acknowledged. */
  readonly #acked: { readonly key: number; readonly version: number; readonly atMs: number }[] = [];
  /** By key: the version that the last invalidation made visible. */
  readonly #invalidated = new Map<number, number>();
  readonly #open = new Set<string>();
  readonly #failing = new Set<number>();
  #hasFailed = false;
  #slowMs: number | undefined;
  #slowestMs = LONGEST_RUN_MS;
  #runs = 0;
  readonly #ranAtMs: number[] = [];

  private constructor(options: WorldOptions) {
    this.#options = options;
    const { seed, loss01 = 0 } = options;
    this.#random = numbers(seed);
    this.store = Object.assign(new ByteStore({ clock: this.clock }), options.store);
    const lostOr = (): number | undefined =>
      this.#random() < loss01 ? undefined : Math.floor(this.#random() * 15);
    this.#deliver = options.deliver ?? (() => after(this.clock, lostOr()));
  }

  static async create(options: WorldOptions): Promise<World> {
    const world = new World(options);
    for (let at = 0; at < PROCESSES; at++) world.processes.push(await world.#newProcess());
    await world.clock.advance(200);
    return world;
  }

  /** How often functions ran. */
  get runs(): number {
    return this.#runs;
  }

  call(at: number, key: number, tier: 'near' | 'far'): void {
    const process = this.processes[at];
    if (process !== undefined) void this.#judge(process, at, key, tier);
  }

  /** The truth changes, and nobody is told. */
  change(key: number): number {
    const version = this.#versionOf(key) + 1;
    this.#versions.set(key, version);
    const times = this.#replacedMs.get(key) ?? [];
    times[version - 1] = this.clock.monotonicMs();
    this.#replacedMs.set(key, times);
    return version;
  }

  invalidate(at: number, key: number, what: What): void {
    const process = this.processes[at];
    if (process === undefined) return;
    const keys = what === 'key' || what === 'tag' ? [key] : KEYS;
    const made = keys.map((one) => ({ key: one, version: this.change(one) }));
    const { cacheOf, invalidateTags, invalidateNamespace } = process.engine;
    const handles = [cacheOf(process.near), cacheOf(process.far)];
    const told =
      what === 'tag'
        ? [invalidateTags(`k${key}`)]
        : what === 'namespace'
          ? [invalidateNamespace('shop')]
          : handles.map((handle) => (what === 'key' ? handle.invalidate(key) : handle.invalidateAll()));
    for (const { key: one, version } of made) {
      process.own.set(one, version);
      this.#invalidated.set(one, version);
    }
    this.#settles(`${what} invalidation by P${at}`, process, Promise.all(told), (all) => {
      const atMs = this.clock.monotonicMs();
      if (all.every(Boolean)) this.#acked.push(...made.map((one) => ({ ...one, atMs })));
    });
  }

  /** The run that begins next takes that long. */
  runSlowly(ms: number): void {
    this.#slowMs = ms;
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }

  fail(key: number, isFailing: boolean): void {
    if (isFailing) this.#failing.add(key);
    else this.#failing.delete(key);
  }

  skew(at: number, ms: number): void {
    const process = this.processes[at];
    if (process !== undefined) process.skewMs = ms;
  }

  /** It is gone with all it knew; a new one takes its place. */
  async crash(at: number): Promise<void> {
    const process = this.processes[at];
    if (process === undefined) return;
    process.isDead = true;
    process.backend.die();
    this.processes[at] = await this.#newProcess();
  }

  /** Everything works again; after a while all agree, a new process too, and what they hold is the newest. */
  async end(flush: () => Promise<void> = async () => undefined): Promise<void> {
    this.#deliver = () => after(this.clock, 1);
    for (const { backend } of this.processes) backend.setReachable(true);
    this.#failing.clear();
    await this.#quiet(QUIET_MS, flush);
    if (this.#open.size > 0) this.broken.push(`never settled: ${[...this.#open].join(', ')}`);
    // Nothing is left to tell a new process of single keys.
    this.store.trimLog();
    // It is asked first: the others know better and would store something new.
    this.processes.unshift(await this.#newProcess());
    for (const tier of ['far', 'near'] as const)
      for (const at of this.processes.keys())
        for (const key of KEYS) {
          this.#judgeLast(at, key, tier);
          await this.clock.advance(30);
        }
    await this.clock.advance(500);
    // And it is a cache, as long as nothing expires meanwhile: what is about to is asked for again first.
    do await this.#askAll();
    while (this.#expiresAround(ASK_MS));
    const before = this.#runs;
    await this.#askAll();
    if (this.#runs > before) this.broken.push(`${this.#runs - before} runs although nothing was out of date`);
    for (const process of this.processes) await this.#close(process);
  }

  async #askAll(): Promise<void> {
    for (const tier of ['far', 'near'] as const)
      for (const at of this.processes.keys()) for (const key of KEYS) this.call(at, key, tier);
    await this.clock.advance(ASK_MS);
  }

  /** Of any run. Less ago than that, it may have been asked for before it did; sooner than that, it may while it is. */
  #expiresAround(ms: number): boolean {
    const nowMs = this.clock.monotonicMs();
    return this.#ranAtMs.some((atMs) => Math.abs(atMs + TTL_MS - nowMs) < ms + TTL_SLACK_MS);
  }

  async #close({ engine }: Process): Promise<void> {
    const beganMs = this.clock.monotonicMs();
    let isClosed = false;
    void engine.close().then(() => (isClosed = true));
    while (!isClosed && this.clock.monotonicMs() - beganMs <= CLOSE_MS) await this.clock.advance(20);
    if (!isClosed) this.broken.push(`close() has not ended after ${CLOSE_MS} ms`);
  }

  async #quiet(ms: number, flush: () => Promise<void>): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      await flush();
      await this.clock.advance(250);
    }
    await flush();
  }

  #versionOf(key: number): number {
    return this.#versions.get(key) ?? 0;
  }

  async #newProcess(): Promise<Process> {
    const random = this.#random;
    const own = new Map<number, number>();
    const time = { clock: this.clock, random, skewMs: () => process.skewMs };
    const engine = await openEngine(this.#options.text, time);
    const backend = new UnreliableBackend({
      store: this.store,
      deliver: (what) => this.#deliver(what),
    });
    engine.configure({ backend });
    const load = (key: number): Promise<User> => this.#load(key);
    const changes = (id: string, settings: object) => ({
      id: `world/${id}`,
      profile: 'production' as const,
      settings: { namespace: 'shop', ttlMs: TTL_MS, jitter: 0, ...settings },
      rules: { tags: ((user: User) => [`k${user.id}`]) as never },
    });
    const near = engine.oneNumber(load, changes('near', {}));
    const far = engine.oneNumber(load, changes('far', { l1: false, lock: false }));
    const process: Process = { engine, backend, near, far, own, skewMs: 0, isDead: false };
    return process;
  }

  /** Reads the truth first and takes its time then: an invalidation may come in between. */
  async #load(key: number): Promise<User> {
    this.#runs++;
    this.#ranAtMs.push(this.clock.monotonicMs());
    const version = this.#versionOf(key);
    const isFailing = this.#failing.has(key);
    const usualMs = [0, 0, 5, LONGEST_RUN_MS][Math.floor(this.#random() * 4)] ?? 0;
    const runMs = this.#slowMs ?? usualMs;
    this.#slowMs = undefined;
    if (runMs > 0) await new Promise<void>((resolve) => void this.clock.setTimer(resolve, runMs));
    if (isFailing) {
      this.#hasFailed = true;
      throw new OwnError(`own ${key}`);
    }
    return { id: key, tags: [String(version)] };
  }

  /** `done` is only called for processes that live. */
  #settles<T>(what: string, process: Process, work: Promise<T>, done: (value: T) => void): void {
    const name = `${what} at ${this.clock.monotonicMs()} (${Math.floor(this.#random() * 1e6)})`;
    this.#open.add(name);
    const end = (then: () => void): void => {
      this.#open.delete(name);
      if (!process.isDead) then();
    };
    const settle = async (): Promise<void> => {
      try {
        const value = await work;
        end(() => done(value));
      } catch (error) {
        end(() => this.broken.push(`${what}: ${String(error)}`));
      }
    };
    void settle();
    // Who died never hears.
    if (process.isDead) this.#open.delete(name);
  }

  #judgeLast(at: number, key: number, tier: 'near' | 'far'): void {
    const least = this.#invalidated.get(key) ?? 0;
    this.processes[at]?.own.set(key, least);
    this.call(at, key, tier);
  }

  async #judge(process: Process, at: number, key: number, tier: 'near' | 'far'): Promise<void> {
    const fromMs = this.clock.monotonicMs();
    const least = this.#leastFor(process, key, fromMs);
    const what = `P${at} ${tier} ${key}`;
    const call = process[tier](key).then(
      (user) => ({ user }),
      (error: unknown) => ({ error }),
    );
    this.#settles(what, process, call, (outcome) => {
      const tookMs = this.clock.monotonicMs() - fromMs;
      const boundMs = 2 * (CALL_MS + this.#slowestMs) + (tier === 'near' ? LOCK_WAIT_MS : 0);
      if (tookMs > boundMs) this.broken.push(`${what} took ${tookMs} ms`);
      if ('error' in outcome) {
        const isOwn = outcome.error instanceof OwnError && outcome.error.message === `own ${key}`;
        if (!isOwn) this.broken.push(`${what} threw ${String(outcome.error)}`);
      } else this.#judgeValue(what, key, outcome.user, least, fromMs);
    });
  }

  #leastFor({ own }: Process, key: number, nowMs: number): number {
    const { staleMs } = this.#options.kept;
    const known = this.#acked.filter(
      (one) => one.key === key && staleMs !== undefined && one.atMs + staleMs <= nowMs,
    );
    return Math.max(own.get(key) ?? 0, ...known.map(({ version }) => version));
  }

  #judgeValue(what: string, key: number, user: User, least: number, fromMs: number): void {
    const version = Number(user.tags[0]);
    const isOfKey = user.id === key && user.tags.length === 1;
    if (!isOfKey || !(version >= 0 && version <= this.#versionOf(key)))
      this.broken.push(`${what} got what nobody made: ${JSON.stringify(user)}`);
    if (version < least)
      this.broken.push(`${what} at ${fromMs} got v${version}, v${least} had been invalidated before`);
    const replacedMs = this.#replacedMs.get(key)?.[version] ?? Number.POSITIVE_INFINITY;
    // Its own error may have been replaced by a value that is as old again.
    const lifeMs = TTL_MS * (this.#hasFailed ? 2 : 1) + TTL_SLACK_MS;
    if (fromMs > replacedMs + lifeMs)
      this.broken.push(`${what} at ${fromMs} got v${version}, replaced at ${replacedMs}: beyond its ttl`);
  }
}
