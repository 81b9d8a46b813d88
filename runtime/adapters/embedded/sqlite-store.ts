// The store of one process over the file: reads directly, writes through the queue, and reacts to a damaged, replaced
// or unwritable file.
import { BackendError } from '../../backend/backend-error.ts';
import type { Clock } from '../../config/clock.ts';
import { notice } from '../../observe/notice.ts';
import { publish } from '../../observe/publish.ts';
import type { Operation, Results } from './operation.ts';
import {
  backendErrorOf,
  inodeOf,
  logBytesOf,
  openFile,
  setAside,
  troubleOf,
  type SqliteFile,
  type SqliteTrouble,
} from './sqlite-file.ts';
import { startWriter } from './start-writer.ts';
import { WriteQueue } from './write-queue.ts';

/** A damaged file is set aside at most this often: a disk that damages every file must not fill up with copies. */
const SET_ASIDE_EVERY_MS = 60_000;
const UNWRITABLE_RETRY_MS = 5000;
const BUSY_RETRY_MS = 50;
/** How often to check that the file at the path is still the open one. */
const CHECK_PATH_EVERY_MS = 1000;
/** Share of the maximum size. A larger value would evict too many other entries. */
const LARGEST_VALUE_RATIO = 1 / 8;

/** One process's view of the file. Nothing is opened before the first operation. */
export class SqliteStore {
  readonly clock: Clock;
  readonly #folder: string;
  readonly #limits: { readonly maxSizeBytes: number };
  readonly #queue: WriteQueue;
  readonly #onReplaced: () => void;
  #file: SqliteFile | undefined;
  #lastPathCheckMs = 0;
  #generation = 0;
  #setAsideAtMs = -Infinity;
  #blockedUntilMs = -Infinity;
  #blockedBy: SqliteTrouble = 'other';
  #isDown = false;
  #isClosed = false;

  /** `onReplaced` is called when the open file is no longer the one at the path. It must not throw. */
  constructor(folder: string, maxSizeBytes: number, clock: Clock, onReplaced: () => void) {
    this.#folder = folder;
    this.#limits = { maxSizeBytes };
    this.clock = clock;
    this.#onReplaced = onReplaced;
    this.#queue = new WriteQueue({
      start: () => startWriter(folder, this.#limits),
      nowMs: () => clock.nowMs(),
      batchBytes: Math.min(4 * 1024 ** 2, Math.floor(logBytesOf(this.#limits) / 2)),
      onTrouble: (trouble) => this.#troubled(trouble),
      generation: () => this.#generation,
    });
  }

  /** The value of an entry that has not expired; sees writes that are queued. @throws BackendError */
  get(key: string): Uint8Array | undefined {
    const pending = this.#queue.pending(key);
    const nowMs = this.clock.nowMs();
    if (pending !== undefined) {
      const isThere = pending.value !== undefined && pending.expiresAtMs > nowMs;
      return isThere ? pending.value.slice() : undefined;
    }
    const row = this.read((file) => file.read.get(key));
    if (row === undefined || !(Number(row['exp']) > nowMs)) return undefined;
    return row['v'] instanceof Uint8Array ? row['v'] : undefined;
  }

  /** Runs reads on the file. undefined: the file was damaged and set aside with all it held. @throws BackendError */
  read<T>(run: (file: SqliteFile) => T): T | undefined {
    const file = this.#open();
    try {
      return run(file);
    } catch (error) {
      const trouble = troubleOf(error);
      this.#troubled(trouble);
      if (trouble === 'damaged' && !this.#isBlocked()) return undefined;
      throw backendErrorOf(trouble);
    }
  }

  /** Resolves when committed; `signal` as in `WriteQueue.add`. @throws BackendError at once while closed or blocked */
  write<K extends Operation['kind']>(
    operation: Extract<Operation, { readonly kind: K }>,
    signal?: AbortSignal,
  ): Promise<Results[K]> {
    if (this.#isClosed) throw closedError();
    if (this.#isBlocked()) throw this.#blockedError();
    return this.#queue.add(operation, signal);
  }

  /**
   * Value and expiry as the file stores them. Copies the bytes: the caller may reuse them, and a view of a Buffer pool
   * would send the whole pool to the thread. @throws BackendError for a value too large and for an invalid ttl
   */
  accept(value: Uint8Array, ttlMs: number): { readonly value: Uint8Array; readonly expiresAtMs: number } {
    if (value.byteLength > this.#limits.maxSizeBytes * LARGEST_VALUE_RATIO)
      throw new BackendError('permanent', 'The value is too large for the embedded store.');
    if (!(ttlMs > 0) || !Number.isFinite(ttlMs))
      throw new BackendError('permanent', 'An entry needs a finite ttl above 0.');
    return { value: Uint8Array.from(value), expiresAtMs: Math.ceil(this.clock.nowMs() + ttlMs) };
  }

  /** @throws BackendError or an error of SQLite */
  ping(): void {
    this.#open().db.prepare('SELECT 1').get();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#queue.close();
    this.#file?.close();
    this.#file = undefined;
  }

  /** @throws BackendError */
  #open(): SqliteFile {
    if (this.#isClosed) throw closedError();
    if (this.#isBlocked()) throw this.#blockedError();
    const nowMs = this.clock.monotonicMs();
    if (this.#file !== undefined && nowMs - this.#lastPathCheckMs < CHECK_PATH_EVERY_MS) return this.#file;
    this.#lastPathCheckMs = nowMs;
    // Another process may have set the file aside, or somebody may have emptied the folder.
    if (this.#file !== undefined && inodeOf(this.#folder) === this.#file.inode) return this.#file;
    if (this.#file !== undefined) this.#reopen();
    // A listener of `onReplaced` may have opened the new file already.
    return this.#file ?? this.#openNew();
  }

  #openNew(): SqliteFile {
    for (let attempt = 0; ; attempt++) {
      try {
        this.#file = openFile(this.#folder, this.#limits);
        this.#publishState(false);
        return this.#file;
      } catch (error) {
        const trouble = troubleOf(error);
        this.#troubled(trouble, true);
        if (trouble !== 'damaged' || this.#isBlocked() || attempt > 0) throw backendErrorOf(trouble);
      }
    }
  }

  #reopen(): void {
    const wasOpen = this.#file !== undefined;
    this.#file?.close();
    this.#file = undefined;
    this.#generation++;
    if (wasOpen) this.#onReplaced();
  }

  #isBlocked(): boolean {
    return this.clock.monotonicMs() < this.#blockedUntilMs;
  }

  /**
   * The error while operations are known to fail, given without disk access. Permanent errors open no breaker for
   * reads.
   */
  #blockedError(): BackendError {
    if (this.#blockedBy === 'busy') return backendErrorOf('busy');
    return new BackendError('permanent', 'The embedded store cannot be used at the moment.');
  }

  #block(trouble: SqliteTrouble, untilMs: number): void {
    this.#blockedBy = trouble;
    this.#blockedUntilMs = untilMs;
    if (trouble !== 'busy') this.#publishState(true);
    if (trouble === 'unwritable') warnUnwritable(this.#folder);
  }

  /** Reacts to trouble. `whileOpening`: a file that cannot be opened blocks the store for a while, for any reason. */
  #troubled(trouble: SqliteTrouble, whileOpening = false): void {
    const nowMs = this.clock.monotonicMs();
    if (trouble === 'damaged') this.#setAside(nowMs);
    else if (trouble === 'unwritable' || (whileOpening && trouble !== 'busy')) {
      this.#reopen();
      this.#block(trouble, nowMs + UNWRITABLE_RETRY_MS);
    } else if (whileOpening) this.#block('busy', nowMs + BUSY_RETRY_MS);
  }

  #setAside(nowMs: number): void {
    const opened = this.#file?.inode;
    this.#reopen();
    // Another process has already replaced the damaged file.
    if (opened !== undefined && opened !== inodeOf(this.#folder)) return;
    const dueMs = this.#setAsideAtMs + SET_ASIDE_EVERY_MS;
    if (nowMs < dueMs) this.#block('damaged', dueMs);
    else if (setAside(this.#folder, Date.now())) {
      this.#setAsideAtMs = nowMs;
      publish('cachekit:state', { subject: 'store', backend: 'embedded', state: 'quarantined' });
    } else this.#block('unwritable', nowMs + UNWRITABLE_RETRY_MS);
  }

  #publishState(isDown: boolean): void {
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    publish('cachekit:state', { subject: 'store', backend: 'embedded', state: isDown ? 'down' : 'up' });
  }
}

function warnUnwritable(folder: string): void {
  const text = `The embedded store in ${folder} cannot be written: nothing is stored, and memory serves for 10 s at most.`;
  notice('CACHEKIT_NO_STORE', `${text} It is tried again every ${UNWRITABLE_RETRY_MS / 1000} s.`);
}

/** The error of every operation after `close()`. */
export function closedError(): BackendError {
  return new BackendError('transient', 'The embedded store is closed.');
}
