// Finds the target of an assignment, and the variable that an access path starts from.
import type ts from 'typescript';
import type { TypeScript } from '../types/origin.ts';
import { isAssignmentOperator, isIncrement } from './tree.ts';

/** The expression that gets another value: `a.b` of `a.b = 1`, `a.b++` and `delete a.b`. */
export function assignedTarget(ts: TypeScript, node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node))
    return isAssignmentOperator(ts, node.operatorToken.kind) ? node.left : undefined;
  if (ts.isDeleteExpression(node)) return node.expression;
  return isIncrement(ts, node) ? node.operand : undefined;
}

/** `a` of `a.b[c]!.d`: an identifier or `this`; undefined when the path starts from anything else, such as a call. */
export function rootOf(ts: TypeScript, expression: ts.Node): ts.Node | undefined {
  let at = expression;
  while (
    ts.isPropertyAccessExpression(at) ||
    ts.isElementAccessExpression(at) ||
    ts.isNonNullExpression(at) ||
    ts.isParenthesizedExpression(at) ||
    ts.isAssertionExpression(at) ||
    ts.isSatisfiesExpression(at)
  )
    at = at.expression;
  return ts.isIdentifier(at) || at.kind === ts.SyntaxKind.ThisKeyword ? at : undefined;
}
