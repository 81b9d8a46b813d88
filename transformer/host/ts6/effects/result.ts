// Finds results that caching treats badly: fallback values returned after a failure, and frozen objects.
import type ts from 'typescript';
import type { CheckContext } from '../types/origin.ts';
import { platformOwner } from './origin.ts';

interface ResultEffect {
  readonly kind: 'fallback' | 'freeze';
  readonly text: string;
  readonly node: ts.Node;
}

/** All effects of the function's own results, in source order. */
export function resultEffects(context: CheckContext, fn: ts.SignatureDeclaration): readonly ResultEffect[] {
  const { ts } = context;
  const body = 'body' in fn ? fn.body : undefined;
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return answerEffects(context, body);
  const found: ResultEffect[] = [];
  const step = (node: ts.Node, isFailed: boolean): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node)) {
      if (isFailed && isFallback(context, node.expression))
        found.push({ kind: 'fallback', text: fallbackText(node.expression), node });
      else if (node.expression !== undefined) found.push(...answerEffects(context, node.expression));
      return;
    }
    ts.forEachChild(node, (child) => step(child, isFailed || ts.isCatchClause(child)));
  };
  step(body, false);
  return found;
}

/** The effects of one returned expression: `load().catch(() => [])`, `Object.freeze(row)`. */
function answerEffects(context: CheckContext, answer: ts.Expression): readonly ResultEffect[] {
  const { ts } = context;
  let value = answer;
  while (ts.isAwaitExpression(value) || ts.isParenthesizedExpression(value)) value = value.expression;
  if (!ts.isCallExpression(value) || !ts.isPropertyAccessExpression(value.expression)) return [];
  const { name } = value.expression;
  const [first] = value.arguments;
  if (name.text === 'freeze')
    return platformOwner(context, name) === 'ObjectConstructor'
      ? [{ kind: 'freeze', text: 'Object.freeze', node: value }]
      : [];
  if (name.text !== 'catch' || first === undefined || !ts.isArrowFunction(first)) return [];
  let instead: ts.Node = first.body;
  while (ts.isParenthesizedExpression(instead)) instead = instead.expression;
  if (ts.isBlock(instead) || !isFallback(context, instead as ts.Expression)) return []; // a concise body is an expression
  if (platformOwner(context, name) !== 'Promise') return [];
  return [{ kind: 'fallback', text: fallbackText(instead as ts.Expression), node: first }]; // as above
}

/** Whether a value is constant, and so does not depend on the arguments: it stands for "no result". */
function isFallback(context: CheckContext, value: ts.Expression | undefined): boolean {
  const { ts } = context;
  if (value === undefined) return true;
  if (ts.isIdentifier(value)) return value.text === 'undefined';
  if (ts.isArrayLiteralExpression(value)) return value.elements.every((item) => isFallback(context, item));
  if (ts.isObjectLiteralExpression(value))
    return value.properties.every(
      (item) => ts.isPropertyAssignment(item) && isFallback(context, item.initializer),
    );
  if (ts.isAsExpression(value) || ts.isParenthesizedExpression(value))
    return isFallback(context, value.expression);
  if (ts.isPrefixUnaryExpression(value)) return isFallback(context, value.operand);
  if (ts.isNewExpression(value)) return (value.arguments ?? []).length === 0;
  return (
    ts.isLiteralExpression(value) ||
    value.kind === ts.SyntaxKind.NullKeyword ||
    value.kind === ts.SyntaxKind.TrueKeyword ||
    value.kind === ts.SyntaxKind.FalseKeyword
  );
}

function fallbackText(value: ts.Expression | undefined): string {
  const text = value?.getText().replace(/\s+/g, ' ') ?? 'undefined';
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
