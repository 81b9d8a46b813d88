// Invalidations in the file: registry, log and what is kept of them. Runs inside the transaction of a batch.
import type * as Sqlite from 'node:sqlite';
import { firstFloor } from '../../backend/first-floor.ts';
import type { AppendAnswer, AppendRequest, SyncRequest } from '../../backend/log-capability.ts';
import { prepared } from './prepared.ts';

/** The log is kept this long at least, unless it has too many records. */
const KEPT_US = 600_000_000;
const SLICE = 100;

export interface LogLimits {
  readonly mostRecords: number;
  /** Groups per registry, whatever the caller allows. */
  readonly mostGroups: number;
}

/** A small part of the file: entries are what it is for. */
export function logLimitsOf(maxSizeBytes: number): LogLimits {
  const share = Math.floor(maxSizeBytes / 1024);
  return { mostRecords: Math.min(65_536, share), mostGroups: Math.min(1_000_000, share) };
}

interface LogScene {
  readonly db: Sqlite.DatabaseSync;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  readonly limits: LogLimits;
}

interface Registry {
  readonly inc: number;
  readonly head: number;
  readonly floor: number;
  /** How many groups it holds. */
  readonly groups: number;
  /** The highest position that has left the log. */
  readonly purged: number;
}

/** Was the key invalidated after `born`, or is the log of that time gone? */
export function isInvalidated({ db }: LogScene, key: string, born: number): boolean {
  // A key names its registry by its first part; keys that do not are held against all of them.
  const row = prepared(
    db,
    `SELECT coalesce(max(purged) FILTER (WHERE substr(:key, 1, length(prefix) + 1) = prefix || ':'), max(purged), 0)
        > :born OR EXISTS (SELECT 1 FROM log WHERE subject = :key AND pos > :born AND kind = 'key') AS late
        FROM registry`,
  ).get({ key, born });
  return row?.['late'] !== 0;
}

export function append(scene: LogScene, kind: 'key' | 'group', request: AppendRequest): AppendAnswer {
  const { registry, isNew } = registryFor(scene, request);
  const previous = registry.head;
  const head = Math.max(highest(scene) + 1, nowUs(scene), request.head + 1);
  const moved = { ...registry, head, floor: isNew ? firstFloor(request, head) : registry.floor };
  save(scene, request.prefix, kind === 'group' ? withGroup(scene, request, moved) : moved);
  const answer = { inc: registry.inc, previous, position: head };
  record(scene, kind, request, answer);
  return answer;
}

/** The head before, where it was raised. */
export function raise(scene: LogScene, request: SyncRequest): number | undefined {
  const { registry, isNew } = registryFor(scene, request);
  const { inc, head: before } = registry;
  if (isNew) {
    const head = Math.max(nowUs(scene), request.head, highest(scene)) + 1;
    save(scene, request.prefix, { ...registry, head, floor: firstFloor(request, head) });
  } else if (inc === request.inc && request.head > before) {
    save(scene, request.prefix, { ...registry, head: request.head });
    const raised = { ...request, subject: '', redone: false };
    record(scene, 'raise', raised, { inc, previous: before, position: request.head });
    return before;
  }
  return undefined;
}

/** Removes up to 100 old records. True: there may be more. */
export function sweepLog({ db, nowMs }: LogScene): boolean {
  const rows = prepared(
    db,
    `DELETE FROM log WHERE seq IN (SELECT seq FROM log ORDER BY seq LIMIT ${SLICE}) AND pos < ?
        RETURNING prefix, pos`,
  ).all(Math.floor(nowMs * 1000) - KEPT_US);
  purgedTo(db, rows);
  prepared(db, `DELETE FROM lock WHERE k IN (SELECT k FROM lock WHERE until <= ? LIMIT ${SLICE})`).run(nowMs);
  return rows.length === SLICE;
}

/** The one there is; or a new one where there is none, or one older than the caller's. It is not saved yet. */
function registryFor(
  scene: LogScene,
  { prefix, inc, spareInc }: SyncRequest,
): { readonly registry: Registry; readonly isNew: boolean } {
  const known = read(scene, prefix);
  if (known !== undefined && known.inc >= inc) return { registry: known, isNew: false };
  const head = known?.head ?? 0;
  prepared(scene.db, 'DELETE FROM bump WHERE prefix = ?').run(prefix);
  prepared(scene.db, 'DELETE FROM log WHERE prefix = ?').run(prefix);
  return { registry: { inc: spareInc, head, floor: 0, groups: 0, purged: head }, isNew: true };
}

function read({ db }: LogScene, prefix: string): Registry | undefined {
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

function save({ db }: LogScene, prefix: string, registry: Registry): void {
  prepared(
    db,
    `INSERT OR REPLACE INTO registry(prefix, inc, head, floor, groups, purged)
      VALUES (:prefix, :inc, :head, :floor, :groups, :purged)`,
  ).run({ prefix, ...registry });
}

/** Of all registries: a fill knows only its key, so positions have one order in the whole file. */
function highest({ db }: LogScene): number {
  return Number(prepared(db, 'SELECT max(head) AS head FROM registry').get()?.['head'] ?? 0);
}

/** What is forgotten counts as invalidated: the floor says up to where. */
function withGroup(scene: LogScene, request: AppendRequest, registry: Registry): Registry {
  const { db, limits } = scene;
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

function record(
  { db, limits }: LogScene,
  kind: string,
  { prefix, recordId, subject, redone }: AppendRequest | (SyncRequest & { subject: string; redone: boolean }),
  { inc, previous, position }: AppendAnswer,
): void {
  prepared(
    db,
    'INSERT INTO log(prefix, inc, prev, pos, id, kind, subject, redone) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(prefix, inc, previous, position, recordId, kind, subject, Number(redone));
  // Asked for together, SQLite would look through the whole log.
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

/** Who began before what is gone cannot know what it missed: isInvalidated. */
function purgedTo(db: Sqlite.DatabaseSync, rows: readonly Row[]): void {
  for (const prefix of new Set(rows.map((row) => String(row['prefix'])))) {
    const gone = largest(
      rows.filter((row) => row['prefix'] === prefix),
      0,
    );
    prepared(db, 'UPDATE registry SET purged = max(purged, ?) WHERE prefix = ?').run(gone, prefix);
  }
}

function nowUs({ nowMs }: LogScene): number {
  return Math.floor(nowMs * 1000);
}
