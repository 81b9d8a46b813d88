// Finds the expressions that a function returns, each with its place in the result. They are followed through
// variables, conditions, assertions, and object and array literals, as far as the syntax shows it.
import type ts from 'typescript';
import type { CheckContext } from './origin.ts';

/** An expression that becomes the result, or a part of it. */
export interface Answer {
  readonly node: ts.Expression;
  /** The place in the result, as steps from its root: names of properties, and `[]` for an element. */
  readonly steps: readonly string[];
  /**
   * The outermost assertion around the expression that switches off type checks: `row as any`,
   * `row as unknown as User`. Default: none.
   */
  readonly assertion?: ts.Expression;
  /** Whether the checker compares the expression itself with the declared type of its place. */
  readonly isChecked: boolean;
}

/** Depth in the result to which literals are followed. */
const MAX_STEPS = 20;

/** The step to an element of an array. */
export const ELEMENT = '[]';

/**
 * All answers. An object or array literal stands for its parts; it is an answer itself only in an assertion without
 * checks. `isCompared`: whether the checker compares what the function returns with the declared result, which it does
 * not for overloads and inferred results.
 */
export function answersOf(
  context: CheckContext,
  fn: ts.SignatureDeclaration,
  isCompared: boolean,
): readonly Answer[] {
  const found: Answer[] = [];
  const follow = createFollower(context, fn, found);
  // In JavaScript, parentheses can be an assertion.
  const isChecked = isCompared && (fn.flags & context.ts.NodeFlags.JavaScriptFile) === 0;
  for (const answer of returned(context, fn)) follow(answer, [], { isChecked });
  return found;
}

/** The expressions of the function's own `return` statements, or its concise body. */
function returned({ ts }: CheckContext, fn: ts.SignatureDeclaration): readonly ts.Expression[] {
  const body = 'body' in fn ? fn.body : undefined;
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const step = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, step);
  };
  step(body);
  return found;
}

/** How an expression becomes the result. */
type Way = Pick<Answer, 'assertion' | 'isChecked'>;

type Follow = (node: ts.Expression, steps: readonly string[], way: Way) => void;

/** A variable can have another type than its values, such as `any`. */
const BY_VARIABLE: Way = { isChecked: false };

function createFollower(context: CheckContext, fn: ts.SignatureDeclaration, found: Answer[]): Follow {
  const { ts, checker } = context;
  const seen = new Set<string>();
  const follow: Follow = (node, steps, outer) => {
    const key = `${node.pos} ${node.end} ${steps.join('.')}`;
    if (seen.has(key) || steps.length > MAX_STEPS) return;
    seen.add(key);
    const inner = innerOf(ts, node);
    const way = wayThrough(ts, node, outer);
    if (inner !== undefined) for (const one of inner) follow(one, steps, way);
    else if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) {
      if (way.assertion !== undefined) found.push({ node, steps, ...way });
      // An assertion is about the whole literal, not about its parts.
      const { isChecked } = way;
      if (ts.isObjectLiteralExpression(node)) followProperties(node, steps, { isChecked });
      else followElements(node, steps, { isChecked });
    } else {
      found.push({ node, steps, ...way });
      if (ts.isIdentifier(node)) followVariable(checker.getSymbolAtLocation(node), steps);
    }
  };
  const followProperties = (node: ts.ObjectLiteralExpression, steps: readonly string[], way: Way): void => {
    for (const property of node.properties) {
      if (ts.isShorthandPropertyAssignment(property)) {
        const inside = [...steps, property.name.text];
        found.push({ node: property.name, steps: inside, ...way });
        followVariable(checker.getShorthandAssignmentValueSymbol(property), inside);
      } else if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name))
        follow(property.initializer, [...steps, property.name.text], way);
    }
  };
  const followElements = (node: ts.ArrayLiteralExpression, steps: readonly string[], way: Way): void => {
    for (const element of node.elements)
      if (!ts.isSpreadElement(element)) follow(element, [...steps, ELEMENT], way);
      else if (isSpreadList(context, element.expression)) follow(element.expression, steps, way);
  };
  /**
   * Follows all values that the function gives to a variable. The initializer counts only where a declared type hides
   * its type.
   */
  const followVariable = (symbol: ts.Symbol | undefined, steps: readonly string[]): void => {
    const variable = symbol?.valueDeclaration;
    if (symbol === undefined || variable === undefined || !ts.isVariableDeclaration(variable)) return;
    if (variable.initializer !== undefined && variable.type !== undefined)
      follow(variable.initializer, steps, BY_VARIABLE);
    for (const value of assignedTo(context, fn, symbol)) follow(value, steps, BY_VARIABLE);
  };
  return follow;
}

/** The way of what is inside `node`, which is reached by `outer`. */
function wayThrough(ts: CheckContext['ts'], node: ts.Expression, outer: Way): Way {
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return outer;
  const assertion = outer.assertion ?? (takesChecksAway(ts, node) ? node : undefined);
  return { isChecked: false, ...(assertion !== undefined && { assertion }) };
}

/**
 * Whether `...node` has the elements of an array, so that the array stands for them. Other iterables, such as a Set, are
 * not followed: what they give is not seen in the syntax.
 */
function isSpreadList({ ts, checker }: CheckContext, node: ts.Expression): boolean {
  const type = checker.getTypeAtLocation(node);
  return (type.isUnion() ? type.types : [type]).every(
    (part) =>
      (part.flags & ts.TypeFlags.Object) === 0 || checker.isArrayType(part) || checker.isTupleType(part),
  );
}

/**
 * Whether the node is `as any`, `<any>…` or `as unknown as User`. After `as unknown` alone, the checker still compares
 * types.
 */
function takesChecksAway(ts: CheckContext['ts'], node: ts.Expression): boolean {
  if (!ts.isAsExpression(node) && !ts.isTypeAssertionExpression(node)) return false;
  const { AnyKeyword, NeverKeyword, UnknownKeyword } = ts.SyntaxKind;
  if (node.type.kind === AnyKeyword || node.type.kind === NeverKeyword) return true;
  let inner = node.expression;
  while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
  if (!ts.isAsExpression(inner) && !ts.isTypeAssertionExpression(inner)) return false;
  const { kind } = inner.type;
  return kind === UnknownKeyword || kind === AnyKeyword || kind === NeverKeyword;
}

/** The operands of which an expression returns one unchanged; undefined: it makes a value of its own. */
function innerOf(ts: CheckContext['ts'], node: ts.Expression): readonly ts.Expression[] | undefined {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isAwaitExpression(node)
  )
    return [node.expression];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
  if (!ts.isBinaryExpression(node)) return undefined;
  const { SyntaxKind } = ts;
  switch (node.operatorToken.kind) {
    case SyntaxKind.QuestionQuestionToken:
    case SyntaxKind.BarBarToken:
      return [node.left, node.right];
    case SyntaxKind.AmpersandAmpersandToken:
    case SyntaxKind.CommaToken:
    case SyntaxKind.EqualsToken:
      return [node.right];
    default:
      return undefined;
  }
}

/** All values that `fn` assigns to the variable with `=`. */
function assignedTo(
  { ts, checker }: CheckContext,
  fn: ts.SignatureDeclaration,
  symbol: ts.Symbol,
): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const step = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isIdentifier(node.left) &&
      node.left.text === symbol.name &&
      checker.getSymbolAtLocation(node.left) === symbol
    )
      found.push(node.right);
    ts.forEachChild(node, step);
  };
  step(fn);
  return found;
}
