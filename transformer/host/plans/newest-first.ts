// Folders of one folder, by when something in them was written last.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Names; those with a leading dot are left out. `stampOf`: the file, or folder, whose time counts. */
export function newestFirst(root: string, stampOf: (name: string) => string): readonly string[] {
  return namesIn(root)
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ name, atMs: modifiedMs(stampOf(name)) }))
    .toSorted((a, b) => b.atMs - a.atMs)
    .map(({ name }) => name);
}

/** Removes the others. @throws what `node:fs` throws. */
export function keepNewest(root: string, count: number, stampOf: (name: string) => string): void {
  for (const name of newestFirst(root, stampOf).slice(count))
    rmSync(join(root, name), { recursive: true, force: true });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing was written yet
  }
}

function modifiedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
