// Which declaration a comment stands before, and what it is when it is no function.
import type TS from 'typescript';
import type { TargetAnswer } from '../../../1-scan/syntax-reader.ts';
import type { FileIndex } from './file-index.ts';
import { memberName } from './names.ts';
import { describeTarget } from './target.ts';
import { hasModifier, isAssignment, isFunctionLiteral, isWrapper, unwrap, walk } from './tree.ts';

/** The callee of this call is `cached` from "cachekit". */
export type IsCached = (call: TS.CallExpression) => boolean;

/**
 * The declaration that a comment right before `offset` stands before: it has its first token there, or the one after a
 * decorator or modifier. Where several begin together, the outermost one is meant.
 */
export function anchorAt(index: FileIndex, offset: number): TS.Node | undefined {
  const { ts } = index;
  let found: TS.Node | undefined;
  walk(ts, index.file, (node) => {
    if (found !== undefined || node.pos > offset) return false;
    if (beginsAt(index, node, offset)) found = node;
    // What begins in a node begins before its end.
    return found === undefined && offset <= node.end;
  });
  return found;
}

function beginsAt(index: FileIndex, node: TS.Node, offset: number): boolean {
  const { ts } = index;
  // Half of all nodes; the long list of questions is for the others.
  if (ts.isToken(node) || !isAnchor(index, node)) return false;
  if (index.rangeOf(node).start === offset) return true;
  const modifiers = 'modifiers' in node ? (node.modifiers as readonly TS.Node[] | undefined) : undefined; // every `modifiers` of the compiler's
  if (modifiers === undefined) return false;
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    index.file.languageVariant,
    index.text,
    () => {
      // Half-typed code is the compiler's to report.
    },
  );
  return modifiers.some((modifier) => {
    scanner.resetTokenState(modifier.end);
    scanner.scan();
    return scanner.getTokenStart() === offset;
  });
}

function isAnchor(index: FileIndex, node: TS.Node): boolean {
  const { ts } = index;
  if (isFunctionLiteral(ts, node) || isWrapper(ts, node)) {
    const parent = index.parentOf(node);
    const isCallee = parent !== undefined && ts.isCallExpression(parent) && parent.expression === node;
    // A function that is only evaluated: nobody could call it, and without `async` it could join the line above.
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

/** Declarations that can never be a function. */
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

/** What a marker before `node` means. */
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
  const isFunctionTyped = 'type' in node && ts.isFunctionTypeNode((node.type ?? node) as TS.Node); // every `type` of the compiler's is a node
  if (value === undefined && isFunctionTyped && (isAmbient(index, node) || ts.isPropertySignature(node)))
    return refuse(index, node, 'no-body', `${ambientWord(index, node)}${dataName(index, node)}`);
  return refuse(index, node, 'not-a-function', `${dataName(index, node)}${typeSuffix(index, node)}`);
}

function describeFunction(index: FileIndex, node: TS.SignatureDeclaration): TargetAnswer {
  const { ts } = index;
  const isSignature = ts.isTypeElement(node) && !ts.isAccessor(node);
  if (isSignature || !('body' in node)) return refuse(index, node, 'no-body', 'signature');
  const fn = node as TS.FunctionLikeDeclaration; // the functions that can have a body
  if (fn.body !== undefined) return { ok: true, target: describeTarget(index, fn) };
  const word = ts.isFunctionDeclaration(fn) ? 'function' : 'method';
  const isPlain = !isAmbient(index, fn);
  if (!isPlain) return refuse(index, fn, 'no-body', `${ambientWord(index, fn)}${word}`);
  const body = implementationOf(index, fn);
  const refusal = refuse(index, fn, 'no-body', 'overload signature');
  return body === undefined ? refusal : { ...refusal, implementationAt: index.rangeOf(body).start };
}

/** The next function of the same list that has a body: between overloads there is nothing else. */
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

/** The function literal that `value` is, also as the argument of `cached()`. */
function functionIn(ts: typeof TS, value: TS.Expression, isCached: IsCached): FunctionOrUndefined {
  const inner = unwrap(ts, value);
  if (isFunctionLiteral(ts, inner)) return inner;
  const first = ts.isCallExpression(inner) && isCached(inner) ? inner.arguments[0] : undefined;
  const argument = first === undefined ? undefined : unwrap(ts, first);
  return argument !== undefined && isFunctionLiteral(ts, argument) ? argument : undefined;
}
type FunctionOrUndefined = TS.ArrowFunction | TS.FunctionExpression | undefined;

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
  const text = index.text.slice(start, end).replace(/\s+/g, ' ');
  return ` of type ${text.length > 40 ? `${text.slice(0, 39)}…` : text}`;
}

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

/** `what` without an article. */
export function refuse(index: FileIndex, node: TS.Node, reason: Refusal['reason'], what: string): Refusal {
  const { ts } = index;
  const name = ts.getNameOfDeclaration(node as TS.Declaration); // undefined for what has no name
  const range = index.rangeOf(name ?? node);
  const text = name !== undefined && ts.isPropertyName(name) ? memberName(index, name) : undefined;
  const line = index.text.slice(range.start, range.end).split(/[\r\n]/, 1)[0] ?? '';
  return { ok: false, reason, what, name: text ?? (name === undefined ? '' : line), range };
}
