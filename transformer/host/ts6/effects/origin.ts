// Tells where a name comes from: the platform (and which of its interfaces or modules), or an import (and which
// module).
import type ts from 'typescript';
import { type CheckContext, resolvedSymbol } from '../types/origin.ts';

/**
 * The owner of a platform name: `Math.random` → Math, `randomUUID` of node:crypto → crypto. Undefined: not the
 * platform's.
 */
export function platformOwner(context: CheckContext, name: ts.Node): string | undefined {
  const symbol = resolvedSymbol(context, context.checker.getSymbolAtLocation(name));
  for (const declaration of symbol?.declarations ?? [])
    if (context.origins.isPlatform(declaration)) return ownerName(context, declaration);
  return undefined;
}

/** Name of the interface, class, namespace or module around a declaration; `global` for a global declaration. */
function ownerName({ ts }: CheckContext, declaration: ts.Node): string {
  for (let at: ts.Node | undefined = declaration.parent; at !== undefined; at = at.parent)
    if (ts.isInterfaceDeclaration(at) || ts.isClassDeclaration(at) || ts.isModuleDeclaration(at))
      return at.name?.text.replace(/^node:/, '') ?? 'global';
  return 'global';
}

interface Imported {
  /** The module specifier as written: `next/headers`. */
  readonly module: string;
  /** The exported name; `*` for the whole module. */
  readonly name: string;
}

/** The import behind `cookies`, `headers.cookies` or a renamed import of them; undefined: not imported. */
export function importedAs(context: CheckContext, callee: ts.Expression): Imported | undefined {
  const { ts } = context;
  if (ts.isIdentifier(callee)) return importOf(context, callee);
  if (!ts.isPropertyAccessExpression(callee) || !ts.isIdentifier(callee.expression)) return undefined;
  const space = importOf(context, callee.expression);
  return space !== undefined && (space.name === '*' || space.name === 'default')
    ? { module: space.module, name: callee.name.text }
    : undefined;
}

function importOf({ ts, checker }: CheckContext, name: ts.Identifier): Imported | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  const [declaration] = symbol?.declarations ?? [];
  if (declaration === undefined) return undefined;
  const clause = importClauseAbove(ts, declaration);
  if (clause === undefined || !ts.isStringLiteral(clause.moduleSpecifier)) return undefined;
  const module = clause.moduleSpecifier.text;
  if (ts.isImportSpecifier(declaration))
    return { module, name: (declaration.propertyName ?? declaration.name).text };
  return { module, name: ts.isNamespaceImport(declaration) ? '*' : 'default' };
}

function importClauseAbove(typescript: CheckContext['ts'], node: ts.Node): ts.ImportDeclaration | undefined {
  if (
    !typescript.isImportSpecifier(node) &&
    !typescript.isNamespaceImport(node) &&
    !typescript.isImportClause(node)
  )
    return undefined;
  let at: ts.Node = node;
  while (!typescript.isImportDeclaration(at)) {
    if (at.parent === undefined || typescript.isSourceFile(at)) return undefined;
    at = at.parent;
  }
  return at;
}
