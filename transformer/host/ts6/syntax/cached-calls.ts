// Calls of `cached` from "cachekit": under another name, through a namespace, with a profile; never a local function
// that only has the same name.
import type TS from 'typescript';
import type { CachedCall, TargetAnswer } from '../../../1-scan/syntax-reader.ts';
import { refuse } from './declarations.ts';
import type { FileIndex } from './file-index.ts';
import { qualifiedName, reachOf } from './names.ts';
import { constInitializer, readOptions } from './options.ts';
import { exportOf, isPackageName, mayNameCached, moduleOf } from './package-exports.ts';
import { describeTarget } from './target.ts';
import { isFunctionLiteral, memberOf, unwrap } from './tree.ts';
import { isReference } from './uses.ts';

export function listCachedCalls(index: FileIndex): readonly CachedCall[] {
  const { ts } = index;
  if (!mayNameCached(index.text)) return [];
  const calls: CachedCall[] = [];
  const called = new Set<TS.Node>();
  for (const node of index.nodes) {
    const callee = ts.isCallExpression(node) ? readCallee(index, node.expression) : undefined;
    if (callee !== undefined && ts.isCallExpression(node)) {
      called.add(callee.cached);
      if (!isCompiledCall(ts, node)) calls.push(describeCall(index, node, callee));
    } else if (isCachedReference(index, node) && !called.has(node)) {
      calls.push(describeValueUse(index, node, "'cached' is not called here"));
    } else {
      const name = renamedExport(index, node);
      const why = `it is exported as '${name}', and only names with 'cached' in them are looked for`;
      if (name !== undefined) calls.push(describeValueUse(index, node, why));
    }
  }
  return calls;
}

/** The third argument is ours: this text went through a build already, whatever it renamed since. */
function isCompiledCall(ts: typeof TS, call: TS.CallExpression): boolean {
  const thunk = call.arguments[2];
  return thunk !== undefined && ts.isIdentifier(thunk);
}

/** Is this a call of `cached`, in any of its forms? */
export function isCachedCall(index: FileIndex, call: TS.CallExpression): boolean {
  return readCallee(index, call.expression) !== undefined;
}

interface Callee {
  /** The expression that is `cached` itself. */
  readonly cached: TS.Node;
  readonly profile: string | undefined;
  /** The name after `cached.`, else the callee. */
  readonly profileNode: TS.Node;
}

function readCallee(index: FileIndex, expression: TS.Expression): Callee | undefined {
  const { ts } = index;
  const inner = unwrap(ts, expression);
  if (isCachedReference(index, inner)) return { cached: inner, profile: undefined, profileNode: inner };
  const member = memberOf(ts, inner);
  if (member === undefined) return undefined;
  const cached = unwrap(ts, member.owner);
  return isCachedReference(index, cached)
    ? { cached, profile: member.name.text, profileNode: member.name }
    : undefined;
}

/** `cached` itself, or `ck.cached` of the whole module. */
function isCachedReference(index: FileIndex, node: TS.Node): boolean {
  const { ts } = index;
  const isPossible = ts.isIdentifier(node) ? isReference(index, node) : memberOf(ts, node) !== undefined;
  return isPossible && exportOf(index, node) === 'cached';
}

/** `export { cached as memo }`: callers of `memo` are in files that nothing tells from others. */
function renamedExport(index: FileIndex, node: TS.Node): string | undefined {
  const { ts } = index;
  if (!ts.isExportSpecifier(node) || node.isTypeOnly || /cached/.test(node.name.text)) return undefined;
  const own = node.propertyName ?? node.name;
  const from = moduleOf(index, node);
  const of = from === undefined ? exportOf(index, own) : isPackageName(ts, from) ? own.text : undefined;
  return of === 'cached' ? node.name.text : undefined;
}

function describeCall(index: FileIndex, call: TS.CallExpression, callee: Callee): CachedCall {
  const [fn, options] = call.arguments;
  const isClosed = index.text[call.end - 1] === ')';
  return {
    range: index.rangeOf(call.expression),
    profile: callee.profile === '' ? undefined : callee.profile,
    profileRange: index.rangeOf(callee.profileNode),
    target: describeArgument(index, call, fn),
    options: options === undefined ? undefined : readOptions(index, options),
    optionsRange: options === undefined ? undefined : index.rangeOf(options),
    argsEnd: isClosed ? call.end - 1 : call.end,
    argCount: call.arguments.length,
    trailingComma: call.arguments.hasTrailingComma === true,
    boundName: qualifiedName(index, call),
    boundReach: reachOf(index, call),
  };
}

/** `const c = cached`, `list.map(cached)`: the build cannot follow it, and must say so. */
function describeValueUse(index: FileIndex, node: TS.Node, why: string): CachedCall {
  const range = index.rangeOf(node);
  return {
    range,
    profile: undefined,
    profileRange: range,
    target: refuse(index, node, 'not-a-function', `nothing: ${why}`),
    options: undefined,
    optionsRange: undefined,
    argsEnd: range.end,
    argCount: 0,
    trailingComma: false,
    boundName: undefined,
    boundReach: undefined,
  };
}

function describeArgument(
  index: FileIndex,
  call: TS.CallExpression,
  argument: TS.Expression | undefined,
): TargetAnswer {
  const { ts } = index;
  if (argument === undefined) return refuse(index, call.expression, 'nothing', 'nothing');
  const inner = unwrap(ts, argument);
  if (isFunctionLiteral(ts, inner)) return { ok: true, target: describeTarget(index, inner) };
  if (!ts.isIdentifier(inner)) return refuse(index, inner, 'not-a-function', expressionName(ts, inner));
  const fn = declaredFunction(index, inner);
  if (fn === undefined) return refuse(index, inner, 'not-a-function', referenceName(index, inner));
  if (fn.body === undefined) return refuse(index, inner, 'no-body', `'${inner.text}', which has no body`);
  return { ok: true, target: describeTarget(index, fn) };
}

/** `function load() {…}` (its implementation), or `const load = async () => …`. */
function declaredFunction(
  index: FileIndex,
  identifier: TS.Identifier,
): TS.FunctionLikeDeclaration | undefined {
  const { ts } = index;
  const binding = index.resolve(identifier);
  if (binding?.kind === 'function' && !binding.assigned) {
    const functions = binding.declarations.filter(
      (declaration) => ts.isFunctionDeclaration(declaration) || ts.isFunctionExpression(declaration),
    );
    return functions.find((declaration) => declaration.body !== undefined) ?? functions[0];
  }
  const initializer = constInitializer(index, identifier);
  const value = initializer === undefined ? undefined : unwrap(ts, initializer);
  return value !== undefined && isFunctionLiteral(ts, value) ? value : undefined;
}

function expressionName(ts: typeof TS, node: TS.Expression): string {
  if (ts.isCallExpression(node)) return 'the result of a call';
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return 'a property';
  return ts.isSpreadElement(node) ? 'a spread' : 'an expression';
}

function referenceName(index: FileIndex, identifier: TS.Identifier): string {
  const kind = index.resolve(identifier)?.kind;
  if (kind === 'import') return `the imported '${identifier.text}'`;
  if (kind === 'parameter') return `the parameter '${identifier.text}'`;
  if (kind === 'let') return `'${identifier.text}', which can be reassigned`;
  return `'${identifier.text}'`;
}
