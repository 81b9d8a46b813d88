// What the cached functions read: a version per key in a file that all processes of a test share. The page cache makes it
// the same for all of them at once, so it is the truth that answers are held against.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const BYTES = 4;

export interface TruthFile {
  version(key: number): number;
  /** One writer per key. Returns the new version. */
  bump(key: number): number;
  close(): void;
}

/** @throws when the file is not there; `createTruthFile` makes one */
export function openTruthFile(path: string): TruthFile {
  const file = openSync(path, 'r+');
  const cell = Buffer.alloc(BYTES);
  const version = (key: number): number => {
    cell.fill(0);
    readSync(file, cell, 0, BYTES, key * BYTES);
    return cell.readUInt32LE(0);
  };
  return {
    version,
    bump(key) {
      const next = version(key) + 1;
      cell.writeUInt32LE(next);
      writeSync(file, cell, 0, BYTES, key * BYTES);
      return next;
    },
    close: () => closeSync(file),
  };
}

export function createTruthFile(path: string, keys: number): TruthFile {
  const file = openSync(path, 'w');
  writeSync(file, Buffer.alloc(keys * BYTES));
  closeSync(file);
  return openTruthFile(path);
}
