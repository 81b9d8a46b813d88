// A name as an expression at a place of a program: for questions to the checker about text that is not in the file.
import type TS from 'typescript';

/** `NodeFlags.Synthesized`, internal: without it the checker takes the node for one that was parsed. */
const SYNTHESIZED = 16;

/** Means what `name` means in a statement directly in `scope`, which does not learn of it. */
export function nameAt(ts: typeof TS, name: string, scope: TS.Node): TS.Identifier {
  const made = ts.factory.createIdentifier(name);
  // The checker only looks at what stands where expressions do.
  const statement = ts.factory.createExpressionStatement(made);
  // An empty range would be a name that is missing.
  const place = { pos: scope.end - 1, end: scope.end };
  Object.assign(statement, { ...place, parent: scope, flags: statement.flags & ~SYNTHESIZED });
  return Object.assign(made, { ...place, parent: statement, flags: made.flags & ~SYNTHESIZED });
}
