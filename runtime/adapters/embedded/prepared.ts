// Statements are compiled once per connection: that takes longer than to run them.
import type * as Sqlite from 'node:sqlite';

const known = new WeakMap<Sqlite.DatabaseSync, Map<string, Sqlite.StatementSync>>();

/** `sql` is a constant: each text is kept as long as the connection. Every run must read its result to the end. */
export function prepared(db: Sqlite.DatabaseSync, sql: string): Sqlite.StatementSync {
  let statements = known.get(db);
  if (statements === undefined) known.set(db, (statements = new Map()));
  let statement = statements.get(sql);
  if (statement === undefined) statements.set(sql, (statement = db.prepare(sql)));
  return statement;
}
