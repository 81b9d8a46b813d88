// Small helpers for syntax nodes that all parts of the reader use.
import type TS from 'typescript';

/**
 * Visits `root` and its descendants in source order. `visit` returns whether to go below the node. An explicit stack
 * stands in for recursion, as long chains of operators are deeply nested.
 */
export function walk(
  ts: typeof TS,
  root: TS.Node,
  visit: (node: TS.Node, parent: TS.Node | undefined) => boolean,
): void {
  const nodes: TS.Node[] = [root];
  const parents: (TS.Node | undefined)[] = [undefined];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    const parent: TS.Node = node;
    if (!visit(node, parents.pop())) continue;
    const first = nodes.length;
    ts.forEachChild(node, (child) => {
      nodes.push(child); // a statement, as `forEachChild` stops at a callback that returns something truthy
      parents.push(parent);
    });
    // Reverse the children in place: the last one on the stack is visited first.
    for (let low = first, high = nodes.length - 1; low < high; low++, high--)
      [nodes[low], nodes[high]] = [nodes[high] as TS.Node, nodes[low] as TS.Node]; // both are inside the array
  }
}

/** `((x as T) satisfies U)!` → `x`. */
export function unwrap(ts: typeof TS, expression: TS.Expression): TS.Expression {
  let inner = expression;
  while (isWrapper(ts, inner)) inner = inner.expression;
  return inner;
}

/** Expressions that have the value of the expression in them. */
export type Wrapper =
  | TS.ParenthesizedExpression
  | TS.AsExpression
  | TS.SatisfiesExpression
  | TS.NonNullExpression
  | TS.TypeAssertion;

/**
 * Whether the node is an expression in parentheses, or with a type-level operator: its value is that of the inner one.
 */
export function isWrapper(ts: typeof TS, node: TS.Node): node is Wrapper {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  );
}

/** `a` and `b` of `a.b` or `a['b']`; undefined for anything else, and for private names. */
export function memberOf(
  ts: typeof TS,
  node: TS.Node,
): { readonly owner: TS.Expression; readonly name: TS.Identifier | TS.StringLiteralLike } | undefined {
  if (ts.isPropertyAccessExpression(node))
    return ts.isIdentifier(node.name) ? { owner: node.expression, name: node.name } : undefined;
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression))
    return undefined;
  return { owner: node.expression, name: node.argumentExpression };
}

/** An arrow function or a function expression. */
export type FunctionLiteral = TS.ArrowFunction | TS.FunctionExpression;

/** Whether the node is an arrow function or a function expression. */
export function isFunctionLiteral(ts: typeof TS, node: TS.Node): node is FunctionLiteral {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** Whether the node has a modifier of this kind, such as `static`. */
export function hasModifier(ts: typeof TS, node: TS.Node, kind: TS.SyntaxKind): boolean {
  return (
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) === true
  );
}

/** Whether an operator assigns to its left side: `=`, `+=`, `??=` and so on. */
export function isAssignmentOperator(ts: typeof TS, kind: TS.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `x++`, `--x`. */
export function isIncrement(
  ts: typeof TS,
  node: TS.Node,
): node is TS.PrefixUnaryExpression | TS.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false;
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

/** Whether the node is a plain assignment with `=`. */
export function isAssignment(
  ts: typeof TS,
  node: TS.Node,
): node is TS.BinaryExpression & { readonly operatorToken: TS.Token<TS.SyntaxKind.EqualsToken> } {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}
