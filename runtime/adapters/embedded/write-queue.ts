// Queues operations for the writer. Urgent ones are written at once; values are collected for a few milliseconds, to
// share a transaction.
import { BackendError } from '../../backend/backend-error.ts';
import type { Applied } from './apply-batch.ts';
import { isUrgent, type Operation, type Put, type Result, type Results } from './operation.ts';
import { backendErrorOf, type SqliteTrouble } from './sqlite-file.ts';
import type { RunningWriter } from './start-writer.ts';

/** What a queue needs from its store. */
export interface WriteQueueOptions {
  /** Starts the writer; called with the first operation. */
  readonly start: () => RunningWriter;
  /** Wall clock, epoch ms. */
  readonly nowMs: () => number;
  /** Most bytes of values in one transaction. */
  readonly batchBytes: number;
  /** Called when a batch has failed: before its operations are rejected and before the next batch. */
  readonly onTrouble: (trouble: SqliteTrouble) => void;
  /** Present generation of the file (see `Batch`). */
  readonly generation: () => number;
}

type Settle = (outcome: { readonly result: Result } | { readonly error: BackendError }) => void;

interface Waiting {
  readonly operation: Operation;
  readonly settle: Settle[];
}

const BATCH_EVERY_MS = 5;
const MOST_QUEUED_BYTES = 64 * 1024 ** 2;
const MOST_QUEUED_ENTRIES = 20_000;
/** Most values in one batch while something urgent waits. */
const ENTRIES_BETWEEN_URGENT = 32;
/** How long a batch is tried again while another process holds the write lock. */
const BUSY_FOR_MS = 1000;
const BUSY_PAUSE_MS = 7;
const CLOSE_WITHIN_MS = 600;

/** Approximate size of a log record. */
const RECORD_BYTES = 100;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function sizeOf(operation: Operation): number {
  const valueBytes = 'value' in operation ? (operation.value?.byteLength ?? 0) : 0;
  return valueBytes + ('key' in operation ? operation.key.length : RECORD_BYTES);
}

/** Key of an operation that is certain to write or delete an entry. undefined: the operation may not do so. */
function writtenKey(operation: Operation): string | undefined {
  if (operation.kind === 'put') return operation.key;
  return operation.kind === 'append' && operation.subjectKind === 'key'
    ? operation.request.subject
    : undefined;
}

/** Batches operations and runs one batch at a time. */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #urgent = new Set<Waiting>();
  readonly #queued = new Set<Waiting>();
  readonly #writing = new Set<Waiting>();
  /** Per key, the last write that is certain to take effect once committed. Reads see it before that. */
  readonly #latest = new Map<string, Waiting>();
  #queuedBytes = 0;
  #wasUrgent = false;
  #timer: NodeJS.Timeout | undefined;
  #writer: RunningWriter | undefined;
  #running: Promise<void> | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** The latest uncommitted write of the key; an invalidation counts as a delete. */
  pending(key: string): Pick<Put, 'value' | 'expiresAtMs'> | undefined {
    const operation = this.#latest.get(key)?.operation;
    if (operation === undefined) return undefined;
    return operation.kind === 'put' ? operation : { value: undefined, expiresAtMs: 0 };
  }

  /** Resolves when committed. Rejects with BackendError. An abort drops an operation that still waits in the queue. */
  add<K extends Operation['kind']>(
    operation: Extract<Operation, { readonly kind: K }>,
    signal?: AbortSignal,
  ): Promise<Results[K]> {
    const list = isUrgent(operation) ? this.#urgent : this.#queued;
    if (list.size >= MOST_QUEUED_ENTRIES || (list === this.#queued && this.#queuedBytes > MOST_QUEUED_BYTES))
      return Promise.reject(new BackendError('transient', 'The embedded store cannot keep up.'));
    return new Promise((resolve, reject) => {
      const settle: Settle = (outcome) => {
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.result as Results[K]); // the writer answers each kind with its own result
      };
      const waiting = this.#place(operation, settle);
      if (signal !== undefined) this.#dropWhenAborted(waiting, list, signal);
      if (this.#running !== undefined) return;
      // The timer is not unref'd, so that an ending process still writes what it accepted.
      if (isUrgent(operation)) this.#begin();
      else this.#timer ??= setTimeout(() => this.#begin(), BATCH_EVERY_MS);
    });
  }

  /** Writes the queue for up to 600 ms, rejects the rest, and ends the writer. Never rejects itself. */
  async close(): Promise<void> {
    if (this.#isWaiting() && this.#running === undefined) this.#begin();
    const limit = pauseWithHandle(CLOSE_WITHIN_MS);
    await Promise.race([this.#running ?? Promise.resolve(), limit.done]);
    limit.cancel();
    const closed = new BackendError('transient', 'The embedded store was closed.');
    for (const list of [this.#urgent, this.#queued]) this.#settle(list, () => ({ error: closed }));
    await this.#writer?.close();
    this.#settle(this.#writing, () => ({ error: closed }));
  }

  #isWaiting(): boolean {
    return this.#queued.size > 0 || this.#urgent.size > 0;
  }

  /**
   * Queues the operation. A queued value of the same key is dropped: a later value replaces it, and after an
   * invalidation, which overtakes values, it would bring old data back. It settles together with the later operation.
   */
  #place(operation: Operation, settle: Settle): Waiting {
    const key = writtenKey(operation);
    const settles = [settle];
    const earlier = key === undefined ? undefined : this.#latest.get(key);
    if (earlier !== undefined && this.#queued.has(earlier)) {
      this.#leave(earlier, this.#queued);
      settles.unshift(...earlier.settle);
    }
    const waiting: Waiting = { operation, settle: settles };
    if (isUrgent(operation)) this.#urgent.add(waiting);
    else {
      this.#queued.add(waiting);
      this.#queuedBytes += sizeOf(operation);
    }
    if (key !== undefined) this.#latest.set(key, waiting);
    return waiting;
  }

  #leave(waiting: Waiting, list: Set<Waiting>): void {
    if (list.delete(waiting) && list === this.#queued) this.#queuedBytes -= sizeOf(waiting.operation);
  }

  #dropWhenAborted(waiting: Waiting, list: Set<Waiting>, signal: AbortSignal): void {
    const onAbort = (): void => {
      if (!list.has(waiting)) return;
      this.#leave(waiting, list);
      const error = new BackendError('timeout', 'The embedded store did not answer in time.');
      for (const settle of waiting.settle) settle({ error });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    waiting.settle.push(() => signal.removeEventListener('abort', onAbort));
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
    // Waits for the end of this turn: whatever it adds joins the first batch.
    await Promise.resolve();
    while (this.#isWaiting()) {
      this.#take(writer.batchEntries);
      const applied = await this.#write(writer);
      if ('results' in applied) this.#settle(this.#writing, (at) => ({ result: applied.results[at] }));
      else {
        this.#options.onTrouble(applied.trouble);
        const error = backendErrorOf(applied.trouble);
        this.#settle(this.#writing, () => ({ error }));
      }
    }
  }

  /**
   * Moves the next batch to `#writing`. Urgent operations never share a batch with values, because a value that does
   * not fit would fail them. While both wait, batches alternate.
   */
  #take(batchEntries: number): void {
    const isUrgentTurn = this.#urgent.size > 0 && (!this.#wasUrgent || this.#queued.size === 0);
    this.#wasUrgent = isUrgentTurn;
    const list = isUrgentTurn ? this.#urgent : this.#queued;
    const most = isUrgentTurn || this.#urgent.size === 0 ? batchEntries : ENTRIES_BETWEEN_URGENT;
    let bytes = 0;
    for (const waiting of list) {
      const size = sizeOf(waiting.operation);
      if (this.#writing.size >= most || (bytes > 0 && bytes + size > this.#options.batchBytes)) break;
      bytes += size;
      this.#leave(waiting, list);
      this.#writing.add(waiting);
    }
  }

  async #write(writer: RunningWriter): Promise<Applied> {
    const operations = Array.from(this.#writing, (waiting) => waiting.operation);
    const giveUpAtMs = performance.now() + BUSY_FOR_MS;
    for (;;) {
      const { nowMs, generation } = this.#options;
      const applied = await writer.write({ nowMs: nowMs(), generation: generation(), operations });
      if (!('trouble' in applied) || applied.trouble !== 'busy' || performance.now() >= giveUpAtMs)
        return applied;
      await pause(BUSY_PAUSE_MS * (0.5 + Math.random()));
    }
  }

  /** Empties `list` and settles each operation with its outcome. */
  #settle(list: Set<Waiting>, outcomeOf: (at: number) => Parameters<Settle>[0]): void {
    const ended = [...list];
    for (const waiting of ended) {
      this.#leave(waiting, list);
      const key = writtenKey(waiting.operation);
      if (key !== undefined && this.#latest.get(key) === waiting) this.#latest.delete(key);
    }
    for (const [at, waiting] of ended.entries()) for (const settle of waiting.settle) settle(outcomeOf(at));
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
