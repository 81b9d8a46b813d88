// Collects the names that each scope of a file declares, and resolves identifiers to them.
import type TS from 'typescript';
import { assignedTargets } from './assigned.ts';

/** A declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: 'parameter' | 'const' | 'let' | 'function' | 'class' | 'import' | 'other';
  /** More than one for overloads and merged declarations. */
  readonly declarations: readonly TS.Node[];
  /** The node whose scope declares the name. */
  readonly scope: TS.Node;
  /** Whether something assigns to the variable, besides its declaration. */
  readonly assigned: boolean;
}

/** Node with a scope → the names that it declares. */
export type Scopes = ReadonlyMap<TS.Node, ReadonlyMap<string, Binding>>;
type ParentOf = (node: TS.Node) => TS.Node | undefined;
interface OpenBinding extends Binding {
  declarations: TS.Node[];
  assigned: boolean;
}

/** `nodes`: all nodes of the file. Does not depend on the binder of TypeScript. */
export function collectBindings(ts: typeof TS, nodes: readonly TS.Node[], parentOf: ParentOf): Scopes {
  const scopes = new Map<TS.Node, Map<string, OpenBinding>>();
  const declare = (scope: TS.Node, name: string, kind: Binding['kind'], declaration: TS.Node): void => {
    if (name === '') return; // half-typed code
    const names = scopes.get(scope) ?? new Map<string, OpenBinding>();
    scopes.set(scope, names);
    const known = names.get(name);
    if (known === undefined || (ts.isFunctionExpression(scope) && known.declarations[0] === scope))
      names.set(name, { name, kind, declarations: [declaration], scope, assigned: false });
    else known.declarations.push(declaration);
  };
  const declaring = declaringKinds(ts);
  for (const node of nodes) if (declaring.has(node.kind)) declareNames(ts, node, parentOf, declare);
  const assigning = assigningKinds(ts);
  for (const node of nodes) {
    if (!assigning.has(node.kind)) continue;
    for (const identifier of assignedBy(ts, node)) {
      const binding = resolveName(ts, scopes, parentOf, identifier);
      // The binding is one of those created above: only this function writes to them.
      if (binding !== undefined) (binding as OpenBinding).assigned = true;
    }
  }
  return scopes;
}

/** The kinds that `declareNames` handles: most nodes of a file are of other kinds, and are skipped quickly. */
function declaringKinds({ SyntaxKind: kinds }: typeof TS): ReadonlySet<TS.SyntaxKind> {
  return new Set([
    kinds.VariableDeclaration,
    kinds.Parameter,
    kinds.FunctionDeclaration,
    kinds.FunctionExpression,
    kinds.ClassDeclaration,
    kinds.ClassExpression,
    kinds.ImportClause,
    kinds.NamespaceImport,
    kinds.ImportSpecifier,
    kinds.ImportEqualsDeclaration,
    kinds.EnumDeclaration,
    kinds.ModuleDeclaration,
  ]);
}

/** The kinds that `assignedBy` handles. */
function assigningKinds({ SyntaxKind: kinds }: typeof TS): ReadonlySet<TS.SyntaxKind> {
  return new Set([
    kinds.BinaryExpression,
    kinds.PrefixUnaryExpression,
    kinds.PostfixUnaryExpression,
    kinds.ForInStatement,
    kinds.ForOfStatement,
  ]);
}

/** What an identifier refers to, by lexical scope; undefined: the file does not declare it. */
export function resolveName(
  ts: typeof TS,
  scopes: Scopes,
  parentOf: (node: TS.Node) => TS.Node | undefined,
  identifier: TS.Identifier,
): Binding | undefined {
  let from: TS.Node = identifier;
  for (let node = parentOf(from); node !== undefined; from = node, node = parentOf(node)) {
    // The computed name and the decorators of a function are outside of its scope.
    const isOutside = ts.isFunctionLike(node) && (node.name === from || ts.isDecorator(from));
    const binding = isOutside ? undefined : scopes.get(node)?.get(identifier.text);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

type Declare = (scope: TS.Node, name: string, kind: Binding['kind'], declaration: TS.Node) => void;

function declareNames(ts: typeof TS, node: TS.Node, parentOf: ParentOf, declare: Declare): void {
  if (ts.isVariableDeclaration(node)) {
    const parent = parentOf(node);
    const list = parent !== undefined && ts.isVariableDeclarationList(parent) ? parent : undefined;
    const isBlockScoped = list === undefined || (list.flags & ts.NodeFlags.BlockScoped) !== 0;
    const isConst = list === undefined || (list.flags & ts.NodeFlags.Const) !== 0; // `using` sets this bit as well
    // Without a list it is the variable of a catch clause, which is like a parameter.
    const kind = list === undefined ? 'parameter' : isConst ? 'const' : 'let';
    const scope = enclosingScope(ts, node, parentOf, isBlockScoped);
    for (const name of boundNames(ts, node.name)) declare(scope, name, kind, node);
    return;
  }
  if (ts.isParameter(node)) {
    const scope = enclosingScope(ts, node, parentOf, true);
    for (const name of boundNames(ts, node.name)) declare(scope, name, 'parameter', node);
    return;
  }
  const kind = declarationKind(ts, node);
  if (kind === undefined) return;
  const { name } = node as TS.NamedDeclaration; // all kinds with a `declarationKind` are
  if (name === undefined || !ts.isIdentifier(name)) return;
  const isOwnScope = ts.isFunctionExpression(node) || ts.isClassExpression(node);
  declare(isOwnScope ? node : enclosingScope(ts, node, parentOf, true), name.text, kind, node);
}

function declarationKind(ts: typeof TS, node: TS.Node): Binding['kind'] | undefined {
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) return 'function';
  if (ts.isClassDeclaration(node) || ts.isClassExpression(node)) return 'class';
  if (ts.isImportClause(node) || ts.isNamespaceImport(node) || ts.isImportSpecifier(node)) return 'import';
  if (ts.isImportEqualsDeclaration(node)) return 'import';
  if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return 'other';
  return undefined;
}

/** The node whose scope a declaration at `node` belongs to. `var` is not block-scoped: it belongs to its function. */
function enclosingScope(ts: typeof TS, node: TS.Node, parentOf: ParentOf, isBlockScoped: boolean): TS.Node {
  let scope = node;
  for (let up = parentOf(node); up !== undefined; up = parentOf(up)) {
    scope = up;
    if (isBlockScoped ? isScope(ts, up) : isVarScope(ts, up, parentOf(up))) break;
  }
  return scope;
}

function isScope(ts: typeof TS, node: TS.Node): boolean {
  return (
    ts.isBlock(node) ||
    ts.isModuleBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isFunctionLike(node) ||
    ts.isForStatement(node) ||
    ts.isForInStatement(node) ||
    ts.isForOfStatement(node)
  );
}

function isVarScope(ts: typeof TS, node: TS.Node, parent: TS.Node | undefined): boolean {
  if (ts.isModuleBlock(node) || ts.isFunctionLike(node)) return true;
  if (!ts.isBlock(node) || parent === undefined) return false;
  return ts.isFunctionLike(parent) || ts.isClassStaticBlockDeclaration(parent);
}

/** The names that a declaration binds, in source order: one for `id`, several for a pattern. */
export function boundNames(ts: typeof TS, name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(ts, element.name),
  );
}

/** The variables that `node` itself assigns to. */
function assignedBy(ts: typeof TS, node: TS.Node): readonly TS.Identifier[] {
  return assignedTargets(ts, node).filter((target) => ts.isIdentifier(target));
}
