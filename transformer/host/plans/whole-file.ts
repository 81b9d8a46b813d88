// Reads and writes one value per file, where any process may write at any time. A file is written atomically, by
// renaming, and starts with a checksum: what is unreadable or damaged counts as missing.
import { hash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

const SUM_BYTES = 32;

/** Replaces the file. @throws what `node:fs` throws. */
export function writeWhole(file: string, value: unknown): void {
  const body = serialize(value);
  const temporary = join(dirname(file), `.${randomUUID()}`);
  writeFileSync(temporary, Buffer.concat([sumOf(body), body]));
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The value in the file; undefined: missing, unreadable or damaged. */
export function readWhole(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(SUM_BYTES);
    return sumOf(body).equals(bytes.subarray(0, SUM_BYTES)) ? deserialize(body) : undefined;
  } catch {
    return undefined;
  }
}

function sumOf(body: Uint8Array): Buffer {
  return hash('sha256', body, 'buffer');
}
