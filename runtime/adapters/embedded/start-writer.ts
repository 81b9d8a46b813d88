// Starts the writer: in a worker thread if its file can be found, else with small batches in the main thread.
import type { Worker } from 'node:worker_threads';
import { notice } from '../../observe/notice.ts';
import { createWriter, type Applied, type Batch } from './apply-batch.ts';
import type { FileLimits } from './sqlite-file.ts';
import type { WriterData, WriterReply, WriterRequest } from './writer.ts';

// Not imported: see `value/node-types.ts`.
const { existsSync, readFileSync } = process.getBuiltinModule('node:fs');
const { fileURLToPath } = process.getBuiltinModule('node:url');

/** A writer that works, in whichever thread. */
export interface RunningWriter {
  /** One batch at a time. Never rejects. */
  write(batch: Batch): Promise<Applied>;
  /** Most operations per batch that keep its thread responsive. */
  readonly batchEntries: number;
  close(): Promise<void>;
}

/** Where the writer's file can be: beside this file in the sources; elsewhere when this file is part of a chunk. */
const PLACES = ['./writer', './adapters/embedded/writer', '../adapters/embedded/writer', './embedded/writer'];

/** Looks into the file, because a `writer.js` beside a bundle may be the application's own. */
function isWriterFile(path: string): boolean {
  return existsSync(path) && readFileSync(path, 'utf8').includes('cachekitWriter');
}

/** URL of the writer's file; undefined when all code was bundled into one file. */
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

/** Small, because a batch in the main thread blocks the event loop for its duration. */
const ENTRIES_IN_PROCESS = 32;
const ENTRIES_IN_THREAD = 500;
/** Pause between sweeps: `again` while there is something left to sweep. */
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
      // Gives the event loop a turn before the next batch of a long queue.
      await new Promise((resolve) => setImmediate(resolve));
      return applied;
    },
    async close() {
      writer.close();
    },
  };
}

/** Writes in the main thread until the worker is ready, and again if the worker ever ends: no batch waits for one. */
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
    // After the listeners: adding one for messages makes the worker keep the process alive.
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
      // A caller waits for this commit: the process must stay alive until the answer.
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

  /** Gives the worker 200 ms to finish its transaction. The file survives if it is cut off. */
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

/** Starts a writer at once, so call it only when there is a batch. Never throws. */
export function startWriter(folder: string, limits: FileLimits): RunningWriter {
  const inProcess = (): RunningWriter => startInProcess(folder, limits);
  const file = findWriterFile();
  if (file === undefined) {
    sayInProcess('the file of its thread was bundled away');
    return inProcess();
  }
  const workerData: WriterData = { cachekitWriter: true, folder, limits };
  try {
    // The thread gets no loaders, conditions or environment variables of the application.
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
