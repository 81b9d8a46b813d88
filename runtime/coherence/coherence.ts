// Port: how one process agrees with the others on which entries are valid. There is one per backend and prefix.
// docs/spec/coherence.md explains the protocol; the other files of this folder implement it.
import type { Clock } from '../config/clock.ts';
import type { GuardedLog } from '../reliability/guarded-backend.ts';
import { Member } from './member.ts';
import type { EntryStamp, Stamp, Verdict } from './view.ts';

export type { EntryStamp, Stamp, Verdict };

/** Hears what becomes invalid. Called synchronously, right after the view has been updated. Must not throw. */
export interface CoherenceListener {
  /** The memory entry of this backend key is invalid, and so is a run for it that has not ended. */
  keyGone(key: string): void;
  /** The same for all entries of a function, namespace or tag. */
  groupGone(id: string): void;
  /** Invalidations may have been missed: memory entries must be read again from the store before they count. */
  everythingUnverified(): void;
  /** The process follows another registry, or its first: nothing that was made before is valid. */
  reset(): void;
}

/** What `createCoherence` needs. */
export interface CoherenceOptions {
  readonly log: GuardedLog;
  /** First part of all backend keys. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly listener: CoherenceListener;
  /** For jitter, from 0 to below 1. Default Math.random. */
  readonly random?: () => number;
  /** How long a process that is cut off from the registry continues to serve, ms. Default 10 s. */
  readonly offlineMs?: number;
  /** Name of the backend in events. Default: the prefix. */
  readonly backend?: string;
}

/** Whether the process is in contact with the registry. */
export interface ContactState {
  /** Nothing was heard for 3 s, or nothing yet: what is stored in memory now lives at most `offlineMs`. */
  readonly isCutOff: boolean;
  /** Monotonic ms: after this, entries made before the contact was lost are misses. Minus infinity: no contact yet. */
  readonly serveUntilMs: number;
}

/** The agreement of one process with the others. `key`: backend key of an entry; `ids`: group ids. */
export interface Coherence {
  /** Begins to follow the log. Idempotent; no other method does it. */
  start(): void;
  /** True once the process has synchronised with the registry. */
  ready(): boolean;
  /** Resolves to true at the first synchronisation, to false if closed before. The caller must bound the wait. */
  whenReady(): Promise<boolean>;
  /** Resolves when the first attempt to synchronise has ended: true if it succeeded. */
  whenAsked(): Promise<boolean>;
  /**
   * This moment: taken before a function starts, and before a read of the store is sent. undefined before the first
   * synchronisation.
   */
  stamp(): Stamp | undefined;
  /**
   * The stamp of a past moment (monotonic ms) by the registry's clock, for functions that began before the first
   * synchronisation. Errs on the old side.
   */
  stampAt(atMs: number): EntryStamp | undefined;
  /** Synchronises now. True: everything the registry has is known. False: it could not be asked within 5 s. */
  catchUp(): Promise<boolean>;
  /**
   * For a value that replaces an invalidated one (`set`): the stamp as of the last invalidation of the key, once that is
   * acknowledged.
   */
  stampOfKey(key: string): Stamp | undefined;
  /**
   * Whether the entry is valid by all that this process knows. `entry`: stamp of a stored entry, or of a value made in
   * this process. `ids`: its function, namespace and tags.
   */
  check(entry: EntryStamp, ids: readonly string[], key: string): Verdict;
  /** For the verdict `unknown`: asks the registry, then checks. False if it does not answer. Never rejects. */
  lookup(entry: EntryStamp, ids: readonly string[], key: string): Promise<boolean>;
  /** Whether an entry may be kept in memory if the read that found it was sent at that stamp. `check` the entry too. */
  mayKeep(sentAt: Stamp): boolean;
  /**
   * Invalidates at once in this process (view, then listener), then in the registry. Resolves to true when the registry
   * has acknowledged it, or to false after 2 s; the invalidation is then retried in the background. Never rejects.
   * `functionId`: the group invalidated instead of the key if too many invalidations wait.
   */
  invalidateKey(key: string, functionId: string): Promise<boolean>;
  /** The same for a group. */
  invalidateGroup(id: string): Promise<boolean>;
  contact(): ContactState;
  /** The registry's clock, epoch ms: the same on all hosts. undefined before the first synchronisation. */
  registryTimeMs(): number | undefined;
  /**
   * Sends the invalidations that still wait, if it can, and stops following; takes at most 900 ms. Afterwards nothing may
   * be served.
   */
  close(): Promise<void>;
}

/** A coherence that has not started yet. */
export function createCoherence(options: CoherenceOptions): Coherence {
  return new Member(options);
}
