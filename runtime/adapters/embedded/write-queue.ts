// Collects changes for the writer: a few milliseconds' worth per transaction, readable before they are written.
import { BackendError } from '../../backend/backend-error.ts';
import type { Change } from './apply-batch.ts';
import { backendErrorOf, type SqliteTrouble } from './sqlite-file.ts';
import type { RunningWriter } from './start-writer.ts';

export interface WriteQueueOptions {
  readonly start: () => RunningWriter;
  /** Wall clock, epoch ms. */
  readonly nowMs: () => number;
  /** Most bytes of values in one transaction. */
  readonly batchBytes: number;
  /** Told before the changes are rejected and before the next batch; returns the generation of the file from now on. */
  readonly onTrouble: (trouble: SqliteTrouble) => void;
  readonly generation: () => number;
}

interface Waiting {
  change: Change;
  readonly settle: ((error: BackendError | undefined) => void)[];
}

const BATCH_EVERY_MS = 5;
const MOST_QUEUED_BYTES = 64 * 1024 ** 2;
const MOST_QUEUED_ENTRIES = 20_000;
/** Another process holds the lock: tried again this long. */
const BUSY_FOR_MS = 1000;
const BUSY_PAUSE_MS = 7;
const CLOSE_WITHIN_MS = 600;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const sizeOf = (change: Change): number => (change.value?.byteLength ?? 0) + change.key.length;

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  #queued = new Map<string, Waiting>();
  #writing = new Map<string, Waiting>();
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writer: RunningWriter | undefined;
  #running: Promise<void> | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** The latest change of the key that is not committed yet. */
  pending(key: string): Change | undefined {
    return (this.#queued.get(key) ?? this.#writing.get(key))?.change;
  }

  /** Resolves when committed. Rejects with BackendError. */
  put(change: Change): Promise<void> {
    if (this.#queuedBytes > MOST_QUEUED_BYTES || this.#queued.size >= MOST_QUEUED_ENTRIES) {
      return Promise.reject(new BackendError('transient', 'The embedded store cannot keep up.'));
    }
    return new Promise((resolve, reject) => {
      const settle = (error: BackendError | undefined): void =>
        error === undefined ? resolve() : reject(error);
      const earlier = this.#queued.get(change.key);
      this.#queuedBytes += sizeOf(change) - (earlier === undefined ? 0 : sizeOf(earlier.change));
      if (earlier === undefined) this.#queued.set(change.key, { change, settle: [settle] });
      else {
        earlier.change = change;
        earlier.settle.push(settle);
      }
      // Not unref'd: an ending process writes what it accepted.
      if (this.#running === undefined) this.#timer ??= setTimeout(() => this.#begin(), BATCH_EVERY_MS);
    });
  }

  /** Writes what is queued, as far as there is time, and ends the writer. Never rejects. */
  async close(): Promise<void> {
    if (this.#queued.size > 0 && this.#running === undefined) this.#begin();
    const limit = pauseWithHandle(CLOSE_WITHIN_MS);
    await Promise.race([this.#running ?? Promise.resolve(), limit.done]);
    limit.cancel();
    this.#settle(this.#queued, new BackendError('transient', 'The embedded store was closed.'));
    await this.#writer?.close();
    this.#settle(this.#writing, new BackendError('transient', 'The embedded store was closed.'));
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    const writer = (this.#writer ??= this.#options.start());
    while (this.#queued.size > 0) {
      this.#take(writer.batchEntries);
      const trouble = await this.#write(writer);
      if (trouble === undefined) this.#settle(this.#writing, undefined);
      else {
        this.#options.onTrouble(trouble);
        this.#settle(this.#writing, backendErrorOf(trouble));
      }
    }
  }

  #take(mostEntries: number): void {
    let bytes = 0;
    for (const [key, waiting] of this.#queued) {
      const size = sizeOf(waiting.change);
      if (this.#writing.size >= mostEntries || (bytes > 0 && bytes + size > this.#options.batchBytes)) break;
      bytes += size;
      this.#queuedBytes -= size;
      this.#queued.delete(key);
      this.#writing.set(key, waiting);
    }
  }

  async #write(writer: RunningWriter): Promise<SqliteTrouble | undefined> {
    const changes = Array.from(this.#writing.values(), (waiting) => waiting.change);
    const giveUpAtMs = performance.now() + BUSY_FOR_MS;
    for (;;) {
      const trouble = await writer.write({
        nowMs: this.#options.nowMs(),
        generation: this.#options.generation(),
        changes,
      });
      if (trouble !== 'busy' || performance.now() >= giveUpAtMs) return trouble;
      await pause(BUSY_PAUSE_MS * (0.5 + Math.random()));
    }
  }

  /** Ends all of them: with an error, or committed. */
  #settle(waitings: Map<string, Waiting>, error: BackendError | undefined): void {
    const settles = Array.from(waitings.values(), (waiting) => waiting.settle).flat();
    waitings.clear();
    for (const settle of settles) settle(error);
  }
}

function pauseWithHandle(ms: number): { readonly done: Promise<void>; readonly cancel: () => void } {
  let cancel = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    cancel = () => clearTimeout(timer);
  });
  return { done, cancel };
}
