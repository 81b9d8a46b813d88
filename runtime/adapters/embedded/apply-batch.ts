// Writes batches into the file: one transaction each, making room when there is none. Runs in the writer's thread.
import { logLimitsOf, sweepLog, type LogLimits } from './apply-log.ts';
import { applyOperation } from './apply-operation.ts';
import type { Operation, Result } from './operation.ts';
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

export interface Batch {
  readonly nowMs: number;
  /** Grows when the file was replaced: the writer opens the new one. */
  readonly generation: number;
  readonly operations: readonly Operation[];
}

/** Committed, with one result per operation; or what went wrong: then nothing was written. `busy`: try again. */
export type Applied = { readonly results: readonly Result[] } | { readonly trouble: SqliteTrouble };

export interface Writer {
  apply(batch: Batch): Applied;
  /** Removes up to 100 expired entries and up to 100 old records. True: there may be more. */
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
  readonly #logLimits: LogLimits;
  #file: SqliteFile | undefined;
  #isFull = false;
  #generation = 0;

  constructor(folder: string, limits: FileLimits) {
    this.#folder = folder;
    this.#limits = limits;
    this.#logLimits = logLimitsOf(limits.maxSizeBytes);
  }

  apply(batch: Batch): Applied {
    if (batch.generation !== this.#generation) this.close();
    this.#generation = batch.generation;
    const isLasting = batch.operations.some(({ kind }) => kind === 'append');
    for (let evictions = 0; ; evictions++) {
      let results: readonly Result[] = [];
      const trouble = this.#attempt((file) => {
        results = this.#write(file, batch);
      }, isLasting);
      if (trouble === undefined) return { results };
      if (trouble !== 'full' || evictions === MOST_EVICTIONS) return { trouble };
      const wantedBytes = Math.max(2 * bytesOf(batch), this.#limits.maxSizeBytes * ROOM_RATIO);
      let freed = 0;
      const evicted = this.#attempt((file) => {
        freed = evict(file, wantedBytes);
      });
      if (evicted !== undefined) return { trouble: evicted };
      if (freed === 0) return { trouble: 'full' };
    }
  }

  sweep(nowMs: number): boolean {
    let isMore = false;
    this.#attempt((file) => {
      const { changes } = file.db
        .prepare(
          `DELETE FROM entry WHERE k IN (SELECT k FROM entry WHERE exp <= ? ORDER BY exp LIMIT ${SLICE})`,
        )
        .run(nowMs);
      isMore = sweepLog({ db: file.db, nowMs, limits: this.#logLimits }) || Number(changes) === SLICE;
    });
    return isMore;
  }

  #write({ db }: SqliteFile, { nowMs, operations }: Batch): readonly Result[] {
    const scene = { db, nowMs, limits: this.#logLimits };
    return operations.map((operation) => applyOperation(scene, operation));
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#isFull = false;
  }

  /** One transaction: all of it or nothing. `isLasting`: and on the disk, also should the power fail. */
  #attempt(run: (file: SqliteFile) => void, isLasting = false): SqliteTrouble | undefined {
    try {
      const file = this.#open();
      if (isLasting !== this.#isFull) file.db.exec(`PRAGMA synchronous=${isLasting ? 'FULL' : 'NORMAL'}`);
      this.#isFull = isLasting;
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

function bytesOf({ operations }: Batch): number {
  return operations.reduce((sum, one) => sum + ('value' in one ? (one.value?.byteLength ?? 0) : 100), 0);
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
