// The port of a backend on a store that loses, evicts, delays and fails: one for each process.
import type { Backend } from '../../../runtime/backend/backend.ts';
import type { BeginAnswer, FenceCapability } from '../../../runtime/backend/fence-capability.ts';
import type { FollowAnswer, LogCapability, LogPlace } from '../../../runtime/backend/log-capability.ts';
import { startsWith } from '../../../runtime/backend/starts-with.ts';
import type { ManualClock } from '../../../runtime/testing/index.ts';
import { UnreliableStore } from '../coherence/unreliable-store.ts';

interface StoredBytes {
  readonly bytes: Uint8Array;
  /** Monotonic ms. */
  readonly untilMs: number;
}

/** Locks and expiry beside what the store knows. */
export class ByteStore extends UnreliableStore<StoredBytes> {
  readonly #locks = new Map<string, { readonly token: string; readonly untilMs: number }>();
  readonly #leasesUntilMs = new Map<string, number>();
  /** The rule of leases is absent: a fill is a SET. */
  isWithoutLease = false;
  /** Groups that the registry holds at most, whatever the caller allows. */
  mostGroups = Number.POSITIVE_INFINITY;

  read(key: string): Uint8Array | undefined {
    const entry = this.entry(key);
    return entry !== undefined && entry.untilMs > this.clock.monotonicMs() ? entry.bytes : undefined;
  }

  beginAt({
    key,
    nonce,
    leaseMs,
    token,
    lockMs,
    rejected,
  }: Parameters<FenceCapability['begin']>[0]): BeginAnswer {
    const nowMs = this.clock.monotonicMs();
    const value = this.read(key);
    if (value !== undefined && (rejected === undefined || !startsWith(value, rejected)))
      return { kind: 'filled', value };
    if ((this.#leasesUntilMs.get(key) ?? 0) <= nowMs) this.evictLease(key);
    this.#leasesUntilMs.set(key, nowMs + leaseMs);
    const answer = this.begin({ key, nonce });
    const lease = answer.kind === 'run' ? answer.lease : '';
    if (token === '') return { kind: 'run', lease };
    if ((this.#locks.get(key)?.untilMs ?? 0) > nowMs) return { kind: 'locked', lease };
    this.#locks.set(key, { token, untilMs: nowMs + lockMs });
    return { kind: 'run', lease };
  }

  fillAt({ key, lease, value, ttlMs, token }: Parameters<FenceCapability['fill']>[0]): boolean {
    const entry = { bytes: value, untilMs: this.clock.monotonicMs() + ttlMs };
    this.free(key, token);
    if (!this.isWithoutLease) return this.fill({ key, lease }, entry);
    this.put(key, entry);
    return true;
  }

  renew(key: string, token: string, lockMs: number): boolean {
    if (this.#locks.get(key)?.token !== token) return false;
    this.#locks.set(key, { token, untilMs: this.clock.monotonicMs() + lockMs });
    return true;
  }

  free(key: string, token: string): void {
    if (this.#locks.get(key)?.token === token) this.#locks.delete(key);
  }
}

/** On its way there, and back. */
export type Deliver = (what: string) => Promise<void>;

export interface UnreliableBackendOptions {
  readonly store: ByteStore;
  /** Resolves when a message has arrived. Rejects, or waits for ever, when it is lost. */
  readonly deliver: Deliver;
}

/** Of one process. */
export class UnreliableBackend implements Backend {
  readonly name = 'unreliable';
  readonly fence: FenceCapability;
  readonly log: LogCapability;
  readonly #store: ByteStore;
  readonly #deliver: Deliver;
  readonly #links = new Set<() => void>();
  #isReachable = true;
  #isDead = false;

  constructor({ store, deliver }: UnreliableBackendOptions) {
    this.#store = store;
    this.#deliver = deliver;
    const ask = <T>(what: string, run: () => T): Promise<T> => this.#ask(what, run);
    this.fence = {
      begin: (request) => ask('begin', () => store.beginAt(request)),
      fill: (request) => ask('fill', () => store.fillAt(request)),
      renew: (key, token, lockMs) => ask('renew', () => store.renew(key, token, lockMs)),
      release: (key, token) => ask('release', () => store.free(key, token)),
      replace: ({ key, expected, value, ttlMs }) =>
        ask('replace', () => {
          const known = store.read(key);
          if (known === undefined || !startsWith(known, expected)) return false;
          store.put(key, { bytes: value, untilMs: store.clock.monotonicMs() + ttlMs });
          return true;
        }),
    };
    const mostGroups = (asked: number): number => Math.min(asked, store.mostGroups);
    this.log = {
      sync: (request) => ask('sync', () => store.sync(request)),
      appendGroup: (request) =>
        ask('append', () =>
          store.append('group', { ...request, registryMax: mostGroups(request.registryMax) }),
        ),
      // As in a cluster: three commands, others come between.
      appendKey: async (request) => {
        await ask('delete lease', () => store.unlinkPart('lease', request.subject));
        await ask('delete entry', () => store.unlinkPart('entry', request.subject));
        return ask('append', () => store.append('key', request));
      },
      positions: (_, ids) => ask('positions', () => store.positions(ids)),
      follow: (place, waitMs, signal) => this.#follow(place, waitMs, signal),
      onTopology: (listener) => store.onTopology(() => !this.#isDead && this.#isReachable && listener()),
    };
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return this.#ask('get', () => this.#store.read(key));
  }

  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    const untilMs = this.#store.clock.monotonicMs() + ttlMs;
    return this.#ask('set', () => this.#store.put(key, { bytes, untilMs }));
  }

  delete(key: string): Promise<void> {
    return this.#ask('delete', () => this.#store.unlinkPart('entry', key));
  }

  ping(): Promise<void> {
    return this.#ask('ping', () => undefined);
  }

  breakLink(): void {
    for (const end of this.#links) end();
  }

  setReachable(isReachable: boolean): void {
    this.#isReachable = isReachable;
    if (!isReachable) this.breakLink();
  }

  /** The process is gone: what it had sent may still arrive, it hears nothing any more. */
  die(): void {
    this.#isDead = true;
    this.breakLink();
  }

  async #ask<T>(what: string, run: () => T): Promise<T> {
    if (!this.#isReachable) await new Promise(() => undefined);
    await this.#deliver(what);
    const answer = run();
    await this.#deliver(`${what}: answer`);
    if (this.#isDead || !this.#isReachable) await new Promise(() => undefined);
    return answer;
  }

  #follow({ head }: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer> {
    const store = this.#store;
    return new Promise((resolve, reject) => {
      const stops: (() => void)[] = [];
      const lose = (): void => {
        for (const stop of stops) stop();
        this.#links.delete(lose);
        reject(new Error('The link is lost.'));
      };
      const answer = (): void => {
        for (const stop of stops.splice(0)) stop();
        const records = store.recordsAfter(head);
        const known = store.registry && { inc: store.registry.inc, head: store.registry.head };
        const registry = records.length > 0 ? undefined : known;
        this.#deliver('follow: answer').then(() => {
          this.#links.delete(lose);
          resolve({ records, registry });
        }, lose);
      };
      if (this.#isDead) return;
      if (!this.#isReachable || signal.aborted) return lose();
      this.#links.add(lose);
      signal.addEventListener('abort', lose, { once: true });
      if (store.recordsAfter(head).length > 0) return answer();
      stops.push(store.clock.setTimer(answer, waitMs));
      stops.push(store.onChange(() => store.recordsAfter(head).length > 0 && answer()));
    });
  }
}

/** For messages that take a while: lost ones never arrive. */
export function after(clock: ManualClock, delayMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (delayMs === undefined) return;
    clock.setTimer(resolve, delayMs);
  });
}
