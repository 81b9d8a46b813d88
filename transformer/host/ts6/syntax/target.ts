// A function node → Target: the positions and facts that the later stages need.
import type TS from 'typescript';
import type { ParamSyntax, Range, Target, TargetForm } from '../../../1-scan/marker.ts';
import { boundNames } from './bindings.ts';
import type { FileIndex } from './file-index.ts';
import { holderOf, memberName, qualifiedName, reachOf, toIdentifier } from './names.ts';
import { hasModifier, isAssignment } from './tree.ts';
import { isInert, readUses } from './uses.ts';

/** `fn`: any function, method, accessor or constructor, with or without a body. */
export function describeTarget(index: FileIndex, fn: TS.FunctionLikeDeclaration): Target {
  const { ts } = index;
  const nameNode = nameNodeOf(index, fn);
  const asyncKeyword = ts.canHaveModifiers(fn)
    ? ts.getModifiers(fn)?.find((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword)
    : undefined;
  return {
    form: formOf(index, fn),
    name: shortName(index, fn, nameNode),
    qualifiedName: qualifiedName(index, fn),
    reach: reachOf(index, fn),
    node: { start: fn.pos, end: fn.end },
    nameRange: nameNode === undefined ? firstToken(index, fn) : index.rangeOf(nameNode),
    returnTypeRange: fn.type === undefined ? undefined : index.rangeOf(fn.type),
    async: asyncKeyword !== undefined,
    generator: fn.asteriskToken !== undefined,
    asyncRange: asyncKeyword === undefined ? undefined : index.rangeOf(asyncKeyword),
    asyncBy: asyncKeyword !== undefined && needsSemicolon(index, fn, asyncKeyword) ? ';' : '',
    ...(isToldByAsync(index, fn) && { toldByAsync: true }),
    params: fn.parameters
      .filter((param) => !isThisParameter(ts, param))
      .map((param) => describeParam(index, param)),
    body: describeBody(index, fn.body),
    ...readUses(index, fn),
  };
}

function formOf(index: FileIndex, fn: TS.FunctionLikeDeclaration): TargetForm {
  const { ts } = index;
  if (ts.isFunctionDeclaration(fn)) return 'function';
  if (ts.isConstructorDeclaration(fn)) return 'constructor';
  if (ts.isGetAccessorDeclaration(fn)) return 'getter';
  if (ts.isSetAccessorDeclaration(fn)) return 'setter';
  if (ts.isMethodDeclaration(fn)) {
    const owner = index.parentOf(fn);
    if (owner !== undefined && ts.isObjectLiteralExpression(owner)) return 'object-method';
    return hasModifier(ts, fn, ts.SyntaxKind.StaticKeyword) ? 'static-method' : 'method';
  }
  const holder = holderOf(index, fn);
  if (holder !== undefined && ts.isPropertyDeclaration(holder)) return 'field-arrow';
  return ts.isArrowFunction(fn) ? 'arrow' : 'function-expression';
}

/** The name of the variable, property or assignment that holds the function, else the function's own. */
function nameNodeOf(index: FileIndex, fn: TS.FunctionLikeDeclaration): TS.Node | undefined {
  const { ts } = index;
  const holder = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? holderOf(index, fn) : undefined;
  const isHeld =
    holder !== undefined &&
    (ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder) || ts.isPropertyDeclaration(holder));
  if (holder !== undefined && isAssignment(ts, holder)) {
    const { left } = holder;
    if (ts.isPropertyAccessExpression(left)) return left.name;
    return ts.isIdentifier(left) ? left : fn.name;
  }
  return isHeld ? holder.name : fn.name;
}

function shortName(index: FileIndex, fn: TS.FunctionLikeDeclaration, name: TS.Node | undefined): string {
  const { ts } = index;
  if (ts.isConstructorDeclaration(fn)) return 'constructor';
  if (name !== undefined && ts.isIdentifier(name) && name.text !== '') return name.text;
  if (name !== undefined && ts.isPropertyName(name)) return toIdentifier(memberName(index, name) ?? '');
  return qualifiedName(index, fn) === 'default' ? 'default_' : 'anonymous';
}

function firstToken(index: FileIndex, fn: TS.Node): Range {
  const { ts } = index;
  const { start, end } = index.rangeOf(fn);
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    index.file.languageVariant,
    index.text,
    undefined,
    start,
  );
  scanner.scan();
  return { start, end: Math.max(start, Math.min(scanner.getTokenEnd(), end)) };
}

/**
 * Whether a `;` must replace the `async` of a method, because the class member above could otherwise continue with the
 * method: `a = 1 ⏎ async [b]() {}`, `static ⏎ async c() {}`. When another modifier comes before `async`, it separates
 * the two, and a `;` after it would be an error.
 */
function needsSemicolon(index: FileIndex, fn: TS.FunctionLikeDeclaration, asyncKeyword: TS.Node): boolean {
  const { ts } = index;
  const owner = index.parentOf(fn);
  if (owner === undefined || !ts.isMethodDeclaration(fn) || !ts.isClassLike(owner)) return false;
  if (index.rangeOf(asyncKeyword).start !== index.rangeOf(fn).start) return false;
  if (ts.isComputedPropertyName(fn.name)) return true;
  const above = owner.members[owner.members.findIndex((member) => member === fn) - 1];
  return above !== undefined && ts.isPropertyDeclaration(above) && index.text[above.end - 1] !== ';';
}

/**
 * Whether the emitted `design:returntype` (of a decorated method without a return type) is Promise only because of
 * `async`.
 */
function isToldByAsync({ ts }: FileIndex, fn: TS.FunctionLikeDeclaration): boolean {
  if (!ts.isMethodDeclaration(fn) || fn.type !== undefined) return false;
  return [fn, ...fn.parameters].some((node) => (ts.getDecorators(node)?.length ?? 0) > 0);
}

/** `this: Svc` exists only in types: it is no parameter at run time. */
function isThisParameter(ts: typeof TS, param: TS.ParameterDeclaration): boolean {
  return ts.isIdentifier(param.name) && param.name.text === 'this';
}

function describeParam(index: FileIndex, param: TS.ParameterDeclaration): ParamSyntax {
  const { ts } = index;
  const { initializer } = param;
  return {
    names: boundNames(ts, param.name),
    pattern: !ts.isIdentifier(param.name),
    rest: param.dotDotDotToken !== undefined,
    default: initializer === undefined ? 'none' : isInert(index, initializer) ? 'literal' : 'expression',
    range: index.rangeOf(param),
  };
}

function describeBody(index: FileIndex, body: TS.ConciseBody | undefined): Target['body'] {
  const { ts } = index;
  if (body === undefined) return undefined;
  const { start, end } = index.rangeOf(body);
  if (!ts.isBlock(body)) return { block: false, open: start, close: end, hasDirectives: false };
  const directives = directivesOf(ts, body.statements);
  const last = directives.at(-1);
  const hasBraces = index.text[start] === '{' && index.text[end - 1] === '}' && end - start > 1;
  const open = last === undefined ? Math.min(start + 1, end) : last.end;
  return { block: true, open, close: hasBraces ? end - 1 : end, hasDirectives: last !== undefined };
}

/** The directives at the start: `'use strict'`, `'use server'`. */
export function directivesOf(ts: typeof TS, statements: readonly TS.Statement[]): readonly TS.Statement[] {
  const isDirective = (statement: TS.Statement) =>
    ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
  const first = statements.findIndex((statement) => !isDirective(statement));
  return first === -1 ? statements : statements.slice(0, first);
}
