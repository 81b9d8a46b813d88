// What each operation does to the file, inside the transaction of its batch.
import type * as Sqlite from 'node:sqlite';
import type { BeginAnswer } from '../../backend/fence-capability.ts';
import { startsWith } from '../../backend/starts-with.ts';
import { append, isInvalidated, raise, type LogLimits } from './apply-log.ts';
import type { Fill, Lock, Operation, Put, Release, Renew, Replace, Result } from './operation.ts';
import { prepared } from './prepared.ts';

/** A lock that would last longer than this was made before the wall clock was set back: nobody waits for it. */
const LONGEST_LOCK_MS = 600_000;

const PUT =
  'INSERT INTO entry(k, v, exp) VALUES (?, ?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v, exp = excluded.exp';
const REMOVE = 'DELETE FROM entry WHERE k = ?';
const PUT_LOCK = 'INSERT OR REPLACE INTO lock(k, token, until) VALUES (?, ?, ?)';
const REMOVE_LOCK = 'DELETE FROM lock WHERE k = ? AND token = ?';

export interface Scene {
  readonly db: Sqlite.DatabaseSync;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
  readonly limits: LogLimits;
}

/** @throws what SQLite throws: then the whole batch is undone */
export function applyOperation(scene: Scene, operation: Operation): Result {
  switch (operation.kind) {
    case 'put':
      return put(scene, operation);
    case 'fill':
      return fill(scene, operation);
    case 'replace':
      return replace(scene, operation);
    case 'lock':
      return lock(scene, operation);
    case 'renew':
      return renew(scene, operation);
    case 'release':
      return release(scene, operation);
    case 'append': {
      const { request, subjectKind } = operation;
      if (subjectKind === 'key') prepared(scene.db, REMOVE).run(request.subject);
      return append(scene, subjectKind, request);
    }
    case 'raise':
      return raise(scene, operation.request);
  }
}

function put({ db }: Scene, { key, value, expiresAtMs }: Put): undefined {
  if (value === undefined) prepared(db, REMOVE).run(key);
  else prepared(db, PUT).run(key, value, expiresAtMs);
}

function fill(scene: Scene, { key, value, expiresAtMs, token, born, beside }: Fill): boolean {
  if (token !== '') prepared(scene.db, REMOVE_LOCK).run(key, token);
  if (isInvalidated(scene, key, born)) return false;
  prepared(scene.db, PUT).run(key, value, expiresAtMs);
  if (beside !== undefined) prepared(scene.db, PUT).run(beside.key, beside.value, expiresAtMs);
  return true;
}

function replace(scene: Scene, { key, expected, value, expiresAtMs }: Replace): boolean {
  const present = presentValue(scene, key);
  if (present === undefined || !startsWith(present, expected)) return false;
  prepared(scene.db, PUT).run(key, value, expiresAtMs);
  return true;
}

function lock(scene: Scene, { key, rejected, token, lockMs }: Lock): BeginAnswer {
  const value = presentValue(scene, key);
  if (value !== undefined && (rejected === undefined || !startsWith(value, rejected)))
    return { kind: 'filled', value };
  if (holder(scene, key) !== undefined) return { kind: 'locked', lease: '' };
  prepared(scene.db, PUT_LOCK).run(key, token, lockEnd(scene, lockMs));
  return { kind: 'run', lease: '' };
}

function renew(scene: Scene, { key, token, lockMs }: Renew): boolean {
  if (holder(scene, key) !== token) return false;
  prepared(scene.db, PUT_LOCK).run(key, token, lockEnd(scene, lockMs));
  return true;
}

function release({ db }: Scene, { key, token }: Release): undefined {
  prepared(db, REMOVE_LOCK).run(key, token);
}

function presentValue({ db, nowMs }: Scene, key: string): Uint8Array | undefined {
  const row = prepared(db, 'SELECT v, exp FROM entry WHERE k = ?').get(key);
  return row !== undefined && Number(row['exp']) > nowMs && row['v'] instanceof Uint8Array
    ? row['v']
    : undefined;
}

/** Token of the lock that somebody holds now. */
export function holder({ db, nowMs }: Pick<Scene, 'db' | 'nowMs'>, key: string): string | undefined {
  const row = prepared(db, 'SELECT token, until FROM lock WHERE k = ?').get(key);
  const leftMs = Number(row?.['until']) - nowMs;
  return leftMs > 0 && leftMs <= LONGEST_LOCK_MS ? String(row?.['token']) : undefined;
}

function lockEnd({ nowMs }: Scene, lockMs: number): number {
  return Math.ceil(nowMs + (lockMs < LONGEST_LOCK_MS ? lockMs : LONGEST_LOCK_MS));
}
