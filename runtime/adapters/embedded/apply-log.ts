// Writes invalidations into the file: the registries, the log, and how much of both is kept. Runs inside the
// transaction of a batch.
import type * as Sqlite from 'node:sqlite';
import { firstFloor } from '../../backend/first-floor.ts';
import type { AppendAnswer, AppendRequest, SyncRequest } from '../../backend/log-capability.ts';
import { prepared } from './prepared.ts';

/** Log records are kept for at least this long, unless there are too many of them. */
const KEPT_US = 600_000_000;
/** Rows per statement when records are removed. */
const SLICE = 100;

/** How much of the log and of the registries is kept. */
export interface LogLimits {
  readonly mostRecords: number;
  /** Groups per registry, whatever the caller allows. */
  readonly mostGroups: number;
}

/** Limits that keep log and registries to a small part of the file, most of which is for entries. */
export function logLimitsOf(maxSizeBytes: number): LogLimits {
  const share = Math.floor(maxSizeBytes / 1024);
  return { mostRecords: Math.min(65_536, share), mostGroups: Math.min(1_000_000, share) };
}

/** What an operation needs to write inside the transaction of its batch. */
export interface WriteContext {
  readonly db: Sqlite.DatabaseSync;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  readonly limits: LogLimits;
}

interface Registry {
  readonly inc: number;
  readonly head: number;
  readonly floor: number;
  /** Number of groups in it. */
  readonly groups: number;
  /** Highest position that was removed from the log. */
  readonly purged: number;
}

/** Whether the key was invalidated after position `born`, or may have been because the log no longer reaches back. */
export function isInvalidated({ db }: WriteContext, key: string, born: number): boolean {
  // The first part of a key names its registry. A key without a known registry is checked against all of them.
  const row = prepared(
    db,
    `SELECT coalesce(max(purged) FILTER (WHERE substr(:key, 1, length(prefix) + 1) = prefix || ':'), max(purged), 0)
        > :born OR EXISTS (SELECT 1 FROM log WHERE subject = :key AND pos > :born AND kind = 'key') AS late
        FROM registry`,
  ).get({ key, born });
  return row?.['late'] !== 0;
}

/** Adds one invalidation to the log and moves the head of its registry. A group is also noted in the registry. */
export function append(context: WriteContext, kind: 'key' | 'group', request: AppendRequest): AppendAnswer {
  const { registry, isNew } = registryFor(context, request);
  const previous = registry.head;
  const head = Math.max(highest(context) + 1, nowUs(context), request.head + 1);
  const moved = { ...registry, head, floor: isNew ? firstFloor(request, head) : registry.floor };
  save(context, request.prefix, kind === 'group' ? withGroup(context, request, moved) : moved);
  const answer = { inc: registry.inc, previous, position: head };
  record(context, kind, request, answer);
  return answer;
}

/**
 * Creates the registry if it is missing, and raises its head to the caller's. Returns the head before, if it was
 * raised.
 */
export function raise(context: WriteContext, request: SyncRequest): number | undefined {
  const { registry, isNew } = registryFor(context, request);
  const { inc, head: before } = registry;
  if (isNew) {
    const head = Math.max(nowUs(context), request.head, highest(context)) + 1;
    save(context, request.prefix, { ...registry, head, floor: firstFloor(request, head) });
  } else if (inc === request.inc && request.head > before) {
    save(context, request.prefix, { ...registry, head: request.head });
    const raised = { ...request, subject: '', redone: false };
    record(context, 'raise', raised, { inc, previous: before, position: request.head });
    return before;
  }
  return undefined;
}

/** Removes up to 100 old records and up to 100 expired locks. True: there may be more records. */
export function sweepLog({ db, nowMs }: WriteContext): boolean {
  const rows = prepared(
    db,
    `DELETE FROM log WHERE seq IN (SELECT seq FROM log ORDER BY seq LIMIT ${SLICE}) AND pos < ?
        RETURNING prefix, pos`,
  ).all(Math.floor(nowMs * 1000) - KEPT_US);
  purgedTo(db, rows);
  prepared(db, `DELETE FROM lock WHERE k IN (SELECT k FROM lock WHERE until <= ? LIMIT ${SLICE})`).run(nowMs);
  return rows.length === SLICE;
}

/**
 * The registry in the file; or a new one, not saved yet, if there is none or its incarnation is older than the one the
 * caller knows.
 */
function registryFor(
  context: WriteContext,
  { prefix, inc, spareInc }: SyncRequest,
): { readonly registry: Registry; readonly isNew: boolean } {
  const known = read(context, prefix);
  if (known !== undefined && known.inc >= inc) return { registry: known, isNew: false };
  const head = known?.head ?? 0;
  prepared(context.db, 'DELETE FROM bump WHERE prefix = ?').run(prefix);
  prepared(context.db, 'DELETE FROM log WHERE prefix = ?').run(prefix);
  return { registry: { inc: spareInc, head, floor: 0, groups: 0, purged: head }, isNew: true };
}

function read({ db }: WriteContext, prefix: string): Registry | undefined {
  const row = prepared(db, 'SELECT inc, head, floor, groups, purged FROM registry WHERE prefix = ?').get(
    prefix,
  );
  if (row === undefined) return undefined;
  return {
    inc: Number(row['inc']),
    head: Number(row['head']),
    floor: Number(row['floor']),
    groups: Number(row['groups']),
    purged: Number(row['purged']),
  };
}

function save({ db }: WriteContext, prefix: string, registry: Registry): void {
  prepared(
    db,
    `INSERT OR REPLACE INTO registry(prefix, inc, head, floor, groups, purged)
      VALUES (:prefix, :inc, :head, :floor, :groups, :purged)`,
  ).run({ prefix, ...registry });
}

/** Highest head of all registries. Positions have one order in the whole file, because a fill knows only its key. */
function highest({ db }: WriteContext): number {
  return Number(prepared(db, 'SELECT max(head) AS head FROM registry').get()?.['head'] ?? 0);
}

/**
 * Notes the group's position, and forgets the oldest groups if there are too many. The floor rises to the highest
 * forgotten position: any group not in the registry counts as invalidated there.
 */
function withGroup(context: WriteContext, request: AppendRequest, registry: Registry): Registry {
  const { db, limits } = context;
  const { prefix, subject } = request;
  const { changes } = prepared(db, 'DELETE FROM bump WHERE prefix = ? AND id = ?').run(prefix, subject);
  prepared(db, 'INSERT INTO bump(prefix, id, pos) VALUES (?, ?, ?)').run(prefix, subject, registry.head);
  const groups = registry.groups + 1 - Number(changes);
  const excess = groups - Math.max(1, Math.min(request.registryMax, limits.mostGroups));
  if (!(excess > 0)) return { ...registry, groups };
  const rows = prepared(
    db,
    `DELETE FROM bump WHERE prefix = :prefix AND id IN
        (SELECT id FROM bump WHERE prefix = :prefix ORDER BY pos LIMIT :excess) RETURNING pos`,
  ).all({ prefix, excess });
  return { ...registry, groups: groups - rows.length, floor: largest(rows, registry.floor) };
}

/** Adds a record to the log, and removes the oldest ones if there are too many. */
function record(
  { db, limits }: WriteContext,
  kind: string,
  { prefix, recordId, subject, redone }: AppendRequest | (SyncRequest & { subject: string; redone: boolean }),
  { inc, previous, position }: AppendAnswer,
): void {
  prepared(
    db,
    'INSERT INTO log(prefix, inc, prev, pos, id, kind, subject, redone) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(prefix, inc, previous, position, recordId, kind, subject, Number(redone));
  // Two subqueries, each answered from the index: `SELECT min(seq), max(seq)` would scan the whole log.
  const bounds = prepared(
    db,
    'SELECT (SELECT min(seq) FROM log) AS first, (SELECT max(seq) FROM log) AS last',
  ).get();
  const tooOld = Number(bounds?.['last']) - limits.mostRecords;
  if (Number(bounds?.['first']) > tooOld) return;
  const rows = prepared(
    db,
    `DELETE FROM log WHERE seq IN (SELECT seq FROM log WHERE seq <= ? ORDER BY seq LIMIT ${SLICE})
        RETURNING prefix, pos`,
  ).all(tooOld);
  purgedTo(db, rows);
}

type Row = Record<string, unknown>;

const largest = (rows: readonly Row[], atLeast: number): number =>
  rows.reduce((most, row) => Math.max(most, Number(row['pos'])), atLeast);

/** Notes which positions were removed: a fill that began before them counts as invalidated (see `isInvalidated`). */
function purgedTo(db: Sqlite.DatabaseSync, rows: readonly Row[]): void {
  for (const prefix of new Set(rows.map((row) => String(row['prefix'])))) {
    const gone = largest(
      rows.filter((row) => row['prefix'] === prefix),
      0,
    );
    prepared(db, 'UPDATE registry SET purged = max(purged, ?) WHERE prefix = ?').run(gone, prefix);
  }
}

function nowUs({ nowMs }: WriteContext): number {
  return Math.floor(nowMs * 1000);
}
