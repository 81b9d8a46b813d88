// Writes batches of operations into the file, one transaction per batch, and evicts entries when the file is full. Runs
// in the writer thread.
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

/** Operations that are committed together, or not at all. */
export interface Batch {
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  /** Counts replacements of the file: a new number makes the writer open the file again. */
  readonly generation: number;
  readonly operations: readonly Operation[];
}

/** Committed, with one result per operation; or the trouble, and nothing was written. `busy`: try again. */
export type Applied = { readonly results: readonly Result[] } | Failed;

interface Failed {
  readonly trouble: SqliteTrouble;
}

/** Writes into the file of one folder. No method throws. */
export interface Writer {
  apply(batch: Batch): Applied;
  /** Removes up to 100 expired entries and up to 100 old log records. True: there may be more. */
  sweep(nowMs: number): boolean;
  close(): void;
}

/** Rows per statement when entries are removed. */
const SLICE = 100;
/** An eviction frees at least this share of the maximum size, so that the next batches fit as well. */
const ROOM_RATIO = 0.05;
/** Evictions for one batch, after which the batch fails. */
const MOST_EVICTIONS = 40;

class FileWriter implements Writer {
  readonly #folder: string;
  readonly #limits: FileLimits;
  readonly #logLimits: LogLimits;
  #file: SqliteFile | undefined;
  /** The value of `PRAGMA synchronous` on the open connection: FULL, else NORMAL. */
  #isSynchronousFull = false;
  #generation = 0;

  constructor(folder: string, limits: FileLimits) {
    this.#folder = folder;
    this.#limits = limits;
    this.#logLimits = logLimitsOf(limits.maxSizeBytes);
  }

  apply(batch: Batch): Applied {
    if (batch.generation !== this.#generation) this.close();
    this.#generation = batch.generation;
    const isDurable = batch.operations.some(({ kind }) => kind === 'append');
    for (let evictions = 0; ; evictions++) {
      const written = this.#transact((file) => this.#write(file, batch), isDurable);
      if ('value' in written) return { results: written.value };
      if (written.trouble !== 'full' || evictions === MOST_EVICTIONS) return written;
      const wantedBytes = Math.max(2 * bytesOf(batch), this.#limits.maxSizeBytes * ROOM_RATIO);
      const evicted = this.#transact((file) => evict(file, wantedBytes));
      if ('trouble' in evicted) return evicted;
      if (evicted.value === 0) return { trouble: 'full' };
    }
  }

  sweep(nowMs: number): boolean {
    const swept = this.#transact(({ db }) => {
      const { changes } = db
        .prepare(
          `DELETE FROM entry WHERE k IN (SELECT k FROM entry WHERE exp <= ? ORDER BY exp LIMIT ${SLICE})`,
        )
        .run(nowMs);
      return sweepLog({ db, nowMs, limits: this.#logLimits }) || Number(changes) === SLICE;
    });
    return 'value' in swept && swept.value;
  }

  #write({ db }: SqliteFile, { nowMs, operations }: Batch): readonly Result[] {
    const context = { db, nowMs, limits: this.#logLimits };
    return operations.map((operation) => applyOperation(context, operation));
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#isSynchronousFull = false;
  }

  /** Runs one transaction: all of it or nothing. `isDurable`: it also survives a power failure. */
  #transact<T>(run: (file: SqliteFile) => T, isDurable = false): { readonly value: T } | Failed {
    try {
      const file = this.#open();
      if (isDurable !== this.#isSynchronousFull)
        file.db.exec(`PRAGMA synchronous=${isDurable ? 'FULL' : 'NORMAL'}`);
      this.#isSynchronousFull = isDurable;
      file.db.exec('BEGIN IMMEDIATE');
      try {
        const value = run(file);
        file.db.exec('COMMIT');
        return { value };
      } catch (error) {
        // After some errors SQLite has already rolled back.
        if (file.db.isTransaction) file.db.exec('ROLLBACK');
        throw error;
      }
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble !== 'busy' && trouble !== 'full') this.close();
      return { trouble };
    }
  }

  /** Opens the file again if another process replaced it or somebody emptied the folder. Called per transaction. */
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

/** Removes the entries that expire soonest. Returns how many. */
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

/** If the file was written under a larger size limit: evicts entries until the rest fits, then rewrites the file. */
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

/** A writer that opens the file at its first batch. */
export function createWriter(folder: string, limits: FileLimits): Writer {
  return new FileWriter(folder, limits);
}
