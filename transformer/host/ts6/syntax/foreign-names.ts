// Resolves, by the type checker, names of "cachekit" that another file of the project re-exports, as in
// `export { cached } from 'cachekit'`.
import type TS from 'typescript';
import { type CheckContext, resolvedSymbol } from '../types/origin.ts';
import type { ForeignNames } from './package-exports.ts';

/** Foreign names that also tell on which files they depend. */
export interface ReadForeignNames extends ForeignNames {
  /** Files that the answers given so far depend on. */
  files(): readonly string[];
}

/** Answers for one program, and remembers the answers. */
export function createForeignNames(context: CheckContext): ReadForeignNames {
  const files = new Set<string>();
  const known = new Map<TS.Symbol, string | undefined>();
  return {
    exportOf: (name) => {
      const symbol = context.checker.getSymbolAtLocation(name);
      if (symbol === undefined) return undefined;
      if (!known.has(symbol)) {
        known.set(symbol, exportOfSymbol(context, symbol));
        for (const file of filesBetween(context, symbol)) files.add(file);
      }
      return known.get(symbol);
    },
    files: () => [...files],
  };
}

function exportOfSymbol(context: CheckContext, symbol: TS.Symbol): string | undefined {
  const { ts } = context;
  const meant = resolvedSymbol(context, symbol);
  const declaration = meant?.declarations?.[0];
  if (meant === undefined || declaration === undefined || !isOurs(context, declaration)) return undefined;
  return ts.isSourceFile(declaration) || ts.isModuleDeclaration(declaration) ? '*' : meant.name;
}

/** Whether the declaration is in the package "cachekit", or in a `declare module 'cachekit'`. */
function isOurs({ ts, origins }: CheckContext, declaration: TS.Node): boolean {
  for (let up = declaration; up !== undefined; up = up.parent)
    if (ts.isModuleDeclaration(up) && ts.isStringLiteral(up.name)) return up.name.text === 'cachekit';
  return origins.packageOf(declaration.getSourceFile().fileName)?.name === 'cachekit';
}

/** Internal in TypeScript 6: follows an alias by one step. */
interface StepChecker {
  getImmediateAliasedSymbol?(symbol: TS.Symbol): TS.Symbol | undefined;
}

/**
 * The project's files through which a name goes: the module that it is imported from, and those that re-export it
 * there.
 */
function filesBetween({ ts, checker, origins }: CheckContext, symbol: TS.Symbol): readonly string[] {
  const declarations: TS.Node[] = [];
  for (let at: TS.Symbol | undefined = symbol, hops = 0; at !== undefined && hops < 20; hops++) {
    declarations.push(...(at.declarations ?? []));
    const isAlias: boolean = (at.flags & ts.SymbolFlags.Alias) !== 0;
    at = isAlias ? (checker as StepChecker).getImmediateAliasedSymbol?.(at) : undefined;
  }
  const modules = declarations.flatMap((declaration) => {
    const statement = ts.findAncestor(
      declaration,
      (node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node),
    ) as TS.ImportDeclaration | TS.ExportDeclaration | undefined; // the predicate says so
    const from = statement?.moduleSpecifier;
    return (from === undefined ? undefined : checker.getSymbolAtLocation(from))?.declarations ?? [];
  });
  return [...declarations, ...modules]
    .map((node) => node.getSourceFile())
    .filter((file) => !origins.isThirdParty(file) && origins.packageOf(file.fileName)?.name !== 'cachekit')
    .map((file) => file.fileName);
}
