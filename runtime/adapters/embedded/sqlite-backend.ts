// The embedded store: one SQLite file that several processes share. Reads here and now, writes in a thread.
import { BackendError } from '../../backend/backend-error.ts';
import type { Backend } from '../../backend/backend.ts';
import { systemClock, type Clock } from '../../config/clock.ts';
import { CacheKitError } from '../../errors/cachekit-error.ts';
import { publish } from '../../observe/publish.ts';
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

export interface EmbeddedBackendOptions {
  /** Folder of the store; made when it is not there. Never a network drive. */
  readonly path: string;
  /** Of the file and its log, bytes. At least 1 MiB. Default 512 MiB. */
  readonly maxSizeBytes?: number;
  readonly clock?: Clock;
}

/** A damaged file is set aside at most this often: a disk that damages every file must not fill up with them. */
const SET_ASIDE_EVERY_MS = 60_000;
const UNWRITABLE_RETRY_MS = 5000;
const BUSY_RETRY_MS = 50;
const LOOK_EVERY_MS = 1000;
const LEAST_SIZE_BYTES = 1024 ** 2;
/** A larger value would push out too much of the rest. */
const LARGEST_VALUE_RATIO = 1 / 8;

class SqliteStore {
  readonly #folder: string;
  readonly #limits: { readonly maxSizeBytes: number };
  readonly #clock: Clock;
  readonly #queue: WriteQueue;
  #file: SqliteFile | undefined;
  #lastLookMs = 0;
  #generation = 0;
  #setAsideAtMs = -Infinity;
  #blockedUntilMs = -Infinity;
  #blockedBy: SqliteTrouble = 'other';
  #isDown = false;
  #isClosed = false;

  constructor(folder: string, maxSizeBytes: number, clock: Clock) {
    this.#folder = folder;
    this.#limits = { maxSizeBytes };
    this.#clock = clock;
    this.#queue = new WriteQueue({
      start: () => startWriter(folder, this.#limits),
      nowMs: () => clock.nowMs(),
      batchBytes: Math.min(4 * 1024 ** 2, Math.floor(logBytesOf(this.#limits) / 2)),
      onTrouble: (trouble) => this.#troubled(trouble),
      generation: () => this.#generation,
    });
  }

  get(key: string): Uint8Array | undefined {
    const pending = this.#queue.pending(key);
    const nowMs = this.#clock.nowMs();
    if (pending !== undefined) {
      const isThere = pending.value !== undefined && pending.expiresAtMs > nowMs;
      return isThere ? pending.value.slice() : undefined;
    }
    const file = this.#open();
    try {
      const row = file.read.get(key);
      if (row === undefined || !(Number(row['exp']) > nowMs)) return undefined;
      return row['v'] instanceof Uint8Array ? row['v'] : undefined;
    } catch (error) {
      const trouble = troubleOf(error);
      this.#troubled(trouble);
      // The damaged file is gone, and with it the entry: that is a miss.
      if (trouble === 'damaged' && !this.#isBlocked()) return undefined;
      throw backendErrorOf(trouble);
    }
  }

  /** Resolves when committed. @throws BackendError at once for what cannot be accepted */
  put(key: string, value: Uint8Array | undefined, ttlMs: number): Promise<void> {
    if (this.#isClosed) throw closedError();
    if (value !== undefined && value.byteLength > this.#limits.maxSizeBytes * LARGEST_VALUE_RATIO) {
      throw new BackendError('permanent', 'The value is too large for the embedded store.');
    }
    if (!(ttlMs > 0) || !Number.isFinite(ttlMs)) {
      throw new BackendError('permanent', 'An entry needs a finite ttl above 0.');
    }
    if (this.#isBlocked()) throw this.#blockedError();
    // A copy: the caller may use its bytes again, and a view of a pool would send the whole pool to the thread.
    const own = value === undefined ? undefined : Uint8Array.from(value);
    return this.#queue.put({ key, value: own, expiresAtMs: Math.ceil(this.#clock.nowMs() + ttlMs) });
  }

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
    const nowMs = this.#clock.monotonicMs();
    if (this.#file !== undefined && nowMs - this.#lastLookMs < LOOK_EVERY_MS) return this.#file;
    this.#lastLookMs = nowMs;
    // Another process may have set the file aside, or somebody may have emptied the folder.
    if (this.#file !== undefined && inodeOf(this.#folder) === this.#file.inode) return this.#file;
    if (this.#file !== undefined) this.#reopen();
    return this.#openNew();
  }

  #openNew(): SqliteFile {
    for (let attempt = 0; ; attempt++) {
      try {
        this.#file = openFile(this.#folder, this.#limits);
        this.#tell(false);
        return this.#file;
      } catch (error) {
        const trouble = troubleOf(error);
        this.#troubled(trouble, true);
        if (trouble !== 'damaged' || this.#isBlocked() || attempt > 0) throw backendErrorOf(trouble);
      }
    }
  }

  #reopen(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#generation++;
  }

  #isBlocked(): boolean {
    return this.#clock.monotonicMs() < this.#blockedUntilMs;
  }

  /** Known to fail: said without touching the disk, and not as a reason to shut off reads. */
  #blockedError(): BackendError {
    if (this.#blockedBy === 'busy') return backendErrorOf('busy');
    return new BackendError('permanent', 'The embedded store cannot be used at the moment.');
  }

  #block(trouble: SqliteTrouble, untilMs: number): void {
    this.#blockedBy = trouble;
    this.#blockedUntilMs = untilMs;
    if (trouble !== 'busy') this.#tell(true);
  }

  /** What to do about it, once. `whileOpening`: a file that cannot even be opened is waited for, whatever it is. */
  #troubled(trouble: SqliteTrouble, whileOpening = false): void {
    const nowMs = this.#clock.monotonicMs();
    if (trouble === 'damaged') this.#setAside(nowMs);
    else if (trouble === 'unwritable' || (whileOpening && trouble !== 'busy')) {
      this.#reopen();
      this.#block(trouble, nowMs + UNWRITABLE_RETRY_MS);
    } else if (whileOpening) this.#block('busy', nowMs + BUSY_RETRY_MS);
  }

  #setAside(nowMs: number): void {
    const opened = this.#file?.inode;
    this.#reopen();
    // Another process was faster: the file at the path is a new one already.
    if (opened !== undefined && opened !== inodeOf(this.#folder)) return;
    const dueMs = this.#setAsideAtMs + SET_ASIDE_EVERY_MS;
    if (nowMs < dueMs) this.#block('damaged', dueMs);
    else if (setAside(this.#folder, Date.now())) {
      this.#setAsideAtMs = nowMs;
      publish('cachekit:state', { subject: 'store', backend: 'embedded', state: 'quarantined' });
    } else this.#block('unwritable', nowMs + UNWRITABLE_RETRY_MS);
  }

  #tell(isDown: boolean): void {
    if (isDown === this.#isDown) return;
    this.#isDown = isDown;
    publish('cachekit:state', { subject: 'store', backend: 'embedded', state: isDown ? 'down' : 'up' });
  }
}

function closedError(): BackendError {
  return new BackendError('transient', 'The embedded store is closed.');
}

/** Rejects at once when aborted; the work goes on. */
function untilAborted<T>(signal: AbortSignal, run: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void =>
      reject(new BackendError('timeout', 'The embedded store did not answer in time.'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const work = (async () => run())();
    work.then(resolve, reject);
    work.finally(() => signal.removeEventListener('abort', onAbort)).catch(() => undefined);
    return undefined;
  });
}

/**
 * Nothing is opened before the first operation. Survives SIGKILL; damaged files are set aside and begun anew.
 * @throws ERR_CACHEKIT_CONFIG
 */
export function embeddedBackend(options: EmbeddedBackendOptions): Backend {
  const { path, maxSizeBytes = 512 * 1024 ** 2, clock = systemClock } = options;
  if (!Number.isFinite(maxSizeBytes) || maxSizeBytes < LEAST_SIZE_BYTES) {
    throw new CacheKitError('ERR_CACHEKIT_CONFIG', 'The embedded store needs a size of at least 1 MiB.');
  }
  const store = new SqliteStore(path, maxSizeBytes, clock);
  return {
    name: 'embedded',
    get: (key, signal) => untilAborted(signal, () => store.get(key)),
    set: (key, value, ttlMs, signal) => untilAborted(signal, () => store.put(key, value, ttlMs)),
    delete: (key, signal) => untilAborted(signal, () => store.put(key, undefined, 1)),
    ping: (signal) => untilAborted(signal, () => store.ping()),
    close: () => store.close(),
    sync: {
      get: (key) => store.get(key),
      set: (key, value, ttlMs) => {
        // Accepted, not durable: nobody waits for what becomes of it.
        store.put(key, value, ttlMs).catch(() => undefined);
      },
    },
  };
}
