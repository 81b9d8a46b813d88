// Creates an identifier at a place of a program, to ask the checker about a name that the file itself does not have
// there.
import type TS from 'typescript';

/** `NodeFlags.Synthesized`, internal in TypeScript 6. The checker treats a node without this flag as parsed. */
const SYNTHESIZED = 16;

/** An identifier that means what `name` means in a statement directly in `scope`. `scope` itself is not changed. */
export function nameAt(ts: typeof TS, name: string, scope: TS.Node): TS.Identifier {
  const made = ts.factory.createIdentifier(name);
  // The checker resolves only identifiers in the place of an expression.
  const statement = ts.factory.createExpressionStatement(made);
  // With an empty range the checker would take the identifier for a missing one.
  const place = { pos: scope.end - 1, end: scope.end };
  Object.assign(statement, { ...place, parent: scope, flags: statement.flags & ~SYNTHESIZED });
  return Object.assign(made, { ...place, parent: statement, flags: made.flags & ~SYNTHESIZED });
}
