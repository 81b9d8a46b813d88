// Lists the folders in a cache folder by when they were last written, and removes the oldest.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { modifiedMs, namesIn } from '../disk.ts';

/**
 * Names in `root`, without hidden ones. `stampOf`: path of the file or folder whose modification time counts for a
 * name.
 */
export function newestFirst(root: string, stampOf: (name: string) => string): readonly string[] {
  return namesIn(root)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ name, atMs: modifiedMs(stampOf(name)) }))
    .toSorted((a, b) => b.atMs - a.atMs)
    .map(({ name }) => name);
}

/** Removes all but the `count` newest. @throws what `node:fs` throws. */
export function keepNewest(root: string, count: number, stampOf: (name: string) => string): void {
  for (const name of newestFirst(root, stampOf).slice(count))
    rmSync(join(root, name), { recursive: true, force: true });
}
