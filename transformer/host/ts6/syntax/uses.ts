// Finds what the body and the default values of a function read from outside: `this`, `arguments`, and variables of
// enclosing functions.
import type TS from 'typescript';
import type { Capture, Target } from '../../../1-scan/marker.ts';
import type { Binding } from './bindings.ts';
import { type OwnReads, readThis } from './dispatch.ts';
import type { FileIndex } from './file-index.ts';
import { unwrap, walk } from './tree.ts';

/** The part of a Target that is read from the body and the default values. */
export type Uses = Pick<Target, 'usesArguments' | 'bypass' | 'thisReads' | 'thisCalls' | 'captures'>;

/** Reads it for one function. */
export function readUses(index: FileIndex, fn: TS.FunctionLikeDeclaration): Uses {
  const own: OwnReads = {
    keywordsOf: (inner) => rootsOf(inner).flatMap((root) => thisKeywords(index, root)),
    hasCaptures: (inner) => readCaptures(index, inner).length > 0,
  };
  const [bypass] = rootsOf(fn).flatMap((root) => bypassesIn(index, root));
  return {
    usesArguments: bypass !== undefined,
    ...(bypass !== undefined && { bypass }),
    ...readThis(index, fn, own),
    captures: readCaptures(index, fn),
  };
}

/** The parts of a function that run at a call: parameters (for their defaults) and body. */
function rootsOf(fn: TS.FunctionLikeDeclaration): readonly TS.Node[] {
  return [...fn.parameters, ...(fn.body === undefined ? [] : [fn.body])];
}

/** Like `walk`, but skips types, which read nothing at run time. */
function walkValues(index: FileIndex, root: TS.Node, visit: (node: TS.Node) => boolean): void {
  const { ts } = index;
  walk(ts, root, (node) => !isTypeOnly(ts, node) && visit(node));
}

function isTypeOnly(ts: typeof TS, node: TS.Node): boolean {
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  if (ts.isExpressionWithTypeArguments(node)) return false;
  return (
    ts.isTypeNode(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  );
}

/**
 * Walks the code that has the same `this` and `arguments` as `root`: inner arrow functions are part of it, and of other
 * functions and class members only their computed names.
 */
function walkOwn(index: FileIndex, root: TS.Node, visit: (node: TS.Node) => void): void {
  const { ts } = index;
  walkValues(index, root, (node) => {
    visit(node);
    const parent = index.parentOf(node);
    const isMember =
      (ts.isFunctionLike(node) && !ts.isArrowFunction(node)) ||
      (parent !== undefined && ts.isClassLike(parent) && ts.isClassElement(node));
    if (!isMember) return true;
    const { name } = node as TS.NamedDeclaration; // functions and class elements are named declarations
    if (name !== undefined && ts.isComputedPropertyName(name)) walkOwn(index, name, visit);
    return false;
  });
}

/** Where the function reads its arguments by another way than its parameters: see `bypassOf`. */
function bypassesIn(index: FileIndex, root: TS.Node): readonly NonNullable<Target['bypass']>[] {
  const { ts } = index;
  const found: NonNullable<Target['bypass']>[] = [];
  walkOwn(index, root, (node) => {
    const text = bypassOf(index, node);
    if (text !== undefined)
      found.push({ text, range: index.rangeOf(ts.isWithStatement(node) ? node.expression : node) });
  });
  return found;
}

function bypassOf(index: FileIndex, node: TS.Node): string | undefined {
  const { ts } = index;
  if (ts.isIdentifier(node))
    return node.text === 'arguments' && isReference(index, node) ? node.text : undefined;
  if (ts.isWithStatement(node)) return 'with';
  if (ts.isMetaProperty(node))
    return node.keywordToken === ts.SyntaxKind.NewKeyword ? 'new.target' : undefined;
  const callee = ts.isCallExpression(node) ? unwrap(ts, node.expression) : undefined;
  return callee !== undefined && ts.isIdentifier(callee) && callee.text === 'eval' ? 'eval' : undefined;
}

function thisKeywords(index: FileIndex, root: TS.Node): readonly TS.Node[] {
  const { ts } = index;
  const found: TS.Node[] = [];
  walkOwn(index, root, (node) => {
    if (node.kind === ts.SyntaxKind.SuperKeyword || node.kind === ts.SyntaxKind.ThisKeyword) found.push(node);
  });
  return found;
}

function readCaptures(index: FileIndex, fn: TS.FunctionLikeDeclaration): readonly Capture[] {
  const { ts } = index;
  const found = new Map<Binding, Capture>();
  const visit = (node: TS.Node): boolean => {
    if (!ts.isIdentifier(node) || !isReference(index, node)) return true;
    const binding = index.resolve(node);
    if (binding === undefined || found.has(binding) || !isCaptured(index, fn, binding)) return true;
    const reassigned = binding.kind === 'let' || binding.assigned;
    found.set(binding, { name: node.text, reassigned, range: index.rangeOf(node) });
    return true;
  };
  for (const root of rootsOf(fn)) walkValues(index, root, visit);
  return [...found.values()];
}

/** Whether the variable is declared outside of `fn`, in a scope that is entered repeatedly: in a function or a loop. */
function isCaptured(index: FileIndex, fn: TS.FunctionLikeDeclaration, binding: Binding): boolean {
  const { ts } = index;
  if (binding.declarations.some((declaration) => isDeclarationOf(index, declaration, fn))) return false;
  let isRepeated = false;
  for (let up: TS.Node | undefined = binding.scope; up !== undefined; up = index.parentOf(up)) {
    if (up === fn) return false;
    if (ts.isFunctionLike(up) || ts.isIterationStatement(up, false)) isRepeated = true;
  }
  return isRepeated;
}

/**
 * Whether `declaration` declares `fn` itself: `function f`, `const f = async () => …`,
 * `const f = cached(async () => …)`. A read of `f` in `fn` is then recursion, not a capture.
 */
function isDeclarationOf(index: FileIndex, declaration: TS.Node, fn: TS.Node): boolean {
  const { ts } = index;
  if (declaration === fn) return true;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  const value = unwrap(ts, declaration.initializer);
  const first = ts.isCallExpression(value) ? value.arguments[0] : undefined;
  return value === fn || (first !== undefined && unwrap(ts, first) === fn);
}

/** Whether the identifier reads or writes a variable, and is not a declared name, property name or label. */
export function isReference(index: FileIndex, identifier: TS.Identifier): boolean {
  const { ts } = index;
  const parent = index.parentOf(identifier);
  if (parent === undefined) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isJsxOpeningLikeElement(parent) || ts.isJsxClosingElement(parent))
    return !/^[a-z]/.test(identifier.text);
  if (ts.isJsxAttribute(parent) || ts.isJsxNamespacedName(parent) || ts.isMetaProperty(parent)) return false;
  if (ts.isImportClause(parent) || ts.isExportSpecifier(parent) || ts.isQualifiedName(parent)) return false;
  // In all other parents, an identifier that is only a name is in one of these properties.
  const { name, propertyName, label } = parent as Partial<Record<'name' | 'propertyName' | 'label', TS.Node>>;
  return name !== identifier && propertyName !== identifier && label !== identifier;
}

/**
 * True when evaluating the expression can neither throw nor run the user's code. `depth`: of nesting, for the limit.
 */
export function isInert(index: FileIndex, expression: TS.Expression, depth = 0): boolean {
  const { ts } = index;
  const inner = unwrap(ts, expression);
  if (depth > 32) return false;
  if (ts.isLiteralExpression(inner) || ts.isArrowFunction(inner) || ts.isFunctionExpression(inner))
    return true;
  if (ts.isIdentifier(inner))
    return /^(?:undefined|NaN|Infinity)$/.test(inner.text) && index.resolve(inner) === undefined;
  if (ts.isArrayLiteralExpression(inner))
    return inner.elements.every((item) => ts.isOmittedExpression(item) || isInert(index, item, depth + 1));
  if (ts.isObjectLiteralExpression(inner))
    return inner.properties.every(
      (property) =>
        ts.isPropertyAssignment(property) &&
        !ts.isComputedPropertyName(property.name) &&
        isInert(index, property.initializer, depth + 1),
    );
  if (ts.isPrefixUnaryExpression(inner)) return isNumber(ts, inner.operand);
  if (ts.isBinaryExpression(inner)) return isArithmetic(ts, inner);
  return (
    inner.kind === ts.SyntaxKind.TrueKeyword ||
    inner.kind === ts.SyntaxKind.FalseKeyword ||
    inner.kind === ts.SyntaxKind.NullKeyword
  );
}

function isArithmetic(ts: typeof TS, expression: TS.BinaryExpression): boolean {
  const { kind } = expression.operatorToken;
  if (kind < ts.SyntaxKind.PlusToken || kind > ts.SyntaxKind.PercentToken) return false;
  return isNumber(ts, expression.left) && isNumber(ts, expression.right);
}

function isNumber(ts: typeof TS, expression: TS.Expression): boolean {
  const inner = unwrap(ts, expression);
  if (ts.isNumericLiteral(inner)) return true;
  return ts.isBinaryExpression(inner) && isArithmetic(ts, inner);
}
