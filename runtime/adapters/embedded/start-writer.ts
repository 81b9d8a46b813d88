// Starts the writer: a worker thread where its file can be found, else small batches in this thread.
import type { Worker } from 'node:worker_threads';
import { notice } from '../../observe/notice.ts';
import { createWriter, type Applied, type Batch } from './apply-batch.ts';
import type { FileLimits } from './sqlite-file.ts';
import type { WriterData, WriterReply, WriterRequest } from './writer.ts';

// Not imported: see `value/node-types.ts`.
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
const { fileURLToPath } = process.getBuiltinModule('node:url');

export interface RunningWriter {
  /** One batch at a time. Never rejects. */
  write(batch: Batch): Promise<Applied>;
  /** Entries per batch that keep its thread responsive. */
  readonly batchEntries: number;
  close(): Promise<void>;
}

/** Beside this file in the sources and in an unbundled build; below it when this file became part of a chunk. */
const PLACES = ['./writer', './adapters/embedded/writer', '../adapters/embedded/writer', './embedded/writer'];

/** A file of that name next to a bundle may be the application's own. */
function isWriterFile(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').includes('cachekitWriter');
}

/** undefined when all code was bundled into one file. */
export function findWriterFile(here: string | undefined = import.meta.url): URL | undefined {
  if (here === undefined || !here.startsWith('file:')) return undefined;
  const extensions = here.endsWith('.ts') ? ['.ts'] : ['.js', '.mjs'];
  for (const place of PLACES) {
    for (const extension of extensions) {
      const url = new URL(place + extension, here);
      if (isWriterFile(fileURLToPath(url))) return url;
    }
  }
  return undefined;
}

/** Every batch that writes here stops everything else for its duration: it is kept small. */
const ENTRIES_IN_PROCESS = 32;
const ENTRIES_IN_THREAD = 500;
const SWEEP_MS = { again: 50, idle: 1000 };

function startInProcess(folder: string, limits: FileLimits): RunningWriter {
  const writer = createWriter(folder, limits);
  let sweepDueMs = performance.now() + SWEEP_MS.idle;
  return {
    batchEntries: ENTRIES_IN_PROCESS,
    async write(batch) {
      const applied = writer.apply(batch);
      if (performance.now() >= sweepDueMs) {
        sweepDueMs = performance.now() + (writer.sweep(batch.nowMs) ? SWEEP_MS.again : SWEEP_MS.idle);
      }
      // The next batch of a long queue waits until everybody else had a turn.
      await new Promise((resolve) => setImmediate(resolve));
      return applied;
    },
    async close() {
      writer.close();
    },
  };
}

/** Writes in this thread until the other one is up, and again should it ever end: no batch waits for a thread. */
class ThreadedWriter implements RunningWriter {
  readonly #worker: Worker;
  readonly #inProcess: () => RunningWriter;
  #local: RunningWriter | undefined;
  #isReady = false;
  #isClosing = false;
  #waiting: { readonly batch: Batch; readonly resolve: (applied: Applied) => void } | undefined;

  constructor(worker: Worker, inProcess: () => RunningWriter) {
    this.#worker = worker;
    this.#inProcess = inProcess;
    worker.on('message', (reply: WriterReply) => this.#onReply(reply));
    worker.on('error', () => this.#onLost());
    worker.on('exit', () => this.#onLost());
    // After the listeners: one for messages keeps the process alive.
    worker.unref();
  }

  get batchEntries(): number {
    return this.#isReady ? ENTRIES_IN_THREAD : ENTRIES_IN_PROCESS;
  }

  async write(batch: Batch): Promise<Applied> {
    if (!this.#isReady) return this.#here().write(batch);
    await this.#local?.close();
    this.#local = undefined;
    return new Promise((resolve) => {
      this.#waiting = { batch, resolve };
      // Somebody waits for this commit: the process stays until the answer.
      this.#worker.ref();
      this.#worker.postMessage(batch satisfies WriterRequest);
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#local?.close();
    if (this.#isReady) await this.#endGently();
    else await this.#worker.terminate();
  }

  #here(): RunningWriter {
    return (this.#local ??= this.#inProcess());
  }

  #onReply(reply: WriterReply): void {
    if (reply === 'ready') this.#isReady = true;
    else this.#answer(reply);
  }

  #answer(applied: Applied): void {
    this.#worker.unref();
    this.#waiting?.resolve(applied);
    this.#waiting = undefined;
  }

  #onLost(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#isReady = false;
    sayInProcess('its thread ended');
    const batch = this.#waiting?.batch;
    if (batch === undefined) return;
    void this.#here()
      .write(batch)
      .then((applied) => this.#answer(applied));
  }

  /** Time to finish a transaction; the file survives being cut off as well. */
  async #endGently(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.ref();
    this.#worker.postMessage('close' satisfies WriterRequest);
    const timer = setTimeout(() => void this.#worker.terminate(), 200);
    await ended;
    clearTimeout(timer);
    this.#answer({ trouble: 'other' });
  }
}

function sayInProcess(why: string): void {
  notice('CACHEKIT_EMBEDDED_WRITER', `The embedded store writes in the main thread: ${why}.`);
}

/** Lazily: call it with the first batch. */
export function startWriter(folder: string, limits: FileLimits): RunningWriter {
  const inProcess = (): RunningWriter => startInProcess(folder, limits);
  const file = findWriterFile();
  if (file === undefined) {
    sayInProcess('the file of its thread was bundled away');
    return inProcess();
  }
  const workerData: WriterData = { cachekitWriter: true, folder, limits };
  try {
    // A clean thread: no loaders, no conditions, no environment of the application.
    const worker = new (process.getBuiltinModule('node:worker_threads').Worker)(file, {
      workerData,
      execArgv: [],
      env: {},
      name: 'cachekit-writer',
    });
    return new ThreadedWriter(worker, inProcess);
  } catch {
    sayInProcess('threads cannot be started');
    return inProcess();
  }
}
