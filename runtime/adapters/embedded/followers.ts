// Answers those who wait for new log records. Other processes cannot notify this one, so it polls the file for changes.
import { BackendError } from '../../backend/backend-error.ts';
import type { FollowAnswer, LogPlace } from '../../backend/log-capability.ts';
import { readAfter, readRegistry } from './read-log.ts';
import type { SqliteFile } from './sqlite-file.ts';
import { closedError, type SqliteStore } from './sqlite-store.ts';

interface Follower {
  readonly place: LogPlace;
  /** When to answer without records; monotonic clock. */
  readonly dueMs: number;
  readonly end: (outcome: FollowAnswer | BackendError) => void;
}

/** A poll takes a few µs. There are none while nobody follows. */
const POLL_EVERY_MS = 50;

/** All followers of one store. */
export class Followers {
  readonly #store: SqliteStore;
  readonly #followers = new Set<Follower>();
  readonly #listeners = new Set<() => void>();
  /** State of the file at the last poll. */
  #seen: { readonly file: SqliteFile; readonly version: number } | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  /**
   * Answers with new records, or after `waitMs` with none. Rejects with BackendError when aborted or closed.
   * @throws BackendError
   */
  follow(place: LogPlace, waitMs: number, signal: AbortSignal): Promise<FollowAnswer> {
    this.#look();
    const records = this.#store.read((file) => readAfter(file, place)) ?? [];
    if (records.length > 0) return Promise.resolve({ records, registry: undefined });
    return new Promise((resolve, reject) => {
      const onAbort = (): void => follower.end(new BackendError('timeout', 'Following was given up.'));
      const follower: Follower = {
        place,
        dueMs: this.#store.clock.monotonicMs() + waitMs,
        end: (outcome) => {
          this.#followers.delete(follower);
          signal.removeEventListener('abort', onAbort);
          if (outcome instanceof BackendError) reject(outcome);
          else resolve(outcome);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#followers.add(follower);
      this.#arm();
    });
  }

  /** Call after a commit of this process, to answer without waiting for the next poll. Never throws. */
  committed(): void {
    if (this.#followers.size > 0) this.#look();
  }

  /** Call when the open file is no longer the one at the path: followers hear that their registry is gone. */
  fileReplaced(): void {
    this.#seen = undefined;
    for (const follower of this.#followers) follower.end({ records: [], registry: undefined });
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch {
        // An error of one listener must not keep the others from hearing.
      }
    }
  }

  /** Returns a function that removes the listener. */
  onReplaced(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#endAll(closedError());
  }

  #arm(): void {
    if (this.#followers.size === 0 || this.#cancelTimer !== undefined) return;
    const { clock } = this.#store;
    let waitMs = POLL_EVERY_MS;
    for (const { dueMs } of this.#followers) waitMs = Math.min(waitMs, dueMs - clock.monotonicMs());
    this.#cancelTimer = clock.setTimer(
      () => {
        this.#cancelTimer = undefined;
        this.#look();
        this.#endDue();
        this.#arm();
      },
      Math.max(1, waitMs),
    );
  }

  /** Answers each follower that has new records. `read` also notices a replaced file, within a second. */
  #look(): void {
    try {
      this.#store.read((file) => {
        const version = file.version();
        if (this.#seen?.file === file && this.#seen.version === version) return;
        this.#seen = { file, version };
        for (const follower of this.#followers) {
          const records = readAfter(file, follower.place);
          if (records.length > 0) follower.end({ records, registry: undefined });
        }
      });
    } catch (error) {
      this.#endAll(error instanceof BackendError ? error : closedError());
    }
  }

  #endDue(): void {
    const nowMs = this.#store.clock.monotonicMs();
    for (const follower of this.#followers) {
      if (follower.dueMs > nowMs) continue;
      try {
        const registry = this.#store.read((file) => readRegistry(file, follower.place.prefix));
        const place = registry === undefined ? undefined : { inc: registry.inc, head: registry.head };
        follower.end({ records: [], registry: place });
      } catch (error) {
        follower.end(error instanceof BackendError ? error : closedError());
      }
    }
  }

  #endAll(error: BackendError): void {
    for (const follower of this.#followers) follower.end(error);
  }
}
