// Finds the files whose edit can change the types of a function: those of the declarations that its signature names,
// and of what these name in turn. Names are followed as written, because an alias (`type Id = string`) leaves no trace
// in the type.
import type ts from 'typescript';
import { type CheckContext, resolvedSymbol, type TypeLinks } from './origin.ts';

/** Declarations followed for one function. With more, every file of the project counts. */
const MAX_DECLARATIONS = 2_000;

/** Absolute paths, sorted, without those of the platform. The body of a function counts if it has no return type. */
export function typeFiles(context: CheckContext, roots: readonly ts.Node[]): readonly string[] {
  const files = new Set<string>();
  const seen = new Set<ts.Node>(roots);
  // `seen` grows in this loop, which visits the nodes that are added as well.
  for (const node of seen) {
    if (seen.size > MAX_DECLARATIONS) return allFiles(context);
    const links = linksOf(context, node);
    for (const file of links.files) files.add(file);
    for (const declaration of links.declarations) seen.add(declaration);
  }
  return [...files].toSorted();
}

function linksOf(context: CheckContext, node: ts.Node): TypeLinks {
  const known = context.typeLinks.get(node);
  if (known !== undefined) return known;
  const files = new Set<string>();
  const declarations = new Set<ts.Node>();
  const follow = (name: ts.Identifier): void => {
    const symbol = symbolOfUse(context, name);
    if (symbol === undefined) return;
    for (const file of barrelFiles(context, symbol)) files.add(file);
    for (const declaration of resolvedSymbol(context, symbol)?.declarations ?? []) {
      if (context.origins.isPlatform(declaration)) continue;
      const file = declaration.getSourceFile();
      files.add(file.fileName);
      // Installed packages change as a whole, so what their files name is not followed.
      if (!context.ts.isSourceFile(declaration) && !context.origins.isThirdParty(file))
        declarations.add(declaration);
    }
  };
  for (const part of typeParts(context, node)) eachIdentifier(context, part, follow);
  const links = { files: [...files], declarations: [...declarations] };
  context.typeLinks.set(node, links);
  return links;
}

/** The symbol of a name that is used; undefined for a name that is being declared. */
function symbolOfUse({ ts, checker }: CheckContext, name: ts.Identifier): ts.Symbol | undefined {
  const { parent } = name;
  if (ts.isShorthandPropertyAssignment(parent)) return checker.getShorthandAssignmentValueSymbol(parent);
  const isUse =
    ts.isPropertyAccessExpression(parent) || (parent as { readonly name?: ts.Node }).name !== name; // if it has one
  return isUse ? checker.getSymbolAtLocation(name) : undefined;
}

function allFiles({ program, origins }: CheckContext): readonly string[] {
  return program
    .getSourceFiles()
    .filter((file) => !origins.isThirdParty(file) && !program.isSourceFileDefaultLibrary(file))
    .map((file) => file.fileName)
    .toSorted();
}

/** The parts of a declaration that decide its type: the annotations, or what the type is inferred from. */
function typeParts({ ts }: CheckContext, node: ts.Node): readonly ts.Node[] {
  if (ts.isFunctionLike(node)) {
    const result = node.type ?? ('body' in node ? node.body : undefined);
    return [...(node.typeParameters ?? []), ...node.parameters, ...(result === undefined ? [] : [result])];
  }
  if (ts.isBindingElement(node)) {
    let parent: ts.Node = node;
    while (ts.isBindingElement(parent) || ts.isBindingName(parent)) parent = parent.parent;
    return [parent];
  }
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node))
    return [node.type ?? node.initializer].filter((part) => part !== undefined);
  // Members without a type have no such parts. (To return the node itself would never end: see `eachIdentifier`.)
  if (ts.isClassStaticBlockDeclaration(node) || ts.isSemicolonClassElement(node)) return [];
  return [node];
}

function eachIdentifier(context: CheckContext, root: ts.Node, visit: (name: ts.Identifier) => void): void {
  const { ts } = context;
  const step = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) visit(node);
    // Of a class member only the parts that decide its type: not the body of a method with a return type.
    else if (node !== root && ts.isClassElement(node))
      for (const part of typeParts(context, node)) step(part);
    else ts.forEachChild(node, step);
  };
  step(root);
}

/**
 * The modules between an import and the declaration: their `export * from` and `export { A } from` decide what it
 * refers to.
 */
function barrelFiles(context: CheckContext, start: ts.Symbol): readonly string[] {
  const files = new Set<string>();
  const visit = (symbol: ts.Symbol, depth: number): void => {
    for (const declaration of symbol.declarations ?? []) {
      const specifier = moduleSpecifierOf(context, declaration);
      if (specifier === undefined || depth > 20) continue;
      const module = context.checker.getSymbolAtLocation(specifier);
      if (module !== undefined) visitModule(module, importedName(context, declaration), depth);
    }
  };
  const visitModule = (module: ts.Symbol, name: string, depth: number): void => {
    const file = module.valueDeclaration?.getSourceFile();
    if (file === undefined || depth > 20 || context.program.isSourceFileDefaultLibrary(file)) return;
    files.add(file.fileName);
    const direct = module.exports?.get(name as ts.__String); // escaped names differ only for `__…`
    if (direct !== undefined) return visit(direct, depth + 1);
    for (const star of module.exports?.get('__export' as ts.__String)?.declarations ?? []) {
      // `__export` is the checker's name for `export *`
      const specifier = moduleSpecifierOf(context, star);
      const inner = specifier && context.checker.getSymbolAtLocation(specifier);
      if (inner !== undefined && context.checker.tryGetMemberInModuleExports(name, inner) !== undefined)
        visitModule(inner, name, depth + 1);
    }
  };
  if ((start.flags & context.ts.SymbolFlags.Alias) !== 0) visit(start, 0);
  return [...files];
}

function moduleSpecifierOf({ ts }: CheckContext, node: ts.Node): ts.Expression | undefined {
  for (let at: ts.Node | undefined = node; at !== undefined && !ts.isSourceFile(at); at = at.parent)
    if (ts.isImportDeclaration(at) || ts.isExportDeclaration(at)) return at.moduleSpecifier;
  return undefined;
}

function importedName({ ts }: CheckContext, node: ts.Node): string {
  if (ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) return (node.propertyName ?? node.name).text;
  return ts.isImportClause(node) ? 'default' : '*';
}
