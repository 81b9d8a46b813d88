// Tells whether the type of an expression is a mere claim, and does not come from what created the value:
// `client.get<UserDto>('/me')` returns whatever the server sent, and no UserDto was created.
import type ts from 'typescript';
import { symbolAt, type CheckContext } from './origin.ts';

/** Length of a chain of expressions that is followed. */
const MAX_STEPS = 20;

/**
 * True for a value that came in as `any` or `unknown`, or from a call with a type parameter that no argument
 * determines: then only the caller says what it is. The value is followed back through variables, `await`, assertions
 * and properties.
 */
export function isClaim(context: CheckContext, node: ts.Expression, steps = 0): boolean {
  const { ts } = context;
  if (steps > MAX_STEPS) return false;
  const inner = wrapped(ts, node);
  if (inner !== undefined) return isClaim(context, inner, steps + 1);
  if (isVague(context, node)) return true;
  if (ts.isIdentifier(node)) return isClaimedVariable(context, node, steps);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
    return isClaim(context, node.expression, steps + 1);
  if (!ts.isCallExpression(node)) return false;
  const { expression: callee } = node;
  const isChoice = ts.isPropertyAccessExpression(callee) && CHOICES.has(callee.name.text);
  return isClaimedCall(context, node) || (isChoice && isClaim(context, callee.expression, steps + 1));
}

/** Array methods that return existing elements and create none. */
const CHOICES = new Set(['at', 'filter', 'find', 'slice', 'sort', 'toSorted', 'reverse', 'toReversed']);

/** The operand of `await`, an assertion or parentheses; undefined for other expressions. */
function wrapped(ts: CheckContext['ts'], node: ts.Expression): ts.Expression | undefined {
  const isWrapper =
    ts.isAwaitExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isTypeAssertionExpression(node);
  return isWrapper ? node.expression : undefined;
}

function isVague({ ts, checker }: CheckContext, node: ts.Expression): boolean {
  const type = checker.getTypeAtLocation(node);
  const awaited = checker.getAwaitedType(type) ?? type;
  return (awaited.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}

/** Whether the identifier is a `const`, or a part of one, whose initializer is a claim. */
function isClaimedVariable(context: CheckContext, node: ts.Identifier, steps: number): boolean {
  const { ts } = context;
  const symbol = symbolAt(context, node);
  let declaration: ts.Node | undefined = symbol?.valueDeclaration;
  while (declaration !== undefined && ts.isBindingElement(declaration))
    declaration = declaration.parent.parent;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isConst = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  const { initializer } = declaration;
  return isConst && initializer !== undefined && isClaim(context, initializer, steps + 1);
}

/**
 * True for calls like `get<T>(url: string): Promise<T>`, but not for
 * `plainToInstance<T>(type: Class<T>, plain: object): T`.
 */
function isClaimedCall({ ts, checker }: CheckContext, call: ts.CallExpression): boolean {
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (declaration === undefined || ts.isJSDocSignature(declaration)) return false;
  const { typeParameters = [], parameters, type } = declaration;
  if (type === undefined) return false;
  const mentions = (node: ts.Node | undefined, symbol: ts.Symbol | undefined): boolean => {
    if (node === undefined) return false;
    if (ts.isIdentifier(node) && checker.getSymbolAtLocation(node) === symbol) return true;
    return ts.forEachChild(node, (child) => mentions(child, symbol) || undefined) === true;
  };
  return typeParameters.some((parameter) => {
    const symbol = checker.getSymbolAtLocation(parameter.name);
    return mentions(type, symbol) && !parameters.some((one) => mentions(one.type, symbol));
  });
}
