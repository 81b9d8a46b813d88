// The lines of writes of this copy of the package: one per backend, whatever the number of sites.
import { backendKey, type BackendChoice } from '../../config/choose-backend.ts';
import { WRITE_LIMITS, WriteBehind } from '../../flow/write-behind.ts';
import { registry } from '../registry.ts';

const lines = new Map<unknown, WriteBehind>();

/** The line in front of that backend. Not more writes at once than `configure({ backpressure })` allows operations. */
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

/** Writes that found no room in the line of that backend. */
export function droppedWrites(choice: BackendChoice): number {
  return lines.get(backendKey(choice))?.dropped ?? 0;
}

/** Other limits may hold from now on. What is in the old lines goes its way. */
export function forgetWriteLines(): void {
  lines.clear();
}
