// Finds the module-level variables that functions change while the program runs. Each file is walked once.
import type ts from 'typescript';
import { assignedTargets, rootOf } from '../syntax/assigned.ts';
import { boundNames } from '../syntax/bindings.ts';
import { symbolAt, type CheckContext } from '../types/origin.ts';
import { platformOwner } from './origin.ts';
import { isOwned, MUTATORS } from './platform-names.ts';

/** Symbols of the module-level variables of `file` that can change after the module was loaded. */
export function changingVariables(context: CheckContext, file: ts.SourceFile): ReadonlySet<ts.Symbol> {
  const known = found.get(file);
  if (known !== undefined) return known;
  const { ts } = context;
  const names = topNames(context, file);
  const changing = new Set<ts.Symbol>();
  const step = (node: ts.Node, inFunction: boolean): void => {
    for (const { node: root } of inFunction ? changedRoots(context, node) : []) {
      if (!ts.isIdentifier(root) || !names.has(root.text) || isLazy(context, node, root)) continue;
      const symbol = symbolAt(context, root);
      if (symbol !== undefined && isTopVariable(context, symbol)) changing.add(symbol);
    }
    const inside = inFunction || (ts.isFunctionLike(node) && !isCalledAtOnce(context, node));
    ts.forEachChild(node, (child) => step(child, inside));
  };
  if (names.size > 0) step(file, false);
  found.set(file, changing);
  return changing;
}

const found = new WeakMap<ts.SourceFile, ReadonlySet<ts.Symbol>>();

/** Whether the symbol is a variable that is declared at the top level of its file. */
export function isTopVariable({ ts }: CheckContext, { valueDeclaration }: ts.Symbol): boolean {
  let at: ts.Node | undefined = valueDeclaration;
  while (at !== undefined && (ts.isBindingElement(at) || ts.isBindingName(at))) at = at.parent;
  const statement = at !== undefined && ts.isVariableDeclaration(at) ? at.parent.parent : undefined;
  return statement !== undefined && ts.isVariableStatement(statement) && ts.isSourceFile(statement.parent);
}

function topNames({ ts }: CheckContext, file: ts.SourceFile): ReadonlySet<string> {
  const declared = file.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations : [],
  );
  return new Set(declared.flatMap(({ name }) => boundNames(ts, name)));
}

/** One change that an expression makes. */
export interface ChangedRoot {
  /** The variable or `this` that leads to what is changed. */
  readonly node: ts.Node;
  /** The expression that is changed: `state.count`, `list`. */
  readonly target: ts.Node;
  /** Whether the variable itself gets another value. */
  readonly isAssignment: boolean;
}

/** What an expression changes, as far as a variable or `this` leads to it. */
export function changedRoots(context: CheckContext, node: ts.Node): readonly ChangedRoot[] {
  const { ts } = context;
  const assigned = assignedTargets(ts, node).flatMap((target): ChangedRoot | [] => {
    const root = rootOf(ts, target);
    return root === undefined ? [] : { node: root, target, isAssignment: root === target };
  });
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return assigned;
  const { name, expression } = node.expression;
  if (!Object.hasOwn(MUTATORS, name.text)) return [];
  const root = rootOf(ts, expression);
  if (root === undefined || !isOwned(MUTATORS, name.text, platformOwner(context, name))) return [];
  return [{ node: root, target: expression, isAssignment: false }];
}

/**
 * Whether `node` is a lazy initialization: `client ??= open()`, `if (!client) client = open()`. Not a change of state.
 */
export function isLazy({ ts }: CheckContext, node: ts.Node, root: ts.Identifier): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.QuestionQuestionEqualsToken || kind === ts.SyntaxKind.BarBarEqualsToken)
    return true;
  if (kind !== ts.SyntaxKind.EqualsToken || node.left !== root) return false;
  for (let at: ts.Node = node; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = at;
    if (
      ts.isIfStatement(parent) &&
      parent.thenStatement === at &&
      asksForNothing(ts, parent.expression, root.text)
    )
      return true;
    if (
      ts.isBlock(parent) &&
      parent.statements.some((one) => one.pos < at.pos && returnsIfThere(ts, one, root.text))
    )
      return true;
  }
  return false;
}

/** Whether the condition tests that the variable is not set: `!x`, `x === undefined`, `x == null`. */
function asksForNothing(typescript: CheckContext['ts'], condition: ts.Expression, name: string): boolean {
  if (typescript.isPrefixUnaryExpression(condition))
    return (
      condition.operator === typescript.SyntaxKind.ExclamationToken &&
      isNamed(typescript, condition.operand, name)
    );
  if (!typescript.isBinaryExpression(condition) || !isNamed(typescript, condition.left, name)) return false;
  const { kind } = condition.operatorToken;
  return (
    (kind === typescript.SyntaxKind.EqualsEqualsEqualsToken ||
      kind === typescript.SyntaxKind.EqualsEqualsToken) &&
    (condition.right.kind === typescript.SyntaxKind.NullKeyword ||
      isNamed(typescript, condition.right, 'undefined'))
  );
}

/** `if (x) return x;`, which makes an assignment below it a lazy initialization. */
function returnsIfThere(typescript: CheckContext['ts'], statement: ts.Statement, name: string): boolean {
  if (!typescript.isIfStatement(statement)) return false;
  const { expression, thenStatement } = statement;
  const asked = typescript.isBinaryExpression(expression) ? expression.left : expression;
  const first = typescript.isBlock(thenStatement) ? thenStatement.statements[0] : thenStatement;
  return isNamed(typescript, asked, name) && first !== undefined && typescript.isReturnStatement(first);
}

function isNamed(typescript: CheckContext['ts'], node: ts.Node, name: string): boolean {
  return typescript.isIdentifier(node) && node.text === name;
}

/** Whether the function is called right where it is written (an IIFE): it then runs while the module loads. */
function isCalledAtOnce({ ts }: CheckContext, node: ts.Node): boolean {
  let at = node;
  while (at.parent !== undefined && ts.isParenthesizedExpression(at.parent)) at = at.parent;
  return at.parent !== undefined && ts.isCallExpression(at.parent) && at.parent.expression === at;
}
