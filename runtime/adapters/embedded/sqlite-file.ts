// One open connection to the store's file: safe settings, schema, prepared statements, and the meaning of its errors.
import type * as Sqlite from 'node:sqlite';
import { BackendError } from '../../backend/backend-error.ts';

// Not imported: see `value/node-types.ts`.
const {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} = process.getBuiltinModule('node:fs');
const path = process.getBuiltinModule('node:path');

/** Name of the file in the store's folder. */
export const FILE_NAME = 'cache.sqlite';
/** Written into the file. A file with an unknown number has another layout and is set aside. */
const SCHEMA_VERSION = 2;
const PAGE_BYTES = 4096;

/** `damaged`: the file will not recover. `busy`: another process writes. `full`: no page or no disk space is left. */
export type SqliteTrouble = 'damaged' | 'busy' | 'full' | 'unwritable' | 'other';

/** By primary result code (https://sqlite.org/rescode.html), which is the low byte of an extended one. */
const TROUBLE: Readonly<Record<number, SqliteTrouble>> = {
  3: 'unwritable',
  5: 'busy',
  6: 'busy',
  8: 'unwritable',
  10: 'damaged',
  11: 'damaged',
  13: 'full',
  14: 'unwritable',
  23: 'unwritable',
  26: 'damaged',
};

class WrongSchema extends Error {}

/** Classifies an error of SQLite or of the file system. */
export function troubleOf(error: unknown): SqliteTrouble {
  if (error instanceof WrongSchema) return 'damaged';
  if (!(error instanceof Error)) return 'other';
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }; // node:sqlite and node:fs add these
  if (typeof errcode === 'number') return TROUBLE[errcode & 0xff] ?? 'other';
  return typeof code === 'string' && /^E(ACCES|PERM|ROFS|NOTDIR|EXIST|NOSPC|ISDIR)$/.test(code)
    ? 'unwritable'
    : 'other';
}

/** The error for callers. Its message is constant, because messages of SQLite can quote content of the file. */
export function backendErrorOf(trouble: SqliteTrouble): BackendError {
  switch (trouble) {
    case 'busy':
      return new BackendError('transient', 'The embedded store is locked by another process.');
    case 'full':
      return new BackendError('permanent', 'The embedded store or its disk is full.');
    case 'unwritable':
      return new BackendError('permanent', 'The folder of the embedded store cannot be used.');
    case 'damaged':
      return new BackendError('transient', 'The file of the embedded store is damaged.');
    case 'other':
      return new BackendError('transient', 'The embedded store failed.');
  }
}

/** The size limit that the user gave. */
export interface FileLimits {
  readonly maxSizeBytes: number;
}

/** Bytes reserved for the write-ahead log, out of the size that the user gave. */
export function logBytesOf(limits: FileLimits): number {
  return Math.min(8 * 1024 ** 2, Math.floor(limits.maxSizeBytes / 4));
}

/** One open connection. */
export interface SqliteFile {
  readonly db: Sqlite.DatabaseSync;
  /** Inode of the open file. The path has another one once a process has replaced the file. */
  readonly inode: bigint;
  /** `(k) → { v, exp }`. */
  readonly read: Sqlite.StatementSync;
  /** A number that changes whenever another connection, of any process, has committed. */
  version(): number;
  close(): void;
}

/** Inode of the file in this folder; undefined when there is none. */
export function inodeOf(folder: string): bigint | undefined {
  try {
    return statSync(path.join(folder, FILE_NAME), { bigint: true, throwIfNoEntry: false })?.ino;
  } catch {
    return undefined;
  }
}

/** On a read-only disk `mkdirSync` reports ENOENT. The access check of the nearest existing folder throws EROFS. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    let parent = folder;
    while (!existsSync(parent) && path.dirname(parent) !== parent) parent = path.dirname(parent);
    accessSync(parent, constants.W_OK);
    throw error;
  }
}

/** Creates folder and file, readable by the owner only. SQLite gives its side files the mode of the main file. */
function prepareFolder(folder: string): void {
  makeFolder(folder);
  const file = path.join(folder, FILE_NAME);
  closeSync(openSync(file, 'a', 0o600));
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
}

/** Errors that last: no permission, a read-only disk, a file where a folder has to be. */
const LASTING = /^(?:E(?:ACCES|PERM|ROFS|NOTDIR|EXIST|ISDIR)|ERR_ACCESS_DENIED)$/;

/** The code of the lasting error that keeps a store from being created in this folder, if there is one. Never throws. */
export function whyUnwritable(folder: string): string | undefined {
  try {
    prepareFolder(folder);
    return undefined;
  } catch (error) {
    const { code } = error as { code?: unknown }; // node:fs adds it
    return typeof code === 'string' && LASTING.test(code) ? code : undefined;
  }
}

function sqlite(): typeof Sqlite {
  const found = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined; // absent before Node 22.5
  if (found === undefined) throw new BackendError('permanent', 'This Node.js has no node:sqlite.');
  return found;
}

/** The whole schema of version 1, unchanged since: a file of version 1 only needs the other tables added. */
const ENTRIES = `
  CREATE TABLE entry(k TEXT PRIMARY KEY, v BLOB NOT NULL, exp INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX entry_exp ON entry(exp);`;

const ONLY_ENTRIES = `SELECT count(*) = 2 AND sum(name IN ('entry', 'entry_exp')) = 2 FROM sqlite_schema`;

/** `purged`: the highest position that was removed from the log. */
const COORDINATION = `
  CREATE TABLE registry(prefix TEXT PRIMARY KEY, inc INTEGER NOT NULL, head INTEGER NOT NULL, floor INTEGER NOT NULL,
    groups INTEGER NOT NULL, purged INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE bump(prefix TEXT NOT NULL, id TEXT NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY (prefix, id)) WITHOUT ROWID;
  CREATE INDEX bump_pos ON bump(prefix, pos);
  CREATE TABLE log(seq INTEGER PRIMARY KEY, prefix TEXT NOT NULL, inc INTEGER NOT NULL, prev INTEGER NOT NULL,
    pos INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, redone INTEGER NOT NULL);
  CREATE INDEX log_pos ON log(prefix, pos);
  CREATE INDEX log_key ON log(subject, pos) WHERE kind = 'key';
  CREATE TABLE lock(k TEXT PRIMARY KEY, token TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA user_version=${SCHEMA_VERSION};`;

/** SQLite raises a limit below the file's present size to that size: set it again after the file has shrunk. */
export function limitPages(db: Sqlite.DatabaseSync, limits: FileLimits): void {
  const pages = Math.max(16, Math.floor((limits.maxSizeBytes - logBytesOf(limits)) / PAGE_BYTES));
  db.exec(`PRAGMA max_page_count=${pages}`);
}

/** First column of the first row. */
function one(db: Sqlite.DatabaseSync, sql: string): unknown {
  return Object.values(db.prepare(sql).get() ?? {})[0];
}

function setUp(db: Sqlite.DatabaseSync, limits: FileLimits): void {
  const logBytes = logBytesOf(limits);
  db.exec(`
    PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA page_size=${PAGE_BYTES};
    PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=${logBytes};
    PRAGMA wal_autocheckpoint=${Math.max(8, Math.floor(logBytes / 2 / PAGE_BYTES))};`);
  limitPages(db, limits);
  if (one(db, 'PRAGMA user_version') === SCHEMA_VERSION) return;
  // Read again under the write lock: another process may have created the tables meanwhile.
  db.exec('BEGIN IMMEDIATE');
  const version = one(db, 'PRAGMA user_version');
  if (version === 0 && one(db, 'SELECT count(*) FROM sqlite_schema') === 0) db.exec(ENTRIES + COORDINATION);
  else if (version === 1 && one(db, ONLY_ENTRIES) === 1) db.exec(COORDINATION);
  const isOurs = one(db, 'PRAGMA user_version') === SCHEMA_VERSION;
  db.exec('COMMIT');
  if (!isOurs) throw new WrongSchema();
}

/** Opens the file, and creates it if missing. @throws an error that `troubleOf` classifies */
export function openFile(folder: string, limits: FileLimits): SqliteFile {
  prepareFolder(folder);
  const inode = inodeOf(folder) ?? 0n;
  const { DatabaseSync } = sqlite();
  // Opening may wait up to 40 ms for another process that opens too; afterwards a statement blocks for at most 5 ms.
  const db = new DatabaseSync(path.join(folder, FILE_NAME), { timeout: 40, allowExtension: false });
  try {
    db.enableDefensive?.(true);
    setUp(db, limits);
    db.exec('PRAGMA busy_timeout=5');
    const read = db.prepare('SELECT v, exp FROM entry WHERE k = ?');
    const version = db.prepare('PRAGMA data_version');
    return {
      db,
      inode,
      read,
      version: () => Number(version.get()?.['data_version']),
      close: () => closeQuietly(db),
    };
  } catch (error) {
    closeQuietly(db);
    throw error;
  }
}

function closeQuietly(db: Sqlite.DatabaseSync): void {
  try {
    db.close();
  } catch {
    // Already closed, or too damaged to be closed properly.
  }
}

/** Renames the file and its side files, so that the next open creates a new one. False: it could not be renamed. */
export function setAside(folder: string, nowMs: number): boolean {
  const file = path.join(folder, FILE_NAME);
  try {
    renameSync(file, `${file}.bad-${nowMs}`);
  } catch {
    return false;
  }
  for (const suffix of ['-wal', '-shm']) {
    try {
      renameSync(`${file}${suffix}`, `${file}.bad-${nowMs}${suffix}`);
    } catch {
      rmSync(`${file}${suffix}`, { force: true });
    }
  }
  return true;
}
