// The write queues of this copy of the package: one per backend, shared by all sites.
import { backendKey, type BackendChoice } from '../../config/choose-backend.ts';
import { WRITE_LIMITS, WriteBehind } from '../../flow/write-behind.ts';
import { registry } from '../registry.ts';

const lines = new Map<unknown, WriteBehind>();

/** The queue of that backend. It runs no more writes at once than `configure({ backpressure })` allows. */
export function writeLineOf(choice: BackendChoice): WriteBehind {
  const key = backendKey(choice);
  let line = lines.get(key);
  if (line === undefined) {
    const { maxConcurrent = WRITE_LIMITS.atOnce } = registry().config.backpressure ?? {};
    line = new WriteBehind({ ...WRITE_LIMITS, atOnce: Math.min(WRITE_LIMITS.atOnce, maxConcurrent) });
    lines.set(key, line);
  }
  return line;
}

/** Number of writes to that backend that were dropped because its queue was full. */
export function droppedWrites(choice: BackendChoice): number {
  return lines.get(backendKey(choice))?.dropped ?? 0;
}

/** Makes new queues, as limits may have changed. Writes in the old ones continue. */
export function forgetWriteLines(): void {
  lines.clear();
}
