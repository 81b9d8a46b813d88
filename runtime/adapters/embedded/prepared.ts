// Compiles each SQL statement once per connection: compiling takes longer than running.
import type * as Sqlite from 'node:sqlite';

const known = new WeakMap<Sqlite.DatabaseSync, Map<string, Sqlite.StatementSync>>();

/**
 * Keeps each text as long as the connection, so `sql` must be a constant. Every run must read its result to the end.
 */
export function prepared(db: Sqlite.DatabaseSync, sql: string): Sqlite.StatementSync {
  let statements = known.get(db);
  if (statements === undefined) known.set(db, (statements = new Map()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)));
  return statement;
}
