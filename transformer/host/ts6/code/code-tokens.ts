// The code fingerprint's text: tokens of a function and of everything of the same project that it reaches. Comments,
// formatting and types are not in it, so it changes exactly when what runs changes.
import { createHash } from 'node:crypto';
import type ts from 'typescript';
import {
  type CheckContext,
  type CodeLinks,
  contextOf,
  resolvedSymbol,
  type TypeScript,
} from '../types/origin.ts';
import { fillersOf } from './code-fillers.ts';
import { LocalNames } from './local-names.ts';
import { printTokens } from './print-tokens.ts';

/** Declarations followed; past them the text is made of all files of the project, so that no edit can be missed. */
const MAX_DECLARATIONS = 2_000;

export interface CodeTokens {
  /** One declaration a paragraph, in the order in which they are reached. Paths are not in it. */
  readonly text: string;
  /** Absolute paths of the project's files that were reached, sorted; the function's own is among them. */
  readonly files: readonly string[];
}

/** Tokens of body and parameters of a function, or of an expression; then of what they reach by name: functions, classes, constants. */
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

/** The parts of the cached function that run on a miss: not its name, not its decorators. */
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
  /** `name`: an identifier, or the path of an `import()`. */
  const locals = new LocalNames(context.ts, parts);
  const follow = (name: ts.Node): string | undefined => {
    const symbol = symbolOf(context, name);
    const local = locals.nameOf(symbol);
    if (local !== undefined) return local;
    for (const declaration of resolvedSymbol(context, symbol)?.declarations ?? []) {
      if (context.origins.isPlatform(declaration)) continue;
      const file = declaration.getSourceFile();
      // Another version of the cache gives no other results.
      if (context.origins.packageOf(file.fileName)?.name === 'cachekit') continue;
      if (context.origins.isThirdParty(file)) packages.add(packageText(context, file.fileName));
      else for (const node of codeOf(context, declaration, name)) declarations.add(node);
    }
    return undefined;
  };
  const text = parts.map((part) => printTokens(context.ts, part, follow)).join('\n');
  return { text, declarations: [...declarations], packages: [...packages] };
}

function symbolOf({ ts, checker }: CheckContext, name: ts.Node): ts.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(name.parent) && name.parent.name === name
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
}

function packageText({ origins }: CheckContext, file: string): string {
  const found = origins.packageOf(file);
  if (found === undefined) return file.slice(file.lastIndexOf('/node_modules/') + 14);
  if (!found.name.startsWith('@types/')) return `${found.name}@${found.version}`;
  // Types of another package: its own version is the one that runs.
  const root = file.slice(0, file.lastIndexOf('/node_modules/'));
  const real = found.name
    .slice(7)
    .replace('__', '/')
    .replace(/^(?=.*\/)/, '@');
  const own = origins.packageOf(`${root}/node_modules/${real}/package.json`);
  return own?.name === real ? `${real}@${own.version}` : `${found.name}@${found.version}`;
}

/** The code that a declaration stands for; nothing for types, parameters and variables of the running function. */
function codeOf({ ts }: CheckContext, declaration: ts.Declaration, from: ts.Node): readonly ts.Node[] {
  if (ts.isSourceFile(declaration))
    // `helpers.round()` follows `round`; only a module used as a value is needed whole.
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

function wholeProject({ program, origins }: CheckContext): CodeTokens {
  const own = program
    .getSourceFiles()
    .filter((file) => !origins.isThirdParty(file) && !program.isSourceFileDefaultLibrary(file));
  const hashes = own.map((file) => createHash('sha256').update(file.text).digest('hex')).toSorted();
  return { text: hashes.join('\n'), files: own.map((file) => file.fileName).toSorted() };
}
