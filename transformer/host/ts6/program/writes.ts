// Finds writes to the result of a call: `u.name = 1` after `const u = await getUser(1)`, `(await list()).sort()`.
import type TS from 'typescript';
import { isAssignmentOperator, isIncrement, isWrapper } from '../syntax/tree.ts';
import { symbolAt, type CheckContext } from '../types/origin.ts';
import { quote, type Quoted } from './quote.ts';

/** Variables followed for one call. */
const MAX_ALIASES = 100;

const IN_PLACE = ['copyWithin', 'fill', 'reverse', 'sort'];
/** Type → methods that change the object. `bytes`: typed arrays and Buffer. */
const MUTATORS: Readonly<Record<string, ReadonlySet<string>>> = {
  Array: new Set([...IN_PLACE, 'pop', 'push', 'shift', 'splice', 'unshift']),
  Map: new Set(['clear', 'delete', 'set']),
  Set: new Set(['add', 'clear', 'delete']),
  bytes: new Set([...IN_PLACE, 'set']),
};
/** Functions of `Object` that change their first argument. */
const OF_OBJECT = new Set(['assign', 'defineProperties', 'defineProperty', 'setPrototypeOf']);

/**
 * All writes to the result of `call`, grouped by the variables that hold it. A result that is passed on to another
 * function is not followed there.
 */
export function writesThrough(context: CheckContext, call: TS.CallExpression): readonly Quoted[] {
  const value = settled(context, call);
  if (value === undefined) return [];
  const writes: Quoted[] = [];
  const names: TS.Identifier[] = [];
  readUse(context, value, writes, names);
  // `names` grows in this loop, as a variable can be assigned to further variables.
  for (const [index, name] of names.entries()) {
    if (index >= MAX_ALIASES) break;
    for (const use of usesOf(context, name)) readUse(context, use, writes, names);
  }
  return writes;
}

/**
 * The expression that has the result as its value: the call, or its `await`. Undefined: a promise that is not awaited
 * here.
 */
function settled({ ts, checker }: CheckContext, call: TS.CallExpression): TS.Expression | undefined {
  const outer = outermost(ts, call);
  if (ts.isAwaitExpression(outer.parent)) return outer.parent;
  const type = checker.getTypeAtLocation(call);
  return checker.getPropertyOfType(type, 'then') === undefined ? call : undefined;
}

function outermost(ts: typeof TS, node: TS.Expression): TS.Expression {
  let outer = node;
  while (isWrapper(ts, outer.parent)) outer = outer.parent;
  return outer;
}

/** Adds the write that `use` is part of to `writes`, or the variables that it initializes to `names`. */
function readUse(context: CheckContext, use: TS.Expression, writes: Quoted[], names: TS.Identifier[]): void {
  const { ts } = context;
  let node = outermost(ts, use);
  let isInside = false;
  while (isAccessOf(ts, node.parent, node)) {
    const access: Access = node.parent;
    if (isMutatorCall(context, access, node)) {
      writes.push(quote(access.parent));
      return;
    }
    node = outermost(ts, access);
    isInside = true;
  }
  const { parent } = node;
  if (isInside && isWrittenBy(ts, parent, node)) writes.push(quote(parent));
  else if (ts.isCallExpression(parent) && parent.arguments[0] === node && isOfObject(ts, parent))
    writes.push(quote(parent));
  else if (ts.isVariableDeclaration(parent) && parent.initializer === node)
    names.push(...namesOf(ts, parent.name));
  else if (ts.isForOfStatement(parent) && parent.expression === node)
    for (const one of ts.isVariableDeclarationList(parent.initializer) ? parent.initializer.declarations : [])
      names.push(...namesOf(ts, one.name));
}

type Access = TS.PropertyAccessExpression | TS.ElementAccessExpression;

function isAccessOf(ts: typeof TS, parent: TS.Node, node: TS.Node): parent is Access {
  const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
  return isAccess && parent.expression === node;
}

function isMutatorCall({ ts, checker }: CheckContext, access: Access, receiver: TS.Expression): boolean {
  const { parent } = access;
  if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(parent)) return false;
  if (parent.expression !== access) return false;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(receiver));
  const name = type.symbol?.name ?? '';
  const isList = checker.isArrayType(type) || checker.isTupleType(type);
  if (name === 'Date') return /^set[A-Z]/.test(access.name.text);
  const kind = isList
    ? 'Array'
    : /^(?:Big)?(?:Ui|I)nt\d+(?:Clamped)?Array$|^Float\d+Array$|^Buffer$/.test(name)
      ? 'bytes'
      : name;
  return Object.hasOwn(MUTATORS, kind) && MUTATORS[kind]?.has(access.name.text) === true;
}

function isWrittenBy(ts: typeof TS, parent: TS.Node, node: TS.Node): boolean {
  if (ts.isDeleteExpression(parent)) return true;
  if (isIncrement(ts, parent)) return true;
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  return isAssignmentOperator(ts, parent.operatorToken.kind);
}

/** Whether the callee is one of `OF_OBJECT`, as in `Object.assign(u, …)`. */
function isOfObject(ts: typeof TS, { expression }: TS.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'Object' &&
    OF_OBJECT.has(expression.name.text)
  );
}

function namesOf(ts: typeof TS, name: TS.BindingName): readonly TS.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  // A rest element is a new object, and a default value comes from elsewhere: writes to them do not change the result.
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ||
    element.dotDotDotToken !== undefined ||
    element.initializer !== undefined
      ? []
      : namesOf(ts, element.name),
  );
}

/** All uses of a variable; none if it is ever assigned another value. */
export function usesOf(context: CheckContext, name: TS.Identifier): readonly TS.Identifier[] {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [];
  const uses: TS.Identifier[] = [];
  let isReassigned = false;
  const visit = (node: TS.Node): void => {
    if (
      ts.isIdentifier(node) &&
      node !== name &&
      node.text === name.text &&
      symbolAt(context, node) === symbol
    ) {
      isReassigned ||= isWrittenBy(ts, node.parent, node) && !ts.isDeleteExpression(node.parent);
      uses.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(scopeOf(ts, name));
  return isReassigned ? [] : uses;
}

function scopeOf(ts: typeof TS, name: TS.Node): TS.Node {
  let node: TS.Node = name.parent;
  while (!ts.isFunctionLike(node) && !ts.isSourceFile(node) && !ts.isModuleBlock(node)) node = node.parent;
  return node;
}
