// Finds the target of an assignment, and the variable that an access path starts from.
import type ts from 'typescript';
import type { TypeScript } from '../types/origin.ts';
import { isAssignmentOperator, isIncrement, unwrap } from './tree.ts';

/**
 * The expressions that get another value: `a.b` of `a.b = 1`, `a.b++`, `delete a.b`, `[a.b] = list`, `({ b: a.b } = row)`
 * and `for (a.b of list)`.
 */
export function assignedTargets(ts: TypeScript, node: ts.Node): readonly ts.Expression[] {
  if (ts.isBinaryExpression(node))
    return isAssignmentOperator(ts, node.operatorToken.kind) ? targetsIn(ts, node.left) : [];
  if (ts.isDeleteExpression(node)) return [node.expression];
  if (ts.isForInStatement(node) || ts.isForOfStatement(node))
    return ts.isVariableDeclarationList(node.initializer) ? [] : targetsIn(ts, node.initializer);
  return isIncrement(ts, node) ? targetsIn(ts, node.operand) : [];
}

/** The targets of a destructuring pattern, or the target itself. */
function targetsIn(ts: TypeScript, target: ts.Expression): readonly ts.Expression[] {
  const inner = unwrap(ts, target);
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.flatMap((item) => targetsIn(ts, item));
  if (ts.isSpreadElement(inner)) return targetsIn(ts, inner.expression);
  // A default, as in `[a = 1] = list`.
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return targetsIn(ts, inner.left);
  if (!ts.isObjectLiteralExpression(inner)) return [inner];
  return inner.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    if (ts.isPropertyAssignment(property)) return targetsIn(ts, property.initializer);
    return ts.isSpreadAssignment(property) ? targetsIn(ts, property.expression) : [];
  });
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
