// Carries out one operation on the file, inside the transaction of its batch.
import type { BeginAnswer } from '../../backend/fence-capability.ts';
import { startsWith } from '../../backend/starts-with.ts';
import { append, isInvalidated, raise, type WriteContext } from './apply-log.ts';
import type { Fill, Lock, Operation, Put, Release, Renew, Replace, Result } from './operation.ts';
import { prepared } from './prepared.ts';

/** No lock lasts longer. One that seems to was made before the wall clock was set back, and counts as free. */
const LONGEST_LOCK_MS = 600_000;

const PUT =
  'INSERT INTO entry(k, v, exp) VALUES (?, ?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v, exp = excluded.exp';
const REMOVE = 'DELETE FROM entry WHERE k = ?';
const PUT_LOCK = 'INSERT OR REPLACE INTO lock(k, token, until) VALUES (?, ?, ?)';
const REMOVE_LOCK = 'DELETE FROM lock WHERE k = ? AND token = ?';

/** @throws the error of SQLite, upon which the caller rolls the whole batch back */
export function applyOperation(context: WriteContext, operation: Operation): Result {
  switch (operation.kind) {
    case 'put':
      return put(context, operation);
    case 'fill':
      return fill(context, operation);
    case 'replace':
      return replace(context, operation);
    case 'lock':
      return lock(context, operation);
    case 'renew':
      return renew(context, operation);
    case 'release':
      return release(context, operation);
    case 'append': {
      const { request, subjectKind } = operation;
      if (subjectKind === 'key') prepared(context.db, REMOVE).run(request.subject);
      return append(context, subjectKind, request);
    }
    case 'raise':
      return raise(context, operation.request);
  }
}

function put({ db }: WriteContext, { key, value, expiresAtMs }: Put): undefined {
  if (value === undefined) prepared(db, REMOVE).run(key);
  else prepared(db, PUT).run(key, value, expiresAtMs);
}

function fill(context: WriteContext, { key, value, expiresAtMs, token, born, beside }: Fill): boolean {
  if (token !== '') prepared(context.db, REMOVE_LOCK).run(key, token);
  if (isInvalidated(context, key, born)) return false;
  prepared(context.db, PUT).run(key, value, expiresAtMs);
  if (beside !== undefined) prepared(context.db, PUT).run(beside.key, beside.value, expiresAtMs);
  return true;
}

function replace(context: WriteContext, { key, expected, value, expiresAtMs }: Replace): boolean {
  const present = presentValue(context, key);
  if (present === undefined || !startsWith(present, expected)) return false;
  prepared(context.db, PUT).run(key, value, expiresAtMs);
  return true;
}

function lock(context: WriteContext, { key, rejected, token, lockMs }: Lock): BeginAnswer {
  const value = presentValue(context, key);
  if (value !== undefined && (rejected === undefined || !startsWith(value, rejected)))
    return { kind: 'filled', value };
  if (holder(context, key) !== undefined) return { kind: 'locked', lease: '' };
  prepared(context.db, PUT_LOCK).run(key, token, lockEnd(context, lockMs));
  return { kind: 'run', lease: '' };
}

function renew(context: WriteContext, { key, token, lockMs }: Renew): boolean {
  if (holder(context, key) !== token) return false;
  prepared(context.db, PUT_LOCK).run(key, token, lockEnd(context, lockMs));
  return true;
}

function release({ db }: WriteContext, { key, token }: Release): undefined {
  prepared(db, REMOVE_LOCK).run(key, token);
}

function presentValue({ db, nowMs }: WriteContext, key: string): Uint8Array | undefined {
  const row = prepared(db, 'SELECT v, exp FROM entry WHERE k = ?').get(key);
  return row !== undefined && Number(row['exp']) > nowMs && row['v'] instanceof Uint8Array
    ? row['v']
    : undefined;
}

/** Token of whoever holds the lock of this key now; undefined: it is free. */
export function holder({ db, nowMs }: Pick<WriteContext, 'db' | 'nowMs'>, key: string): string | undefined {
  const row = prepared(db, 'SELECT token, until FROM lock WHERE k = ?').get(key);
  const leftMs = Number(row?.['until']) - nowMs;
  return leftMs > 0 && leftMs <= LONGEST_LOCK_MS ? String(row?.['token']) : undefined;
}

function lockEnd({ nowMs }: WriteContext, lockMs: number): number {
  return Math.ceil(nowMs + (lockMs < LONGEST_LOCK_MS ? lockMs : LONGEST_LOCK_MS));
}
