// Walks one function: what it reads besides its arguments, what it does besides returning a result, and what it calls.
import type ts from 'typescript';
import type { EffectKind } from '../../../2-shape/effect.ts';
import { shortText } from '../syntax/short-text.ts';
import { type CheckContext, resolvedSymbol, symbolAt } from '../types/origin.ts';
import { inputOfCall, outputOfCall } from './calls.ts';
import { changedRoots, changingVariables, isLazy, isTopVariable, type ChangedRoot } from './module-state.ts';
import { importedAs, platformOwner } from './origin.ts';
import { BUILD_ENV } from './platform-names.ts';
import { resultEffects } from './result.ts';

/** Something that a function itself reads or does. */
export interface OwnEffect {
  readonly kind: EffectKind;
  readonly text: string;
  readonly node: ts.Node;
  /** Whether the effect concerns a parameter of the function, and not anything outside of it. */
  readonly ofParam: boolean;
}

/** What one function reads, does and calls. */
export interface OwnEffects {
  /** In source order, without duplicates. */
  readonly effects: readonly OwnEffect[];
  /** The first call of each function of the project. */
  readonly calls: readonly {
    readonly node: ts.Node;
    readonly name: string;
    readonly fn: ts.FunctionLikeDeclaration;
  }[];
}

/** A function, also without a body. */
export type FunctionNode = ts.SignatureDeclaration | ts.FunctionLikeDeclaration;

/** By checker: after an edit, the next program can have the same function node with calls that lead elsewhere. */
const known = new WeakMap<ts.TypeChecker, WeakMap<FunctionNode, OwnEffects>>();

/** Computed once for each function of a program. */
export function ownEffects(context: CheckContext, fn: FunctionNode): OwnEffects {
  const answers = known.get(context.checker) ?? new WeakMap<FunctionNode, OwnEffects>();
  known.set(context.checker, answers);
  const answer = answers.get(fn) ?? scan(context, fn);
  answers.set(fn, answer);
  return answer;
}

interface Scan {
  readonly context: CheckContext;
  readonly fn: FunctionNode;
  readonly found: Map<string, OwnEffect>;
  readonly calls: Map<ts.FunctionLikeDeclaration, OwnEffects['calls'][number]>;
  /** Variables in the place of a write, such as `x` in `x.a = 1`: these do not count as reads. */
  readonly changed: Set<ts.Node>;
  isInCatch: boolean;
}

function scan(context: CheckContext, fn: FunctionNode): OwnEffects {
  const { ts } = context;
  const state: Scan = {
    context,
    fn,
    found: new Map(),
    calls: new Map(),
    changed: new Set(),
    isInCatch: false,
  };
  for (const param of fn.parameters) if (ts.isParameter(param)) visit(state, param);
  if ('body' in fn && fn.body !== undefined) visit(state, fn.body);
  for (const one of resultEffects(context, fn)) add(state, one.kind, one.text, one.node);
  return { effects: [...state.found.values()], calls: [...state.calls.values()] };
}

function add(state: Scan, kind: EffectKind, text: string, node: ts.Node, ofParam = false): void {
  const key = `${kind} ${text}`;
  if (!state.found.has(key)) state.found.set(key, { kind, text, node, ofParam });
}

function visit(state: Scan, node: ts.Node): void {
  const { ts } = state.context;
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
  const wasInCatch = state.isInCatch;
  if (ts.isCatchClause(node)) state.isInCatch = true;
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) visitCall(state, node);
  else if (ts.isIdentifier(node)) visitName(state, node);
  else if (ts.isPropertyAccessExpression(node)) visitAccess(state, node);
  for (const change of changedRoots(state.context, node)) visitChange(state, node, change);
  ts.forEachChild(node, (child) => visit(state, child));
  state.isInCatch = wasInCatch;
}

function visitCall(state: Scan, node: ts.CallExpression | ts.NewExpression): void {
  const { context } = state;
  const { ts } = context;
  const input = inputOfCall(context, node);
  if (input !== undefined) return add(state, input.kind, input.text, node);
  if (!ts.isCallExpression(node)) return;
  // Output about a failure is not lost on a hit: failures are not stored, so there are no hits for them.
  const output = state.isInCatch ? undefined : outputOfCall(context, node);
  if (output !== undefined) return add(state, 'output', output, node);
  const { expression } = node;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return;
  const symbol = resolvedSymbol(context, context.checker.getSymbolAtLocation(name));
  const fn = symbol === undefined ? undefined : functionOf(context, symbol);
  if (fn !== undefined && !isInside(fn, state.fn) && !state.calls.has(fn))
    state.calls.set(fn, { node, name: name.text, fn });
}

/** The function of the project that a symbol stands for; undefined: something else, or without a body. */
function functionOf(
  { ts, origins }: CheckContext,
  symbol: ts.Symbol,
): ts.FunctionLikeDeclaration | undefined {
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile();
    if (file.isDeclarationFile || origins.isThirdParty(file)) return undefined;
    const value =
      ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)
        ? declaration.initializer
        : declaration;
    const isFunction =
      value !== undefined &&
      (ts.isFunctionDeclaration(value) ||
        ts.isMethodDeclaration(value) ||
        ts.isArrowFunction(value) ||
        ts.isFunctionExpression(value));
    if (isFunction && value.body !== undefined) return value;
  }
  return undefined;
}

function isInside(inner: ts.Node, outer: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && inner.pos >= outer.pos && inner.end <= outer.end;
}

function visitAccess(state: Scan, node: ts.PropertyAccessExpression): void {
  const { context } = state;
  const { ts } = context;
  if (node.name.text !== 'env') return;
  const { expression, parent } = node;
  const isMeta = ts.isMetaProperty(expression) && expression.keywordToken === ts.SyntaxKind.ImportKeyword;
  if (!isMeta && !(ts.isIdentifier(expression) && expression.text === 'process')) return;
  if (!isMeta && platformOwner(context, node.name) === undefined) return;
  const base = isMeta ? 'import.meta.env' : 'process.env';
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    if (!BUILD_ENV.has(parent.name.text)) add(state, 'env', `${base}.${parent.name.text}`, parent);
  } else if (ts.isElementAccessExpression(parent) && parent.expression === node) {
    const key = ts.isStringLiteralLike(parent.argumentExpression)
      ? parent.argumentExpression.text
      : undefined;
    if (key === undefined || !BUILD_ENV.has(key))
      add(state, 'env', key === undefined ? base : `${base}.${key}`, parent);
  } else add(state, 'env', base, node);
}

function visitName(state: Scan, node: ts.Identifier): void {
  const { context, fn, changed } = state;
  const { ts } = context;
  if (changed.has(node) || !isRead(ts, node)) return;
  const local = symbolAt(context, node);
  if (local !== undefined && (local.flags & ts.SymbolFlags.Alias) !== 0) {
    const imported = importedAs(context, node);
    if (imported?.name === 'env' && /^(?:node:)?process$/.test(imported.module))
      return add(state, 'env', 'process.env', node);
  }
  const symbol = resolvedSymbol(context, local);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return;
  if (parameterOf(ts, declaration)?.parent === fn) return add(state, 'param', node.text, node, true);
  const file = declaration.getSourceFile();
  if (file.isDeclarationFile || context.origins.isThirdParty(file) || !isTopVariable(context, symbol)) return;
  if (changingVariables(context, file).has(symbol) && !isTool(context, symbol, node))
    add(state, 'state', node.text, node);
}

function isRead(typescript: CheckContext['ts'], node: ts.Identifier): boolean {
  const { parent } = node;
  if (typescript.isShorthandPropertyAssignment(parent)) return true;
  // In all other parents, an identifier that is only a name is in one of these properties.
  const { name, propertyName, label } = parent as Partial<Record<'name' | 'propertyName' | 'label', ts.Node>>;
  return name !== node && propertyName !== node && label !== node && !typescript.isQualifiedName(parent);
}

function parameterOf(
  typescript: CheckContext['ts'],
  declaration: ts.Node,
): ts.ParameterDeclaration | undefined {
  let at = declaration;
  while (typescript.isBindingElement(at) || typescript.isBindingName(at)) at = at.parent;
  return typescript.isParameter(at) ? at : undefined;
}

/**
 * Whether a value is a tool, like a client or a logger: it has methods of its own. Collections of the platform are
 * data.
 */
function isTool({ ts, checker, origins }: CheckContext, symbol: ts.Symbol, node: ts.Node): boolean {
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(symbol, node));
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => {
    if (part.getCallSignatures().length > 0) return true;
    if ((part.flags & ts.TypeFlags.Object) === 0) return false;
    const [declaration] = part.symbol?.declarations ?? [];
    if (declaration !== undefined && origins.isPlatform(declaration))
      return /^(?:Weak|RegExp|Abort)/.test(part.symbol.name);
    return part
      .getProperties()
      .slice(0, 50)
      .some(({ flags }) => (flags & ts.SymbolFlags.Method) !== 0);
  });
}

function visitChange(state: Scan, node: ts.Node, { node: root, target, isAssignment }: ChangedRoot): void {
  const { context, fn, changed } = state;
  const { ts } = context;
  if (!ts.isIdentifier(root)) {
    if (isOwnThis(ts, root, fn)) add(state, 'write', shortText(target.getText()), node);
    return;
  }
  const declaration = symbolAt(context, root)?.valueDeclaration;
  if (declaration === undefined) return;
  changed.add(root);
  const param = parameterOf(ts, declaration);
  if (param?.parent === fn) {
    // Assigning to the parameter itself changes nothing outside of the function.
    if (!isAssignment && !isCopied(ts, param)) add(state, 'write', shortText(target.getText()), node, true);
    else if (isAssignment) return;
  } else if (!isInside(declaration, fn) && !isLazy(context, node, root))
    add(state, 'write', shortText(target.getText()), node);
}

/** Whether the parameter is a rest parameter such as `...ids`: the array is the function's own. */
function isCopied(typescript: CheckContext['ts'], param: ts.ParameterDeclaration): boolean {
  return param.dotDotDotToken !== undefined && typescript.isIdentifier(param.name);
}

/** Whether `this` is that of the function, and not of an inner function or class. */
function isOwnThis(typescript: CheckContext['ts'], node: ts.Node, fn: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent) {
    if (at === fn) return true;
    if ((typescript.isFunctionLike(at) && !typescript.isArrowFunction(at)) || typescript.isClassLike(at))
      return false;
  }
  return false;
}
