// How one process agrees with the others about what is still valid: one per backend and prefix.
// docs/spec/coherence.md explains the protocol; the parts are beside this file.
import type { Clock } from '../config/clock.ts';
import type { GuardedLog } from '../reliability/guarded-backend.ts';
import { Member } from './member.ts';
import type { EntryStamp, Stamp, Verdict } from './view.ts';

export type { EntryStamp, Stamp, Verdict };

/** Called at once, after the view knows. Must not throw. */
export interface CoherenceListener {
  /** The memory entry of this key is invalid, and so is a run of it that goes on. */
  keyGone(key: string): void;
  /** The same for all entries of a function, namespace or tag. */
  groupGone(id: string): void;
  /** Records may have been missed, or none may come for a while: memory entries count only after the store was read again. */
  everythingUnverified(): void;
  /** The registry is another one (also: the first): nothing that was made before is valid. */
  reset(): void;
}

export interface CoherenceOptions {
  readonly log: GuardedLog;
  /** First part of all keys. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly listener: CoherenceListener;
  /** For jitter. 0 to below 1. Default Math.random. */
  readonly random?: () => number;
  /** How long a process that is cut off goes on serving, ms. Default 10 s. */
  readonly offlineMs?: number;
  /** Name of the backend in events. Default: the prefix. */
  readonly backend?: string;
}

export interface ContactState {
  /** Nothing heard for 3 s, or not yet: what is stored in memory now lives at most `offlineMs`. */
  readonly isCutOff: boolean;
  /** Monotonic ms: later than this, entries of memory and store made before the cut are misses. Minus infinity: none yet. */
  readonly serveUntilMs: number;
}

export interface Coherence {
  /** Begins to follow. Idempotent; the other functions do not begin it. */
  start(): void;
  /** It has synchronised once. */
  ready(): boolean;
  /** true at the first synchronisation; false when closed before. The caller bounds the wait. */
  whenReady(): Promise<boolean>;
  /** When the first attempt to synchronise has ended: true if it was answered. Nobody waits for a registry that is away. */
  whenAsked(): Promise<boolean>;
  /** This moment: taken before a function starts, and before a read of the store is sent. Undefined before the first synchronisation. */
  stamp(): Stamp | undefined;
  /**
   * The stamp of a moment of the past (monotonic ms), by the registry's clock: for what began before the first
   * synchronisation. Rather too old than too new.
   */
  stampAt(atMs: number): EntryStamp | undefined;
  /** Everything the registry has now is known when it resolves to true; false: it could not be asked within 5 s. */
  catchUp(): Promise<boolean>;
  /** For a value that replaces what was invalidated (`set`): the stamp as of that invalidation, once it is acknowledged. */
  stampOfKey(key: string): Stamp | undefined;
  /**
   * Is the entry valid by all that this process knows? `entry`: inc and born of a stored entry, or the stamp of
   * something made in this process. `ids`: its function, namespace and tags.
   */
  check(entry: EntryStamp, ids: readonly string[], key: string): Verdict;
  /** For `unknown`: asks the registry, then checks. false also when it does not answer. Never rejects. */
  lookup(entry: EntryStamp, ids: readonly string[], key: string): Promise<boolean>;
  /** May what was read from the store be kept in memory, if the read was sent at that stamp? `check` the entry too. */
  mayKeep(sentAt: Stamp): boolean;
  /**
   * Local at once (view, then listener). Resolves to true when the registry has it, to false after 2 s; then it goes on
   * by itself. Never rejects. `functionId` stands for the key if more wait than there is room for.
   */
  invalidateKey(key: string, functionId: string): Promise<boolean>;
  invalidateGroup(id: string): Promise<boolean>;
  contact(): ContactState;
  /** The registry's clock, epoch ms: the same on all hosts. Undefined before the first synchronisation. */
  registryTimeMs(): number | undefined;
  /** At most 900 ms: what waits is sent if it can be. Then nothing is heard any more: nothing may be served. */
  close(): Promise<void>;
}

export function createCoherence(options: CoherenceOptions): Coherence {
  return new Member(options);
}
