// Finds the calls of `cached` from "cachekit", also under another name, through a namespace, or with a profile. A local
// function that only has the same name is not taken for it.
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

/**
 * All calls in source order, and with them the uses of `cached` that the build cannot follow, as targets that are
 * refused.
 */
export function listCachedCalls(index: FileIndex): readonly CachedCall[] {
  const { ts } = index;
  if (!mayNameCached(index.text)) return [];
  const calls: CachedCall[] = [];
  /** The nodes for `cached` itself that are part of a call found before. */
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

/**
 * Whether a build has compiled this call before: it added the third argument, the only one that cannot be the user's.
 */
function isCompiledCall(ts: typeof TS, call: TS.CallExpression): boolean {
  const thunk = call.arguments[2];
  return thunk !== undefined && ts.isIdentifier(thunk);
}

/** Whether this is a call of `cached` in any of its forms. */
export function isCachedCall(index: FileIndex, call: TS.CallExpression): boolean {
  return readCallee(index, call.expression) !== undefined;
}

interface Callee {
  /** The expression for `cached` itself. */
  readonly cached: TS.Node;
  /** `production` of `cached.production(…)`. */
  readonly profile: string | undefined;
  /** The node of the profile; without a profile, `cached`. */
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

/** Whether the node is `cached`, or `ck.cached` where `ck` is the whole module. */
function isCachedReference(index: FileIndex, node: TS.Node): boolean {
  const { ts } = index;
  const isPossible = ts.isIdentifier(node) ? isReference(index, node) : memberOf(ts, node) !== undefined;
  return isPossible && exportOf(index, node) === 'cached';
}

/**
 * `memo` of `export { cached as memo }`. Calls of such a name are not found, as files are searched for `cached` in
 * names.
 */
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

/**
 * A use of `cached` that the build cannot follow, such as `const c = cached` or `list.map(cached)`: an error with
 * `why`.
 */
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

/** The function that a name stands for: `function load() {…}` (the implementation), or `const load = async () => …`. */
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
