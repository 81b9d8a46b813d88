// The qualified name of a function or value, which is part of its id, and an expression that reaches it from module
// scope.
import type TS from 'typescript';
import type { FileIndex } from './file-index.ts';
import { hasModifier, isAssignment, isWrapper } from './tree.ts';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** The parent of a value, past parentheses and `as`: a declaration, a property, an assignment, an `export default`. */
export function holderOf(index: FileIndex, value: TS.Node): TS.Node | undefined {
  let holder = index.parentOf(value);
  while (holder !== undefined && isWrapper(index.ts, holder)) holder = index.parentOf(holder);
  return holder;
}

/** `load`, `#load`, `x-y`, `[Symbol.iterator]`; undefined for a computed name that is known only at run time. */
export function memberName(index: FileIndex, name: TS.PropertyName): string | undefined {
  const { ts } = index;
  if (!ts.isComputedPropertyName(name)) return name.text === '' ? undefined : name.text;
  const { expression } = name;
  if (ts.isStringLiteralLike(expression) || ts.isNumericLiteral(expression)) return expression.text;
  const { start, end } = index.rangeOf(expression);
  const text = index.text.slice(start, end);
  return /^[\w$]+(?:\.[\w$]+)*$/.test(text) ? `[${text}]` : undefined;
}

/**
 * `Svc.load`, `make.inner`, `default`. Undefined when the node or one of its containers has no name: a position would
 * be no stable identity.
 */
export function qualifiedName(index: FileIndex, node: TS.Node): string | undefined {
  return nameParts(index, node)?.join('.');
}

function nameParts(index: FileIndex, node: TS.Node): readonly string[] | undefined {
  const named = nameAndOwner(index, node);
  if (named === undefined) return undefined;
  const container = containerOf(index, named.owner);
  if (container === undefined) return [named.name];
  const outer = nameParts(index, container);
  return outer === undefined ? undefined : [...outer, named.name];
}

interface Named {
  readonly name: string;
  /** The node that has the name, which may be a holder of the node that was asked about. */
  readonly owner: TS.Node;
}

function nameAndOwner(index: FileIndex, node: TS.Node): Named | undefined {
  const { ts } = index;
  if (ts.isModuleDeclaration(node)) return { name: node.name.text, owner: node };
  if (ts.isConstructorDeclaration(node)) return { name: 'constructor', owner: node };
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node))
    return withOwner(memberName(index, node.name), node);
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
    const isDefault = hasModifier(ts, node, ts.SyntaxKind.DefaultKeyword);
    return withOwner(node.name?.text ?? (isDefault ? 'default' : undefined), node);
  }
  const holder = holderOf(index, node);
  const held = holder === undefined ? undefined : heldName(index, holder);
  if (held !== undefined) return held;
  const isNamed = ts.isFunctionExpression(node) || ts.isClassExpression(node);
  return isNamed ? withOwner(node.name?.text, node) : undefined;
}

/** The name that a variable, property, assignment or `export default` gives to its value. */
function heldName(index: FileIndex, holder: TS.Node): Named | undefined {
  const { ts } = index;
  if (ts.isVariableDeclaration(holder))
    return ts.isIdentifier(holder.name) ? withOwner(holder.name.text, holder) : undefined;
  if (ts.isPropertyAssignment(holder) || ts.isPropertyDeclaration(holder))
    return withOwner(memberName(index, holder.name), holder);
  if (isAssignment(ts, holder)) return withOwner(assignedName(ts, holder.left), holder);
  return ts.isExportAssignment(holder) ? { name: 'default', owner: holder } : undefined;
}

/**
 * `exports.load` and `module.exports.load` → `load`, `module.exports` → `default`, `Svc.prototype.load` → `Svc.load`.
 */
function assignedName(ts: typeof TS, left: TS.Expression): string | undefined {
  const names: string[] = [];
  let at = left;
  for (; ts.isPropertyAccessExpression(at); at = at.expression) names.unshift(at.name.text);
  if (ts.isIdentifier(at)) names.unshift(at.text);
  else if (at.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const path = names.join('.').replace(/^module\.exports(?=\.|$)/, 'exports');
  return path === 'exports' ? 'default' : path.replace(/^exports\./, '').replace('.prototype.', '.');
}

function withOwner(name: string | undefined, owner: TS.Node): Named | undefined {
  return name === undefined || name === '' ? undefined : { name, owner };
}

/** The innermost function, class, namespace or object literal around a node. */
function containerOf(index: FileIndex, owner: TS.Node): TS.Node | undefined {
  const { ts } = index;
  for (let up = index.parentOf(owner); up !== undefined; up = index.parentOf(up)) {
    if (ts.isFunctionLike(up) || ts.isClassLike(up) || ts.isModuleDeclaration(up)) return up;
    if (ts.isObjectLiteralExpression(up)) return up;
  }
  return undefined;
}

/**
 * An expression that has the value of `node` at the end of the module: `getUser`, `Svc.prototype.load`, `obj.m`, `N.f`.
 * Undefined: there is none.
 */
export function reachOf(index: FileIndex, node: TS.Node): string | undefined {
  const { ts } = index;
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isModuleDeclaration(node))
    return node.name === undefined ? undefined : atModuleScope(index, node, node, node.name.text);
  const member = ts.isMethodDeclaration(node) ? node : holderOf(index, node);
  if (member === undefined) return undefined;
  if (ts.isVariableDeclaration(member)) return reachOfVariable(index, member);
  if (ts.isMethodDeclaration(member) || ts.isPropertyAssignment(member) || ts.isPropertyDeclaration(member))
    return reachOfMember(index, member);
  return undefined;
}

function reachOfVariable(index: FileIndex, variable: TS.VariableDeclaration): string | undefined {
  const { ts } = index;
  const list = index.parentOf(variable);
  const statement = list === undefined ? undefined : index.parentOf(list);
  if (list === undefined || (list.flags & ts.NodeFlags.Const) === 0) return undefined;
  if (statement === undefined || !ts.isVariableStatement(statement) || !ts.isIdentifier(variable.name))
    return undefined;
  return atModuleScope(index, statement, statement, variable.name.text);
}

/** A top-level name as it is; an exported name of a namespace through the namespace. */
function atModuleScope(
  index: FileIndex,
  statement: TS.Node,
  exported: TS.Node,
  name: string,
): string | undefined {
  const { ts } = index;
  const block = index.parentOf(statement);
  if (!IDENTIFIER.test(name) || block === undefined) return undefined;
  if (ts.isSourceFile(block)) return name;
  // In `namespace A.B {}`, B is exported without an `export`.
  const namespace = ts.isModuleDeclaration(block) ? block : index.parentOf(block);
  if (namespace === undefined || !ts.isModuleDeclaration(namespace)) return undefined;
  if (namespace !== block && !hasModifier(ts, exported, ts.SyntaxKind.ExportKeyword)) return undefined;
  const outer = reachOf(index, namespace);
  return outer === undefined ? undefined : `${outer}.${name}`;
}

type Member = TS.MethodDeclaration | TS.PropertyAssignment | TS.PropertyDeclaration;

function reachOfMember(index: FileIndex, member: Member): string | undefined {
  const { ts } = index;
  const owner = index.parentOf(member);
  const name = memberName(index, member.name);
  if (owner === undefined || name === undefined || /^[#[]/.test(name)) return undefined;
  const access = IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  if (ts.isObjectLiteralExpression(owner)) {
    const outer = isOverwritten(index, owner, member, name) ? undefined : reachOf(index, owner);
    return outer === undefined ? undefined : `${outer}${access}`;
  }
  const outer = reachOf(index, owner);
  if (outer === undefined) return undefined;
  if (hasModifier(ts, member, ts.SyntaxKind.StaticKeyword)) return `${outer}${access}`;
  return ts.isMethodDeclaration(member) ? `${outer}.prototype${access}` : undefined;
}

/** Whether a later spread, or a later property of the same name, can replace the member. */
function isOverwritten(
  index: FileIndex,
  object: TS.ObjectLiteralExpression,
  member: Member,
  name: string,
): boolean {
  const later = object.properties.slice(object.properties.findIndex((property) => property === member) + 1);
  return later.some((property) => property.name === undefined || memberName(index, property.name) === name);
}

/** The name as an identifier for generated code; 'computed' if it is none. */
export function toIdentifier(name: string): string {
  const bare = name.replace(/^#/, '');
  return IDENTIFIER.test(bare) ? bare : 'computed';
}
