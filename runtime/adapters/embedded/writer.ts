// Entry point of the writer thread. Batches arrive one at a time; answers leave in the same order.
import { parentPort, workerData } from 'node:worker_threads';
import { createWriter, type Applied, type Batch } from './apply-batch.ts';
import type { FileLimits } from './sqlite-file.ts';

/** What the writer's thread is given when it starts. */
export interface WriterData {
  readonly cachekitWriter: true;
  readonly folder: string;
  readonly limits: FileLimits;
}

/** A batch to write, or the request to end. */
export type WriterRequest = Batch | 'close';

/** First `ready`, then one answer per batch. */
export type WriterReply = 'ready' | Applied;

const data = workerData as Partial<WriterData> | null | undefined; // another program may have started this file
if (
  parentPort !== null &&
  data?.cachekitWriter === true &&
  data.folder !== undefined &&
  data.limits !== undefined
) {
  serve(parentPort, createWriter(data.folder, data.limits));
}

function serve(port: NonNullable<typeof parentPort>, writer: ReturnType<typeof createWriter>): void {
  let sweepDueMs = 0;
  port.postMessage('ready' satisfies WriterReply);
  port.on('message', (request: WriterRequest) => {
    if (request === 'close') {
      writer.close();
      port.close();
      return;
    }
    port.postMessage(writer.apply(request) satisfies WriterReply);
    const nowMs = performance.now();
    if (nowMs < sweepDueMs) return;
    // At most every 50 ms while there is something to sweep, else every second.
    sweepDueMs = nowMs + (writer.sweep(request.nowMs) ? 50 : 1000);
  });
}
