// A store for several processes that loses writes, evicts what it likes, and whose messages take their time or get lost.
import { BackendError } from '../../../runtime/backend/backend-error.ts';
import type { BeginAnswer, BeginRequest, FillRequest } from '../../../runtime/backend/fence-capability.ts';
import type {
  AppendAnswer,
  AppendRequest,
  FollowAnswer,
  LogPlace,
  LogRecord,
  SyncAnswer,
  SyncRequest,
} from '../../../runtime/backend/log-capability.ts';
import type { GuardedLog, GuardResult } from '../../../runtime/reliability/guarded-backend.ts';
import type { ManualClock } from '../../../runtime/testing/index.ts';

export interface StoredEntry {
  readonly version: number;
  readonly inc: number;
  readonly born: number;
  readonly tags: readonly string[];
}

interface Registry {
  readonly inc: number;
  head: number;
  floor: number;
  readonly groups: Map<string, number>;
}

interface KeyNode<E> {
  readonly entries: Map<string, E>;
  readonly leases: Map<string, string>;
}

interface LogNode {
  registry: Registry | undefined;
  log: LogRecord[];
}

/** What happens to one message of a process: its way there and back, in ms; undefined: lost. */
export interface Fate {
  readonly thereMs: number | undefined;
  readonly backMs: number | undefined;
}

export interface StoreClient {
  readonly log: GuardedLog;
  get(key: string): Promise<StoredEntry | undefined>;
  begin(request: Pick<BeginRequest, 'key' | 'nonce'>): Promise<GuardResult<BeginAnswer>>;
  fill(request: Pick<FillRequest, 'key' | 'lease'>, entry: StoredEntry): Promise<boolean>;
  /** The link of `follow` breaks; commands do not notice. */
  breakLink(): void;
  /** Nothing comes through from now on, or again. `silent`: what waits for an answer is not told, and waits for ever. */
  setReachable(isReachable: boolean, how?: 'silent'): void;
  /** The process is gone. */
  die(): void;
}

export interface UnreliableStoreOptions {
  readonly clock: ManualClock;
  readonly fate?: () => Fate;
  /** Added to the server's clock, µs. */
  readonly skewUs?: number;
}

const GUARD_MS = 250;
const HISTORY = 20;
const SYNC_GROUPS = 10_000;

/** `E`: what is stored under a key. */
export class UnreliableStore<E = StoredEntry> {
  readonly clock: ManualClock;
  skewUs: number;
  fate: () => Fate;
  readonly #keys: KeyNode<E> = { entries: new Map(), leases: new Map() };
  readonly #logs: LogNode = { registry: undefined, log: [] };
  readonly #keyPast: KeyNode<E>[] = [];
  readonly #logPast: LogNode[] = [];
  readonly #followers = new Set<() => void>();
  readonly #topology = new Set<() => void>();
  /** How many commands of each name were carried out. */
  readonly counts = new Map<string, number>();

  constructor({ clock, fate = () => ({ thereMs: 0, backMs: 0 }), skewUs = 0 }: UnreliableStoreOptions) {
    this.clock = clock;
    this.fate = fate;
    this.skewUs = skewUs;
  }

  get log(): readonly LogRecord[] {
    return this.#logs.log;
  }

  get registry(): Readonly<Registry> | undefined {
    return this.#logs.registry;
  }

  entry(key: string): E | undefined {
    return this.#keys.entries.get(key);
  }

  client(this: UnreliableStore): StoreClient {
    return new Client(this);
  }

  evictLease(key: string): void {
    this.#keys.leases.delete(key);
  }

  evictEntry(key: string): void {
    this.#keys.entries.delete(key);
  }

  /** Of entries and leases. */
  keys(): readonly string[] {
    return [...new Set([...this.#keys.entries.keys(), ...this.#keys.leases.keys()])];
  }

  evictRegistry(): void {
    this.#logs.registry = undefined;
  }

  evictLog(): void {
    this.#logs.log = [];
  }

  /** The log is as if a long time had passed; the registry stays. */
  trimLog(): void {
    this.#logs.log = [];
  }

  flush(): void {
    this.#keys.entries.clear();
    this.#keys.leases.clear();
    this.evictRegistry();
    this.evictLog();
  }

  /** The last writes are lost; everybody hears, a little later, that some server is another one. */
  failOver(node: 'keys' | 'log', writes: number): void {
    if (node === 'keys') this.#goBack(this.#keyPast, writes, (past) => this.#restoreKeys(past));
    else this.#goBack(this.#logPast, writes, (past) => Object.assign(this.#logs, past));
    for (const listener of this.#topology) listener();
    for (const wake of this.#followers) wake();
  }

  /** As many groups as that were invalidated, long ago: `t:0`, `t:1`, … */
  fillRegistry(groups: number): void {
    const registry = this.#logs.registry ?? this.#create(8e15, this.nowUs());
    for (let at = 0; at < groups; at++) registry.groups.set(`t:${at}`, ++registry.head);
  }

  unlinkPart(part: 'lease' | 'entry', key: string): void {
    this.#keepKeys();
    if (part === 'lease') this.#keys.leases.delete(key);
    else this.#keys.entries.delete(key);
  }

  begin({ key, nonce }: Pick<BeginRequest, 'key' | 'nonce'>): BeginAnswer {
    this.#keepKeys();
    const lease = this.#keys.leases.get(key) ?? nonce;
    this.#keys.leases.set(key, lease);
    return { kind: 'run', lease };
  }

  /** Without a lease, as SET does. */
  put(key: string, entry: E): void {
    this.#keepKeys();
    this.#keys.entries.set(key, entry);
  }

  fill({ key, lease }: Pick<FillRequest, 'key' | 'lease'>, entry: E): boolean {
    if (this.#keys.leases.get(key) !== lease) return false;
    this.#keepKeys();
    this.#keys.leases.delete(key);
    this.#keys.entries.set(key, entry);
    return true;
  }

  append(kind: 'key' | 'group', request: AppendRequest): AppendAnswer {
    this.#keepLogs();
    let { registry } = this.#logs;
    if (registry === undefined || registry.inc < request.inc) registry = this.#create(request.spareInc, 0);
    const previous = registry.head;
    const position = Math.max(previous + 1, this.nowUs(), request.head + 1);
    registry.head = position;
    if (previous === 0) registry.floor = position;
    const { recordId: id, subject, redone } = request;
    if (kind === 'group') registry.groups.set(subject, position);
    this.#trim(registry, request.registryMax);
    this.#logs.log.push({ inc: registry.inc, previous, position, id, kind, subject, redone });
    for (const wake of this.#followers) wake();
    return { inc: registry.inc, previous, position };
  }

  sync(request: SyncRequest): SyncAnswer {
    let { registry } = this.#logs;
    const nowUs = this.nowUs();
    if (registry === undefined || registry.inc < request.inc) {
      this.#keepLogs();
      const old = registry?.head ?? 0;
      registry = this.#create(request.spareInc, Math.max(nowUs, request.head, old) + 1);
    }
    const { inc, head, floor, groups } = registry;
    const isSame = inc === request.inc;
    const since = (isSame ? request.head : nowUs) - 60_000_000;
    const newest = [...groups]
      .filter(([, at]) => !isSame || at > request.head)
      .toSorted((a, b) => b[1] - a[1]);
    const answer = {
      inc,
      head,
      floor,
      nowUs,
      groups: newest.slice(0, SYNC_GROUPS),
      tail: this.#logs.log.filter(({ position }) => position >= since),
    };
    if (isSame && request.head > head) this.#raise(registry, request);
    return answer;
  }

  positions(ids: readonly string[]): { floor: number; positions: number[] } {
    const { registry } = this.#logs;
    return { floor: registry?.floor ?? 0, positions: ids.map((id) => registry?.groups.get(id) ?? 0) };
  }

  recordsAfter(head: number): readonly LogRecord[] {
    return this.#logs.log.filter(({ position }) => position > head).slice(0, 512);
  }

  onChange(wake: () => void): () => void {
    this.#followers.add(wake);
    return () => this.#followers.delete(wake);
  }

  onTopology(listener: () => void): () => void {
    this.#topology.add(listener);
    return () => this.#topology.delete(listener);
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  nowUs(): number {
    return Math.floor(this.clock.nowMs() * 1000) + this.skewUs;
  }

  #create(inc: number, head: number): Registry {
    const registry = { inc, head, floor: head, groups: new Map<string, number>() };
    this.#logs.registry = registry;
    this.#logs.log = [];
    return registry;
  }

  #raise(registry: Registry, request: SyncRequest): void {
    this.#keepLogs();
    const { head: position, recordId: id } = request;
    const record = { inc: registry.inc, previous: registry.head, position, id, subject: '', redone: false };
    registry.head = position;
    this.#logs.log.push({ ...record, kind: 'raise' });
    for (const wake of this.#followers) wake();
  }

  #trim(registry: Registry, most: number): void {
    if (registry.groups.size <= most) return;
    const oldest = [...registry.groups].toSorted((a, b) => a[1] - b[1]);
    for (const [id, position] of oldest.slice(0, oldest.length - most)) {
      registry.groups.delete(id);
      registry.floor = Math.max(registry.floor, position);
    }
  }

  #keepKeys(): void {
    const { entries, leases } = this.#keys;
    this.#keyPast.push({ entries: new Map(entries), leases: new Map(leases) });
    if (this.#keyPast.length > HISTORY) this.#keyPast.shift();
  }

  #keepLogs(): void {
    const { registry, log } = this.#logs;
    const copy = registry && { ...registry, groups: new Map(registry.groups) };
    this.#logPast.push({ registry: copy, log: [...log] });
    if (this.#logPast.length > HISTORY) this.#logPast.shift();
  }

  #goBack<T>(past: T[], writes: number, restore: (state: T) => void): void {
    const state = past.at(-writes);
    if (writes > 0 && state !== undefined) restore(state);
    past.length = 0;
  }

  #restoreKeys({ entries, leases }: KeyNode<E>): void {
    this.#keys.entries.clear();
    this.#keys.leases.clear();
    for (const [key, entry] of entries) this.#keys.entries.set(key, entry);
    for (const [key, lease] of leases) this.#keys.leases.set(key, lease);
  }
}

/** The connections of one process. */
class Client implements StoreClient {
  readonly log: GuardedLog;
  readonly #store: UnreliableStore;
  readonly #links = new Set<() => void>();
  #isReachable = true;
  /** Waits that began before the last silence get no answer. */
  #unheard = 0;
  #isDead = false;

  constructor(store: UnreliableStore) {
    this.#store = store;
    this.log = {
      isLocal: false,
      syncNow: () => undefined,
      sync: (request) => this.#call('sync', () => store.sync(request)),
      appendGroup: (request) => this.#call('append', () => store.append('group', request)),
      appendKey: (request) => this.#appendKey(request),
      positions: (_, ids) => this.#call('positions', () => store.positions(ids)),
      follow: (place, waitMs, signal) => this.#follow(place, waitMs, signal),
      onUsable: () => () => undefined,
      onTopology: (listener) => store.onTopology(() => !this.#isDead && this.#isReachable && listener()),
    };
  }

  async get(key: string): Promise<StoredEntry | undefined> {
    const result = await this.#call('get', () => this.#store.entry(key));
    return result.ok ? result.value : undefined;
  }

  begin(request: Pick<BeginRequest, 'key' | 'nonce'>): Promise<GuardResult<BeginAnswer>> {
    return this.#call('begin', () => this.#store.begin(request));
  }

  async fill(request: Pick<FillRequest, 'key' | 'lease'>, entry: StoredEntry): Promise<boolean> {
    const result = await this.#call('fill', () => this.#store.fill(request, entry));
    return result.ok && result.value;
  }

  breakLink(): void {
    for (const end of this.#links) end();
  }

  setReachable(isReachable: boolean, how?: 'silent'): void {
    this.#isReachable = isReachable;
    if (how === 'silent') this.#unheard++;
    else if (!isReachable) this.breakLink();
  }

  die(): void {
    this.#isDead = true;
    this.breakLink();
  }

  /** As in a cluster: three commands, others come between. */
  async #appendKey(request: AppendRequest): Promise<GuardResult<AppendAnswer>> {
    for (const part of ['lease', 'entry'] as const) {
      const deleted = await this.#call('unlink', () => this.#store.unlinkPart(part, request.subject));
      if (!deleted.ok) return deleted;
    }
    return this.#call('append', () => this.#store.append('key', request));
  }

  #call<T>(name: string, run: () => T): Promise<GuardResult<T>> {
    const { clock, fate } = this.#store;
    const { thereMs, backMs } = this.#isReachable ? fate() : { thereMs: undefined, backMs: undefined };
    return new Promise((resolve) => {
      if (this.#isDead) return; // a dead process waits for ever
      const late = clock.setTimer(() => resolve({ ok: false, failure: 'timeout' }), GUARD_MS);
      const answer = (value: T): void => {
        if (this.#isDead) return;
        late();
        resolve({ ok: true, value });
      };
      const arrive = (): void => {
        if (this.#isDead) return;
        this.#store.count(name);
        const value = run();
        if (backMs !== undefined) after(clock, backMs, () => answer(value));
      };
      if (thereMs !== undefined) after(clock, thereMs, arrive);
    });
  }

  #follow({ head }: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer> {
    const { clock, fate } = this.#store;
    return new Promise((resolve, reject) => {
      const stops: (() => void)[] = [];
      const end = (): void => {
        for (const stop of stops) stop();
        this.#links.delete(lose);
      };
      const lose = (): void => {
        end();
        reject(new BackendError('transient', 'The link is lost.'));
      };
      const since = this.#unheard;
      const answer = (): void => {
        if (since !== this.#unheard) return;
        const records = this.#store.recordsAfter(head);
        const { registry } = this.#store;
        const known = registry && { inc: registry.inc, head: registry.head };
        end();
        this.#links.add(lose);
        const { backMs } = fate();
        if (backMs === undefined) return lose();
        after(clock, backMs, () => {
          this.#links.delete(lose);
          if (!this.#isDead) resolve({ records, registry: records.length > 0 ? undefined : known });
        });
      };
      if (this.#isDead) return;
      if (!this.#isReachable) return lose();
      this.#links.add(lose);
      signal.addEventListener('abort', lose, { once: true });
      if (this.#store.recordsAfter(head).length > 0) return answer();
      stops.push(clock.setTimer(answer, waitMs));
      stops.push(this.#store.onChange(() => this.#store.recordsAfter(head).length > 0 && answer()));
    });
  }
}

function after(clock: ManualClock, delayMs: number, run: () => void): void {
  if (delayMs === 0) queueMicrotask(run);
  else clock.setTimer(run, delayMs);
}
