// Collects ProgramFacts with the type checker. In a file that mentions no cached function only the imports are looked
// at.
import type TS from 'typescript';
import { scanFile } from '../../../1-scan/scan-file.ts';
import { isProgramCode } from '../../../4-check/program-codes.ts';
import type {
  AllowFact,
  CallFact,
  ProgramFacts,
  TagFact,
  UseAtOnceFact,
  WriteFact,
} from '../../../4-check/program-facts.ts';
import { quickTypeScript } from '../quick-typescript.ts';
import { createSyntaxReader } from '../syntax/syntax-reader.ts';
import { isWrapper, unwrap } from '../syntax/tree.ts';
import { type CheckContext, contextOf, resolvedSymbol, type TypeScript } from '../types/origin.ts';
import { siteOf } from './sites.ts';
import { usedAtOnce } from './used-at-once.ts';
import { writesThrough } from './writes.ts';

/**
 * What `files` do with the cached functions of the program.
 *
 * @param names short names of the cached functions. Calls of anything else are ignored.
 */
export function collectFacts(
  typescript: TypeScript,
  program: TS.Program,
  files: readonly TS.SourceFile[],
  names: ReadonlySet<string>,
): ProgramFacts {
  const ts = quickTypeScript(typescript);
  const context = contextOf(ts, program, program.getTypeChecker());
  const calls: CallFact[] = [];
  const writes: WriteFact[] = [];
  const usesAtOnce: UseAtOnceFact[] = [];
  const tags: TagFact[] = [];
  const allows: AllowFact[] = [];
  for (const file of files) {
    allows.push(...allowsOf(ts, file));
    const imported = new Set(importedAs(context, file));
    const isWanted = (name: string): boolean => names.has(name) || imported.has(name);
    const visit = (node: TS.Node): void => {
      if (ts.isCallExpression(node)) readCall(node);
      ts.forEachChild(node, visit);
    };
    const readCall = (call: TS.CallExpression): void => {
      const name = calledName(ts, call);
      if (name === undefined) return;
      if (isWanted(name.text)) {
        const site = siteOf(context, context.checker.getSymbolAtLocation(name));
        if (site?.place === undefined) return;
        const place = { file: file.fileName, callee: site.place };
        const range = { start: call.expression.getStart(file), end: call.expression.end };
        calls.push({ ...place, range, isUsed: isUsed(ts, call) });
        for (const write of writesThrough(context, call)) writes.push({ ...place, ...write });
        const use = usedAtOnce(context, call);
        if (use !== undefined) usesAtOnce.push({ ...place, ...use });
      } else if (isInvalidateTags(context, name)) tags.push(...tagsOf(ts, call));
    };
    if (mentions(file, isWanted)) visit(file);
  }
  return { calls, writes, usesAtOnce, tags, allows };
}

/** Internal in TypeScript 6: every identifier of the file, as collected by its parser. */
interface WithIdentifiers {
  readonly identifiers?: ReadonlyMap<string, string>;
}

/**
 * By the identifiers of the file: to search each of thousands of texts for each of hundreds of names would be too slow.
 */
function mentions(file: TS.SourceFile, isWanted: (name: string) => boolean): boolean {
  const { identifiers } = file as WithIdentifiers;
  if (identifiers === undefined) return true;
  if (identifiers.has('invalidateTags')) return true;
  for (const name of identifiers.keys()) if (isWanted(name)) return true;
  return false;
}

function calledName(ts: TypeScript, { expression }: TS.CallExpression): TS.Identifier | undefined {
  const callee = unwrap(ts, expression);
  if (ts.isIdentifier(callee)) return callee;
  return ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.name) ? callee.name : undefined;
}

/** Local names of the cached functions that the file imports, maybe under other names. */
function importedAs(context: CheckContext, file: TS.SourceFile): readonly string[] {
  const { ts, checker } = context;
  return file.statements.flatMap((statement) => {
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    if (clause === undefined) return [];
    const bindings = clause.namedBindings;
    const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
    const all = [clause.name, ...named.map((one) => one.name)].filter((one) => one !== undefined);
    const isSite = (name: TS.Identifier) => siteOf(context, checker.getSymbolAtLocation(name)) !== undefined;
    return all.filter(isSite).map((name) => name.text);
  });
}

/** Whether the caller does anything with the result, besides waiting for it. */
function isUsed(ts: TypeScript, call: TS.CallExpression): boolean {
  let node: TS.Node = call;
  while (isWrapper(ts, node.parent) || ts.isAwaitExpression(node.parent)) node = node.parent;
  return !ts.isExpressionStatement(node.parent) && !ts.isVoidExpression(node.parent);
}

function isInvalidateTags(context: CheckContext, name: TS.Identifier): boolean {
  // Calls under another name are not found. That only leaves their tags unchecked.
  if (name.text !== 'invalidateTags') return false;
  const symbol = resolvedSymbol(context, context.checker.getSymbolAtLocation(name));
  return (
    symbol?.declarations?.some((one) =>
      /[\\/]cachekit[\\/]|[\\/]runtime[\\/]/.test(one.getSourceFile().fileName),
    ) === true
  );
}

function tagsOf(ts: TypeScript, call: TS.CallExpression): readonly TagFact[] {
  const file = call.getSourceFile();
  return call.arguments.map((arg) => {
    const value = unwrap(ts, arg);
    const range = { start: arg.getStart(file), end: arg.end };
    return { file: file.fileName, range, tag: ts.isStringLiteralLike(value) ? value.text : undefined };
  });
}

function allowsOf(ts: TypeScript, file: TS.SourceFile): readonly AllowFact[] {
  if (!file.text.includes('@cacheAllow')) return [];
  const { allows } = scanFile(createSyntaxReader(ts, file));
  return allows
    .filter((allow) => isProgramCode(allow.code))
    .map((allow) => {
      const rest = /[\n\r\u2028\u2029]|$/.exec(file.text.slice(allow.declaration.start))?.index ?? 0;
      return { file: file.fileName, allow, lineEnd: allow.declaration.start + rest };
    });
}
