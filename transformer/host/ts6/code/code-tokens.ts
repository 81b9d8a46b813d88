// The text behind the code fingerprint: the tokens of a function and of everything in the project that it reaches. It
// leaves out comments, formatting and types, so it changes exactly when the code that runs changes.
import { createHash } from 'node:crypto';
import type ts from 'typescript';
import {
  type CheckContext,
  type CodeLinks,
  contextOf,
  resolvedSymbol,
  symbolAt,
  type TypeScript,
} from '../types/origin.ts';
import { fillersOf } from './code-fillers.ts';
import { LocalNames } from './local-names.ts';
import { printTokens } from './print-tokens.ts';

/**
 * Declarations followed for one function. With more, the text covers all files of the project, so that no edit is
 * missed.
 */
const MAX_DECLARATIONS = 2_000;

/** The code that a function runs, as text. */
export interface CodeTokens {
  /** A paragraph for each declaration, in the order in which they are reached. Contains no paths. */
  readonly text: string;
  /** Absolute paths of the project's files that were reached, that of the function included; sorted. */
  readonly files: readonly string[];
}

/**
 * The tokens of a function's parameters and body, or of an expression, followed by those of all that they reach by
 * name: functions, classes, constants.
 */
export function codeTokens(
  ts: TypeScript,
  program: ts.Program,
  checker: ts.TypeChecker,
  root: ts.SignatureDeclaration | ts.Node,
): CodeTokens {
  const context = contextOf(ts, program, checker);
  const parts = ts.isFunctionLike(root) ? partsOf(ts, root) : [root];
  const seen = new Set<ts.Node>([root]);
  const packages = new Set<string>();
  const files = new Set<string>();
  const paragraphs: string[] = [];
  // `seen` grows in this loop, which visits the nodes that are added as well.
  for (const node of seen) {
    if (paragraphs.length >= MAX_DECLARATIONS) return wholeProject(context);
    const links = node === root ? readLinks(context, parts) : linksOf(context, node);
    files.add(node.getSourceFile().fileName);
    paragraphs.push(links.text);
    for (const name of links.packages) packages.add(name);
    for (const declaration of links.declarations) if (!isInside(declaration, seen)) seen.add(declaration);
  }
  const text = [...paragraphs, [...packages].toSorted().join('\n')].join('\n\n');
  return { text, files: [...files].toSorted() };
}

/** The parts of a cached function that run on a miss: its parameters (for their defaults) and its body. */
function partsOf(ts: TypeScript, node: ts.SignatureDeclaration): readonly ts.Node[] {
  const body = 'body' in node ? node.body : undefined;
  return [...node.parameters.filter(ts.isParameter), ...(body === undefined ? [] : [body])];
}

function isInside(node: ts.Node, seen: ReadonlySet<ts.Node>): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (seen.has(at)) return true;
  return false;
}

function linksOf(context: CheckContext, node: ts.Node): CodeLinks {
  const known = context.codeLinks.get(node) ?? readLinks(context, [node]);
  context.codeLinks.set(node, known);
  return known;
}

function readLinks(context: CheckContext, parts: readonly ts.Node[]): CodeLinks {
  const declarations = new Set<ts.Node>();
  const packages = new Set<string>();
  const locals = new LocalNames(context.ts, parts);
  /**
   * Adds what a name leads to; returns the new name of a local variable. `name`: an identifier, or the path of an
   * `import()`.
   */
  const follow = (name: ts.Node): string | undefined => {
    const symbol = symbolAt(context, name);
    const local = locals.nameOf(symbol);
    if (local !== undefined) return local;
    for (const declaration of resolvedSymbol(context, symbol)?.declarations ?? []) {
      if (context.origins.isPlatform(declaration)) continue;
      const file = declaration.getSourceFile();
      // The version of cachekit itself does not change results.
      if (context.origins.packageOf(file.fileName)?.name === 'cachekit') continue;
      if (context.origins.isThirdParty(file)) packages.add(packageText(context, file.fileName));
      else for (const node of codeOf(context, declaration, name)) declarations.add(node);
    }
    return undefined;
  };
  const text = parts.map((part) => printTokens(context.ts, part, follow)).join('\n');
  return { text, declarations: [...declarations], packages: [...packages] };
}

function packageText({ origins }: CheckContext, file: string): string {
  const found = origins.packageOf(file);
  if (found === undefined) return file.slice(file.lastIndexOf('/node_modules/') + 14);
  if (!found.name.startsWith('@types/')) return `${found.name}@${found.version}`;
  // An @types package has the types of another package, and it is the version of that one that runs.
  const root = file.slice(0, file.lastIndexOf('/node_modules/'));
  const real = found.name
    .slice(7)
    .replace('__', '/')
    .replace(/^(?=.*\/)/, '@');
  const own = origins.packageOf(`${root}/node_modules/${real}/package.json`);
  return own?.name === real ? `${real}@${own.version}` : `${found.name}@${found.version}`;
}

/** The nodes whose code runs for a declaration; none for types, parameters and their patterns. */
function codeOf({ ts }: CheckContext, declaration: ts.Declaration, from: ts.Node): readonly ts.Node[] {
  if (ts.isSourceFile(declaration))
    // In `helpers.round()` only `round` is followed. A module that is used as a value is followed as a whole.
    return isNamespaceOfAccess(ts, from) ? [] : [declaration];
  if (ts.isBindingElement(declaration)) {
    let root: ts.Node = declaration;
    while (!ts.isVariableDeclaration(root) && !ts.isParameter(root)) root = root.parent;
    return ts.isVariableDeclaration(root) ? [root] : [];
  }
  const runs =
    ts.isVariableDeclaration(declaration) ||
    ts.isFunctionLike(declaration) ||
    ts.isClassLike(declaration) ||
    ts.isEnumDeclaration(declaration) ||
    ts.isEnumMember(declaration) ||
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertyAssignment(declaration) ||
    ts.isExportAssignment(declaration) ||
    ts.isBinaryExpression(declaration);
  return runs && !ts.isTypeElement(declaration) ? [declaration, ...fillersOf(ts, declaration)] : [];
}

function isNamespaceOfAccess(ts: TypeScript, name: ts.Node): boolean {
  const { parent } = name;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.expression === name) ||
    (ts.isQualifiedName(parent) && parent.left === name)
  );
}

/** The text for a function that reaches too many declarations. */
function wholeProject({ program, origins }: CheckContext): CodeTokens {
  const own = program
    .getSourceFiles()
    .filter((file) => !origins.isThirdParty(file) && !program.isSourceFileDefaultLibrary(file));
  const hashes = own.map((file) => createHash('sha256').update(file.text).digest('hex')).toSorted();
  return { text: hashes.join('\n'), files: own.map((file) => file.fileName).toSorted() };
}
