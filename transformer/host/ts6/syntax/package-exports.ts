// Tells which export of "cachekit" an expression refers to: imported or required, maybe under another name or through
// another file.
import type TS from 'typescript';
import type { Binding } from './bindings.ts';
import type { FileIndex } from './file-index.ts';
import { memberOf, unwrap } from './tree.ts';

const PACKAGE = 'cachekit';

/**
 * Names that may be re-exports of "cachekit" from other files. Other names are not looked up, as that needs a program.
 */
const LIKELY_NAME = /cached|cacheOf|configure/i;

/** False: nothing in the text can refer to `cached`. An escape sequence can spell any name. */
export function mayNameCached(text: string): boolean {
  return LIKELY_NAME.test(text) || /\\[ux]/.test(text);
}

/** How many steps a reference is followed, through constants and members. Real code has fewer. */
const MAX_DEPTH = 8;

/** Resolves names that come from other files of the project. */
export interface ForeignNames {
  /** The export of "cachekit" that an imported name, or a member of one, refers to; `*` for the whole module. */
  exportOf(name: TS.Identifier): string | undefined;
}

/** The name of the export; `*` for the whole module; undefined: something else, or unknown. */
export function exportOf(index: FileIndex, expression: TS.Node): string | undefined {
  return exportBehind(index, expression, { depth: 0, isLikely: false });
}

interface Asked {
  readonly depth: number;
  /** Whether the expression is asked about for one of its members, and that has a likely name. */
  readonly isLikely: boolean;
}

function exportBehind(index: FileIndex, expression: TS.Node, asked: Asked): string | undefined {
  const { ts } = index;
  const depth = asked.depth + 1;
  const inner = ts.isExpression(expression) ? unwrap(ts, expression) : expression;
  if (depth > MAX_DEPTH) return undefined;
  if (ts.isIdentifier(inner)) return exportOfName(index, inner, { ...asked, depth });
  if (ts.isCallExpression(inner)) return isRequire(index, inner) ? '*' : undefined;
  if (ts.isAwaitExpression(inner)) return isImport(ts, unwrap(ts, inner.expression)) ? '*' : undefined;
  const member = memberOf(ts, inner);
  return member === undefined ? undefined : exportOfMember(index, member.owner, member.name, depth);
}

function exportOfMember(
  index: FileIndex,
  owner: TS.Node,
  name: TS.Identifier | TS.StringLiteralLike,
  depth: number,
): string | undefined {
  const { ts } = index;
  const isLikely = LIKELY_NAME.test(name.text);
  const of = exportBehind(index, owner, { depth, isLikely });
  if (of === '*') return name.text === 'default' ? '*' : name.text;
  const base = ts.isExpression(owner) ? unwrap(ts, owner) : owner;
  const isForeign =
    of === undefined && isLikely && ts.isIdentifier(base) && index.resolve(base)?.kind === 'import';
  return isForeign && ts.isIdentifier(name) ? index.foreign?.exportOf(name) : undefined;
}

function exportOfName(index: FileIndex, identifier: TS.Identifier, asked: Asked): string | undefined {
  const { ts } = index;
  const binding = index.resolve(identifier);
  // A `let` that is never assigned to is as good as a `const`.
  const isFixed = binding?.kind === 'import' || (isVariable(binding) && !binding.assigned);
  const declaration = isFixed ? binding.declarations[0] : undefined;
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration)) return heldBy(index, declaration, identifier.text, asked);
  if (ts.isImportEqualsDeclaration(declaration)) return importEquals(index, declaration, asked);
  if (isTypeOnly(index, declaration)) return undefined;
  const from = moduleOf(index, declaration);
  if (from === undefined) return undefined;
  const isNamed = ts.isImportSpecifier(declaration);
  const imported = isNamed ? (declaration.propertyName ?? declaration.name).text : '*';
  if (isPackageName(ts, from)) return imported === 'default' ? '*' : imported;
  const isLikely = asked.isLikely || LIKELY_NAME.test(imported) || LIKELY_NAME.test(identifier.text);
  return isLikely ? index.foreign?.exportOf(identifier) : undefined;
}

function isVariable(binding: Binding | undefined): binding is Binding {
  return binding?.kind === 'const' || binding?.kind === 'let';
}

/**
 * What a variable stands for: `const { cached } = require('cachekit')`, `const kit = await import('cachekit')`,
 * `const { cached } = kit`.
 */
function heldBy(
  index: FileIndex,
  { initializer, name }: TS.VariableDeclaration,
  text: string,
  asked: Asked,
): string | undefined {
  const { ts } = index;
  if (initializer === undefined || ts.isArrayBindingPattern(name)) return undefined;
  // A constant that holds `cached` itself is not followed: that use of it is reported (cached-calls.ts).
  if (ts.isIdentifier(name)) return exportBehind(index, initializer, asked) === '*' ? '*' : undefined;
  const element = name.elements.find((item) => ts.isIdentifier(item.name) && item.name.text === text);
  if (element === undefined || element.dotDotDotToken !== undefined) return undefined;
  const property = element.propertyName ?? element.name;
  if (!ts.isIdentifier(property) && !ts.isStringLiteralLike(property)) return undefined;
  const isLikely = LIKELY_NAME.test(property.text);
  const of = exportBehind(index, initializer, { ...asked, isLikely });
  return of === '*' ? property.text : undefined;
}

/** `import kit = require('cachekit')`, `import cached = kit.cached`. */
function importEquals(
  index: FileIndex,
  { moduleReference, isTypeOnly: isType }: TS.ImportEqualsDeclaration,
  asked: Asked,
): string | undefined {
  const { ts } = index;
  if (isType) return undefined;
  if (ts.isExternalModuleReference(moduleReference))
    return isPackageName(ts, moduleReference.expression) ? '*' : undefined;
  if (ts.isIdentifier(moduleReference)) return exportBehind(index, moduleReference, asked);
  return exportOfMember(index, moduleReference.left, moduleReference.right, asked.depth);
}

function isRequire(index: FileIndex, call: TS.CallExpression): boolean {
  const { ts } = index;
  const { expression: callee } = call;
  const isGlobal =
    ts.isIdentifier(callee) && callee.text === 'require' && index.resolve(callee) === undefined;
  return isGlobal && isPackageName(ts, call.arguments[0]);
}

function isImport(ts: typeof TS, expression: TS.Expression): boolean {
  if (!ts.isCallExpression(expression)) return false;
  return (
    expression.expression.kind === ts.SyntaxKind.ImportKeyword && isPackageName(ts, expression.arguments[0])
  );
}

function isTypeOnly(index: FileIndex, declaration: TS.Node): boolean {
  const { ts } = index;
  if (ts.isImportSpecifier(declaration) && declaration.isTypeOnly) return true;
  let clause: TS.Node | undefined = declaration;
  while (clause !== undefined && !ts.isImportClause(clause)) clause = index.parentOf(clause);
  return clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

/** The module specifier of the import or export that a node is part of; undefined: it has none. */
export function moduleOf(index: FileIndex, declaration: TS.Node): TS.Expression | undefined {
  const { ts } = index;
  let statement: TS.Node | undefined = declaration;
  while (statement !== undefined && !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement))
    statement = index.parentOf(statement);
  return statement?.moduleSpecifier;
}

/** Whether a module specifier is 'cachekit'. */
export function isPackageName(ts: typeof TS, specifier: TS.Expression | undefined): boolean {
  return specifier !== undefined && ts.isStringLiteral(specifier) && specifier.text === PACKAGE;
}
