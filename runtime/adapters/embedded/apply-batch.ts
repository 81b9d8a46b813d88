// Writes batches into the file: one transaction each, making room when there is none. Runs in the writer's thread.
import {
  inodeOf,
  limitPages,
  logBytesOf,
  openFile,
  troubleOf,
  type FileLimits,
  type SqliteFile,
  type SqliteTrouble,
} from './sqlite-file.ts';

export interface Change {
  readonly key: string;
  /** undefined: delete. */
  readonly value: Uint8Array | undefined;
  /** Epoch ms. */
  readonly expiresAtMs: number;
}

export interface Batch {
  readonly nowMs: number;
  /** Grows when the file was replaced: the writer opens the new one. */
  readonly generation: number;
  readonly changes: readonly Change[];
}

export interface Writer {
  /** undefined: committed. `busy`: nothing was written, try again. */
  apply(batch: Batch): SqliteTrouble | undefined;
  /** Removes up to 100 expired entries. True: there may be more. */
  sweep(nowMs: number): boolean;
  close(): void;
}

const SLICE = 100;
/** Making room removes this share of the size at least, so that the next batches fit as well. */
const ROOM_RATIO = 0.05;
const MOST_EVICTIONS = 40;

class FileWriter implements Writer {
  readonly #folder: string;
  readonly #limits: FileLimits;
  #file: SqliteFile | undefined;
  #generation = 0;

  constructor(folder: string, limits: FileLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  apply(batch: Batch): SqliteTrouble | undefined {
    if (batch.generation !== this.#generation) this.close();
    this.#generation = batch.generation;
    for (let evictions = 0; ; evictions++) {
      const trouble = this.#attempt((file) => write(file, batch));
      if (trouble !== 'full' || evictions === MOST_EVICTIONS) return trouble;
      const bytes = batch.changes.reduce((sum, change) => sum + (change.value?.byteLength ?? 0), 0);
      const wantedBytes = Math.max(2 * bytes, this.#limits.maxSizeBytes * ROOM_RATIO);
      let freed = 0;
      const evicted = this.#attempt((file) => {
        freed = evict(file, wantedBytes);
      });
      if (evicted !== undefined) return evicted;
      if (freed === 0) return 'full';
    }
  }

  sweep(nowMs: number): boolean {
    let removed = 0;
    this.#attempt((file) => {
      const { changes } = file.db
        .prepare(
          `DELETE FROM entry WHERE k IN (SELECT k FROM entry WHERE exp <= ? ORDER BY exp LIMIT ${SLICE})`,
        )
        .run(nowMs);
      removed = Number(changes);
    });
    return removed === SLICE;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** One transaction: all of it or nothing. */
  #attempt(run: (file: SqliteFile) => void): SqliteTrouble | undefined {
    try {
      const file = this.#open();
      file.db.exec('BEGIN IMMEDIATE');
      try {
        run(file);
        file.db.exec('COMMIT');
      } catch (error) {
        // Some errors have rolled back already.
        if (file.db.isTransaction) file.db.exec('ROLLBACK');
        throw error;
      }
      return undefined;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble !== 'busy' && trouble !== 'full') this.close();
      return trouble;
    }
  }

  /** Another process may have replaced the file, or somebody emptied the folder: looked at before each transaction. */
  #open(): SqliteFile {
    if (this.#file !== undefined && inodeOf(this.#folder) !== this.#file.inode) this.close();
    if (this.#file === undefined) {
      this.#file = openFile(this.#folder, this.#limits);
      shrink(this.#file, this.#limits);
    }
    return this.#file;
  }
}

function write(file: SqliteFile, batch: Batch): void {
  const put = file.db.prepare(
    'INSERT INTO entry(k, v, exp) VALUES (?, ?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v, exp = excluded.exp',
  );
  const remove = file.db.prepare('DELETE FROM entry WHERE k = ?');
  for (const { key, value, expiresAtMs } of batch.changes) {
    if (value === undefined) remove.run(key);
    else put.run(key, value, expiresAtMs);
  }
}

/** Removes what expires soonest. Returns the number of entries removed. */
function evict(file: SqliteFile, wantedBytes: number): number {
  const soonest = file.db.prepare(
    `SELECT k, length(v) + length(k) AS bytes FROM entry ORDER BY exp LIMIT ${SLICE}`,
  );
  const remove = file.db.prepare('DELETE FROM entry WHERE k = ?');
  let freedBytes = 0;
  let removed = 0;
  while (freedBytes < wantedBytes) {
    const rows = soonest.all();
    if (rows.length === 0) break;
    for (const row of rows) {
      remove.run(String(row['k']));
      freedBytes += Number(row['bytes']);
      removed++;
      if (freedBytes >= wantedBytes) break;
    }
  }
  return removed;
}

/** A file from times with a larger limit: emptied until it fits, then rewritten smaller. */
function shrink(file: SqliteFile, limits: FileLimits): void {
  const number = (pragma: string): number =>
    Number(Object.values(file.db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  const mostBytes = limits.maxSizeBytes - logBytesOf(limits);
  const excessBytes = number('page_count') * number('page_size') - mostBytes;
  if (excessBytes <= 0) return;
  evict(file, excessBytes + limits.maxSizeBytes * ROOM_RATIO);
  file.db.exec('VACUUM');
  limitPages(file.db, limits);
}

/** The file is opened at the first batch. */
export function createWriter(folder: string, limits: FileLimits): Writer {
  return new FileWriter(folder, limits);
}
