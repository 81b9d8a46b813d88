// Reads registries and log. The writer changes them (apply-log.ts).
import type {
  LogPlace,
  LogRecord,
  RecordKind,
  SyncAnswer,
  SyncRequest,
} from '../../backend/log-capability.ts';
import { MOST_FOLLOWED, MOST_SYNCED_GROUPS, TAIL_US } from '../../backend/log-limits.ts';
import { prepared } from './prepared.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** The part of a registry that callers see. */
export interface RegistryState {
  readonly inc: number;
  readonly head: number;
  readonly floor: number;
}

type Row = Record<string, unknown>;

/** undefined: there is no registry with this prefix. */
export function readRegistry({ db }: SqliteFile, prefix: string): RegistryState | undefined {
  const row = prepared(db, 'SELECT inc, head, floor FROM registry WHERE prefix = ?').get(prefix);
  if (row === undefined) return undefined;
  return { inc: Number(row['inc']), head: Number(row['head']), floor: Number(row['floor']) };
}

/** Records after the position `head`: at most 512 (MOST_FOLLOWED), oldest first. */
export function readAfter({ db }: SqliteFile, { prefix, head }: LogPlace): LogRecord[] {
  return prepared(db, `SELECT * FROM log WHERE prefix = ? AND pos > ? ORDER BY pos LIMIT ${MOST_FOLLOWED}`)
    .all(prefix, head)
    .map(toRecord);
}

/** Answer to a sync request; undefined: the writer must first create the registry or raise its head. */
export function readSync(file: SqliteFile, request: SyncRequest, nowUs: number): SyncAnswer | undefined {
  return atOneMoment(file, () => {
    const registry = readRegistry(file, request.prefix);
    if (registry === undefined || registry.inc < request.inc) return undefined;
    const isSame = registry.inc === request.inc;
    if (isSame && registry.head < request.head) return undefined;
    const groups = prepared(
      file.db,
      `SELECT id, pos FROM bump WHERE prefix = ? AND pos > ? ORDER BY pos DESC LIMIT ${MOST_SYNCED_GROUPS}`,
    )
      .all(request.prefix, isSame ? request.head : 0)
      .map((row): [string, number] => [String(row['id']), Number(row['pos'])]);
    const tail = prepared(file.db, 'SELECT * FROM log WHERE prefix = ? AND pos >= ? ORDER BY pos')
      .all(request.prefix, (isSame ? request.head : nowUs) - TAIL_US)
      .map(toRecord);
    return { ...registry, nowUs, groups, tail };
  });
}

/** Position of the last invalidation of each group, 0 for a group that is not in the registry; and the floor. */
export function readPositions(
  file: SqliteFile,
  { prefix }: LogPlace,
  ids: readonly string[],
): { readonly floor: number; readonly positions: readonly number[] } {
  return atOneMoment(file, () => {
    const position = prepared(file.db, 'SELECT pos FROM bump WHERE prefix = ? AND id = ?');
    return {
      floor: readRegistry(file, prefix)?.floor ?? 0,
      positions: ids.map((id) => Number(position.get(prefix, id)?.['pos'] ?? 0)),
    };
  });
}

/** Runs several reads in one transaction, so that all of them see the same commit. */
function atOneMoment<T>({ db }: SqliteFile, run: () => T): T {
  db.exec('BEGIN');
  try {
    return run();
  } finally {
    if (db.isTransaction) db.exec('COMMIT');
  }
}

function toRecord(row: Row): LogRecord {
  return {
    inc: Number(row['inc']),
    previous: Number(row['prev']),
    position: Number(row['pos']),
    id: String(row['id']),
    kind: row['kind'] as RecordKind, // written by apply-log.ts; readers ignore any other text
    subject: String(row['subject']),
    redone: row['redone'] === 1,
  };
}
