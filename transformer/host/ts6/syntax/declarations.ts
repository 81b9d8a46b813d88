// Finds the declaration that a comment is attached to, and says what it is if it is not a function.
import type TS from 'typescript';
import type { TargetAnswer } from '../../../1-scan/syntax-reader.ts';
import type { FileIndex } from './file-index.ts';
import { memberName } from './names.ts';
import { shortText } from './short-text.ts';
import { describeTarget } from './target.ts';
import {
  type FunctionLiteral,
  hasModifier,
  isAssignment,
  isFunctionLiteral,
  isWrapper,
  unwrap,
  walk,
} from './tree.ts';

/** Whether the callee of a call is `cached` from "cachekit". */
export type IsCached = (call: TS.CallExpression) => boolean;

/**
 * The declaration that a comment is attached to, where `offset` is the start of the token after the comment: the
 * declaration begins with this token, or has it after a decorator or modifier. If several do, it is the outermost.
 */
export function anchorAt(index: FileIndex, offset: number): TS.Node | undefined {
  const { ts } = index;
  let found: TS.Node | undefined;
  walk(ts, index.file, (node) => {
    if (found !== undefined || node.pos > offset) return false;
    if (beginsAt(index, node, offset)) found = node;
    // Go below a node only if the token can be in it.
    return found === undefined && offset <= node.end;
  });
  return found;
}

function beginsAt(index: FileIndex, node: TS.Node, offset: number): boolean {
  const { ts } = index;
  // Half of all nodes are tokens: this spares them the long list of tests.
  if (ts.isToken(node) || !isAnchor(index, node)) return false;
  if (index.rangeOf(node).start === offset) return true;
  const modifiers = 'modifiers' in node ? (node.modifiers as readonly TS.Node[] | undefined) : undefined; // as in all nodes
  if (modifiers === undefined) return false;
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    index.file.languageVariant,
    index.text,
    () => {
      // half-typed code: TypeScript reports what is wrong with it
    },
  );
  return modifiers.some((modifier) => {
    scanner.resetTokenState(modifier.end);
    scanner.scan();
    return scanner.getTokenStart() === offset;
  });
}

/** Whether a marker can be attached to the node, rightly or not: those at anything but functions are reported. */
function isAnchor(index: FileIndex, node: TS.Node): boolean {
  const { ts } = index;
  if (isFunctionLiteral(ts, node) || isWrapper(ts, node)) {
    const parent = index.parentOf(node);
    const isCallee = parent !== undefined && ts.isCallExpression(parent) && parent.expression === node;
    // A function that is a statement by itself: nobody can call it, and without its `async` it could become an argument
    // or operand of the line above.
    const isUnused = parent !== undefined && ts.isExpressionStatement(parent);
    return !isCallee && !isUnused && isFunctionLiteral(ts, unwrap(ts, node));
  }
  if (ts.isReturnStatement(node))
    return node.expression !== undefined && isFunctionLiteral(ts, unwrap(ts, node.expression));
  if (ts.isExpressionStatement(node)) return isAssignment(ts, node.expression);
  if (ts.isVariableStatement(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) return true;
  return kindName(ts, node) !== undefined || ts.isFunctionDeclaration(node) || isMember(ts, node);
}

function isMember(ts: typeof TS, node: TS.Node): boolean {
  return (
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isObjectLiteralElementLike(node) ||
    ts.isEnumMember(node) ||
    ts.isExportAssignment(node)
  );
}

/** The word for a declaration that is never a function; undefined for all others. */
function kindName(ts: typeof TS, node: TS.Node): string | undefined {
  if (ts.isClassLike(node)) return 'class';
  if (ts.isInterfaceDeclaration(node)) return 'interface';
  if (ts.isTypeAliasDeclaration(node)) return 'type';
  if (ts.isEnumDeclaration(node)) return 'enum';
  if (ts.isModuleDeclaration(node)) return 'namespace';
  if (ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node)) return 'import';
  if (ts.isExportDeclaration(node)) return 'export';
  if (ts.isClassStaticBlockDeclaration(node)) return 'static block';
  if (ts.isIndexSignatureDeclaration(node)) return 'index signature';
  return undefined;
}

/** The target of a marker that is attached to `node`, or why it has none. */
export function describeDeclaration(index: FileIndex, node: TS.Node, isCached: IsCached): TargetAnswer {
  const { ts } = index;
  if (ts.isVariableStatement(node)) {
    const { declarations } = node.declarationList;
    const first = declarations[0];
    if (first === undefined) return refuse(index, node, 'nothing', 'declaration');
    if (declarations.length > 1)
      return refuse(index, first, 'many-declarators', `${declarations.length} variables`);
    return describeDeclaration(index, first, isCached);
  }
  if (ts.isSemicolonClassElement(node)) return refuse(index, node, 'nothing', 'semicolon');
  const kind = kindName(ts, node);
  if (kind !== undefined) return refuse(index, node, 'not-a-function', kind);
  if (ts.isFunctionLike(node)) return describeFunction(index, node);
  const value = valueOf(ts, node);
  const fn = value === undefined ? undefined : functionIn(ts, value, isCached);
  if (fn !== undefined) return { ok: true, target: describeTarget(index, fn) };
  const isFunctionTyped = 'type' in node && ts.isFunctionTypeNode((node.type ?? node) as TS.Node); // `type` is always a node
  if (value === undefined && isFunctionTyped && (isAmbient(index, node) || ts.isPropertySignature(node)))
    return refuse(index, node, 'no-body', `${ambientWord(index, node)}${dataName(index, node)}`);
  return refuse(index, node, 'not-a-function', `${dataName(index, node)}${typeSuffix(index, node)}`);
}

function describeFunction(index: FileIndex, node: TS.SignatureDeclaration): TargetAnswer {
  const { ts } = index;
  const isSignature = ts.isTypeElement(node) && !ts.isAccessor(node);
  if (isSignature || !('body' in node)) return refuse(index, node, 'no-body', 'signature');
  const fn = node as TS.FunctionLikeDeclaration; // these are the signatures that can have a body
  if (fn.body !== undefined) return { ok: true, target: describeTarget(index, fn) };
  const word = ts.isFunctionDeclaration(fn) ? 'function' : 'method';
  if (isAmbient(index, fn)) return refuse(index, fn, 'no-body', `${ambientWord(index, fn)}${word}`);
  const refusal = refuse(index, fn, 'no-body', 'overload signature');
  const implementation = implementationOf(index, fn);
  return implementation === undefined
    ? refusal
    : { ...refusal, implementationAt: index.rangeOf(implementation).start };
}

/**
 * The implementation of an overload: the next sibling with a body, if it has the same name. Overloads stand together.
 */
function implementationOf(index: FileIndex, fn: TS.FunctionLikeDeclaration): TS.Node | undefined {
  const { ts } = index;
  const owner = index.parentOf(fn);
  if (owner === undefined) return undefined;
  const siblings: TS.Node[] = [];
  ts.forEachChild(owner, (child) => void siblings.push(child));
  const next = siblings
    .slice(siblings.indexOf(fn) + 1)
    .find((one) => 'body' in one && one.body !== undefined);
  const isSame =
    next !== undefined && ts.isFunctionLike(next) && nameText(index, next) === nameText(index, fn);
  return isSame ? next : undefined;
}

function nameText(index: FileIndex, { name }: TS.SignatureDeclaration): string | undefined {
  return name !== undefined && index.ts.isPropertyName(name) ? memberName(index, name) : undefined;
}

function valueOf(ts: typeof TS, node: TS.Node): TS.Expression | undefined {
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node))
    return node.initializer;
  if (ts.isExportAssignment(node) || ts.isReturnStatement(node)) return node.expression;
  if (ts.isExpressionStatement(node) && isAssignment(ts, node.expression)) return node.expression.right;
  return isWrapper(ts, node) ? node.expression : undefined;
}

/** The function literal that `value` is, or that it wraps with `cached()`. */
function functionIn(ts: typeof TS, value: TS.Expression, isCached: IsCached): FunctionLiteral | undefined {
  const inner = unwrap(ts, value);
  if (isFunctionLiteral(ts, inner)) return inner;
  const first = ts.isCallExpression(inner) && isCached(inner) ? inner.arguments[0] : undefined;
  const argument = first === undefined ? undefined : unwrap(ts, first);
  return argument !== undefined && isFunctionLiteral(ts, argument) ? argument : undefined;
}
function dataName(index: FileIndex, node: TS.Node): string {
  const { ts } = index;
  if (ts.isParameter(node)) return 'parameter';
  if (ts.isExportAssignment(node)) return 'default export';
  if (ts.isPropertyDeclaration(node)) return 'field';
  if (ts.isEnumMember(node)) return 'member';
  if (ts.isExpressionStatement(node)) return 'value that is assigned';
  if (!ts.isVariableDeclaration(node)) return 'property';
  const flags = index.parentOf(node)?.flags ?? 0;
  return (flags & ts.NodeFlags.Const) !== 0 ? 'const' : 'variable';
}

function typeSuffix(index: FileIndex, node: TS.Node): string {
  const { ts } = index;
  const hasType = ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isParameter(node);
  if (!hasType || node.type === undefined) return '';
  const { start, end } = index.rangeOf(node.type);
  return ` of type ${shortText(index.text.slice(start, end))}`;
}

/** Whether the declaration has no body anywhere in the program: `declare`, `abstract`, or in a declaration file. */
function isAmbient(index: FileIndex, node: TS.Node): boolean {
  const { ts } = index;
  if (index.file.isDeclarationFile || hasModifier(ts, node, ts.SyntaxKind.AbstractKeyword)) return true;
  for (let up: TS.Node | undefined = node; up !== undefined; up = index.parentOf(up))
    if (hasModifier(ts, up, ts.SyntaxKind.DeclareKeyword)) return true;
  return false;
}

function ambientWord(index: FileIndex, node: TS.Node): string {
  const { ts } = index;
  if (ts.isPropertySignature(node)) return '';
  return hasModifier(ts, node, ts.SyntaxKind.AbstractKeyword) ? 'abstract ' : 'declared ';
}

type Refusal = Extract<TargetAnswer, { ok: false }>;

/** The answer for a marker without a function. `what`: the name for `node` in the message, without an article. */
export function refuse(index: FileIndex, node: TS.Node, reason: Refusal['reason'], what: string): Refusal {
  const { ts } = index;
  const name = ts.getNameOfDeclaration(node as TS.Declaration); // undefined for what has no name
  const range = index.rangeOf(name ?? node);
  const text = name !== undefined && ts.isPropertyName(name) ? memberName(index, name) : undefined;
  const line = index.text.slice(range.start, range.end).split(/[\r\n]/, 1)[0] ?? '';
  return { ok: false, reason, what, name: text ?? (name === undefined ? '' : line), range };
}
