// Finds callers that use the result of a call as a value, although caching can make it a promise:
// `currency(country) === 'eur'`, `typeof x === 'string' ? x.length : 0`. A caller that also awaits the result somewhere
// is prepared for both.
import type TS from 'typescript';
import { hasModifier } from '../syntax/tree.ts';
import type { CheckContext } from '../types/origin.ts';
import { quote, type Quoted } from './quote.ts';
import { usesOf } from './writes.ts';

/** The first such use; undefined: the caller awaits the result, passes it on, or ignores it. */
export function usedAtOnce(context: CheckContext, call: TS.CallExpression): Quoted | undefined {
  const { ts, checker } = context;
  const kind = kindOf(context, checker.getTypeAtLocation(call));
  if (kind !== 'value' && kind !== 'either') return undefined;
  const node = outermost(ts, call);
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return usedByName(context, parent.name);
  if (kind === 'value') return isTaken(ts, node) ? quote(call) : undefined;
  return isValueUse(context, node) ? quote(useOf(ts, node)) : undefined;
}

/** What a result is by its type. */
type Kind = 'promise' | 'value' | 'either' | 'unknown';

function kindOf({ ts, checker }: CheckContext, type: TS.Type): Kind {
  if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) !== 0) return 'unknown';
  const parts = type.isUnion() ? type.types : [type];
  const isThenable = (part: TS.Type): boolean => {
    const then = checker.getPropertyOfType(part, 'then');
    return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
  };
  const promises = parts.filter(isThenable).length;
  return promises === 0 ? 'value' : promises === parts.length ? 'promise' : 'either';
}

/** The expression with the parentheses and `!` around it. */
function outermost(ts: typeof TS, node: TS.Expression): TS.Expression {
  let outer = node;
  while (ts.isParenthesizedExpression(outer.parent) || ts.isNonNullExpression(outer.parent))
    outer = outer.parent;
  return outer;
}

/**
 * For a call whose type is never a promise (one overload returns a value): whether the caller takes it as a value. That
 * is any use other than awaiting it, ignoring it, or passing it on to something that may await it.
 */
function isTaken(ts: typeof TS, node: TS.Expression): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent) || ts.isVoidExpression(parent) || ts.isExpressionStatement(parent))
    return false;
  // It may be awaited by `Promise.all` over the array, or by the function that is called.
  if (ts.isArrayLiteralExpression(parent) || ts.isCallExpression(parent)) return false;
  const isReturned = ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
  return !isReturned || !isInAsync(ts, parent);
}

function isInAsync(ts: typeof TS, node: TS.Node): boolean {
  let fn = node;
  while (!ts.isFunctionLike(fn) && !ts.isSourceFile(fn)) fn = fn.parent;
  return hasModifier(ts, fn, ts.SyntaxKind.AsyncKeyword);
}

function usedByName(context: CheckContext, name: TS.Identifier): Quoted | undefined {
  const { ts, checker } = context;
  let first: TS.Node | undefined;
  for (const use of usesOf(context, name)) {
    const node = outermost(ts, use);
    const kind = kindOf(context, checker.getTypeAtLocation(use));
    if (kind === 'promise' || isPrepared(ts, node)) return undefined;
    const isAtOnce = kind === 'value' ? !isIgnored(ts, node) : kind === 'either' && isValueUse(context, node);
    if (isAtOnce) first ??= useOf(ts, node);
  }
  return first && quote(first);
}

/** The node to show as the use: the expression around the name, as in `x === 'eur'`, else the name. */
function useOf(ts: typeof TS, node: TS.Expression): TS.Node {
  return ts.isExpression(node.parent) && !ts.isConditionalExpression(node.parent) ? node.parent : node;
}

/** Whether the use awaits the result or tests whether it is a promise. */
function isPrepared(ts: typeof TS, node: TS.Expression): boolean {
  const { parent } = node;
  if (ts.isAwaitExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent)) return false;
  const { kind } = parent.operatorToken;
  return (
    kind === ts.SyntaxKind.InstanceOfKeyword || (kind === ts.SyntaxKind.InKeyword && parent.right === node)
  );
}

/** Whether the use ignores the value. `typeof x` counts as well: it only leads to the uses that matter. */
function isIgnored(ts: typeof TS, { parent }: TS.Expression): boolean {
  return ts.isTypeOfExpression(parent) || ts.isVoidExpression(parent) || ts.isExpressionStatement(parent);
}

/** Whether the use makes sense only for a value, not for a promise. */
function isValueUse(context: CheckContext, node: TS.Expression): boolean {
  const { ts, checker } = context;
  const { parent } = node;
  if (ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent))
    return kindOf(context, checker.getTypeAtLocation(parent)) === 'value';
  if (ts.isTemplateSpan(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return true;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === node && !['then', 'catch', 'finally'].includes(parent.name.text);
  return ts.isBinaryExpression(parent) && isValueOperator(ts, parent.operatorToken.kind);
}

function isValueOperator({ SyntaxKind }: typeof TS, kind: TS.SyntaxKind): boolean {
  return [
    SyntaxKind.EqualsEqualsToken,
    SyntaxKind.EqualsEqualsEqualsToken,
    SyntaxKind.ExclamationEqualsToken,
    SyntaxKind.ExclamationEqualsEqualsToken,
    SyntaxKind.LessThanToken,
    SyntaxKind.LessThanEqualsToken,
    SyntaxKind.GreaterThanToken,
    SyntaxKind.GreaterThanEqualsToken,
    SyntaxKind.PlusToken,
  ].includes(kind);
}
