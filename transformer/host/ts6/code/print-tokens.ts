// Prints the tokens of a syntax tree in a canonical form, without comments, formatting and types. Two sources that
// differ only in formatting print the same; two that run differently print differently.
import type ts from 'typescript';
import type { TypeScript } from '../types/origin.ts';

/**
 * Prints `root`, and calls `visit` for each identifier in code and for the path of each `import()` and `require()`.
 * `visit` can return another name to print, as for local variables, whose names do not matter.
 */
export function printTokens(
  ts: TypeScript,
  root: ts.Node,
  visit: (name: ts.Node) => string | undefined,
): string {
  const file = root.getSourceFile();
  const out: string[] = [];
  const step = (node: ts.Node): void => {
    if (isErased(ts, node)) return;
    const inner = unwrapped(ts, node);
    if (inner !== undefined) return step(inner);
    const children = node.getChildren(file);
    if (children.length === 0 || ts.isIdentifier(node)) {
      const isName = ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || isModulePath(ts, node);
      const renamed = isName ? visit(node) : undefined;
      const text = tokenText(ts, node, file);
      // `{ id }` means `{ id: id }`: the property keeps its name, only the variable gets the new one.
      if (renamed !== undefined && isShorthand(ts, node)) out.push(text, ':');
      if (text !== '') out.push(renamed ?? text);
      return;
    }
    const isList = node.kind === ts.SyntaxKind.SyntaxList;
    const parens = isBareArrow(ts, node, children);
    children.forEach((child, index) => {
      const isTrailingComma =
        isList && index === children.length - 1 && child.kind === ts.SyntaxKind.CommaToken;
      if (isTrailingComma || isTerminator(ts, node, child) || isAnnotation(ts, node, child)) return;
      if (parens && child.kind === ts.SyntaxKind.SyntaxList && index < 2 && !isModifiers(ts, child)) {
        out.push('(');
        step(child);
        out.push(')');
      } else step(child);
    });
    // Instead of the semicolon or line break in the source, so that two statements never print like one.
    if (ts.isStatement(node) || ts.isClassElement(node)) out.push(';\n');
  };
  step(root);
  return out.join(' ');
}

/**
 * Types and their declarations, of which nothing runs. The type after `extends` of a class is an exception: it is
 * evaluated.
 */
function isErased(ts: TypeScript, node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false;
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) ||
    (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode)
  );
}

/** `x` of `x as T`, `x satisfies T`, `<T>x` and `x!`; undefined for all other nodes. */
function unwrapped(ts: TypeScript, node: ts.Node): ts.Node | undefined {
  return ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node)
    ? node.expression
    : undefined;
}

function tokenText(ts: TypeScript, node: ts.Node, file: ts.SourceFile): string {
  // Kinds of quotes and notations of numbers count as formatting.
  if (ts.isStringLiteral(node)) return JSON.stringify(node.text);
  if (ts.isNumericLiteral(node)) return node.text;
  if (ts.isOmittedExpression(node)) return '<hole>';
  if (ts.isJsxText(node)) return JSON.stringify(node.text.replace(/\s*\n\s*/g, '\n'));
  if (node.kind === ts.SyntaxKind.SyntaxList) return '';
  return node.getText(file);
}

/** Whether the identifier names both a property and a variable, as in `{ id }`. */
function isShorthand(ts: TypeScript, node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === node;
  return (
    ts.isBindingElement(parent) &&
    parent.name === node &&
    parent.propertyName === undefined &&
    parent.dotDotDotToken === undefined &&
    ts.isObjectBindingPattern(parent.parent)
  );
}

/** A semicolon that a formatter may add or drop. Those in `for (;;)` and in the empty statement have a meaning. */
function isTerminator(ts: TypeScript, parent: ts.Node, child: ts.Node): boolean {
  return (
    child.kind === ts.SyntaxKind.SemicolonToken && !ts.isForStatement(parent) && !ts.isEmptyStatement(parent)
  );
}

/** The colon before a type, and a `?` or `!` that only matters to the type checker. */
function isAnnotation(ts: TypeScript, parent: ts.Node, child: ts.Node): boolean {
  if (ts.isConditionalExpression(parent)) return false;
  if (child.kind === ts.SyntaxKind.ColonToken)
    return (
      (ts.isVariableDeclaration(parent) ||
        ts.isParameter(parent) ||
        ts.isPropertyDeclaration(parent) ||
        ts.isFunctionLike(parent)) &&
      parent.type !== undefined
    );
  const { questionToken, exclamationToken } = parent as Partial<
    Record<'questionToken' | 'exclamationToken', ts.Node>
  >; // of declarations
  return child === questionToken || child === exclamationToken;
}

/** An arrow function without parentheses around its parameter: `x => x` is printed as `(x) => x`. */
function isBareArrow(ts: TypeScript, node: ts.Node, children: readonly ts.Node[]): boolean {
  return ts.isArrowFunction(node) && !children.some((child) => child.kind === ts.SyntaxKind.OpenParenToken);
}

function isModifiers(ts: TypeScript, list: ts.Node): boolean {
  return list.getChildren().every((child) => ts.isModifier(child));
}

function isModulePath(ts: TypeScript, node: ts.Node): boolean {
  const call = ts.isStringLiteral(node) ? node.parent : undefined;
  if (call === undefined || !ts.isCallExpression(call) || call.arguments[0] !== node) return false;
  return (
    call.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(call.expression) && call.expression.text === 'require')
  );
}
