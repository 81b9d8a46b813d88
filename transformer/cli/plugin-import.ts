// How a configuration file imports one of our bundler plugins. Each module has one export to call, the default.
import type TS from 'typescript';
import { loadTypeScript } from '../host/load-typescript.ts';

interface PluginImport {
  /** What the file calls: `cachekit`, or `ck.default` after `import * as ck`. */
  readonly callee: string;
  /** True for `import { cachekit }`, which fails when the file is run: the module has no export of that name. */
  readonly isWrong: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/** The import of the plugin in the text of a script; undefined: it is not imported. Types are no plugin. */
export function findPluginImport(text: string, module: string): PluginImport | undefined {
  const ts = loadTypeScript();
  const source = ts.createSourceFile('config.ts', text, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const clause = statement.importClause;
    if (statement.moduleSpecifier.text !== module || clause === undefined) continue;
    const found = clause.isTypeOnly ? undefined : calleeOf(ts, clause);
    const { line } = source.getLineAndCharacterOfPosition(statement.getStart(source));
    if (found !== undefined) return { ...found, line: line + 1 };
  }
  return undefined;
}

function calleeOf(ts: typeof TS, clause: TS.ImportClause): Omit<PluginImport, 'line'> | undefined {
  if (clause.name !== undefined) return { callee: clause.name.text, isWrong: false };
  const names = clause.namedBindings;
  if (names === undefined) return undefined;
  if (ts.isNamespaceImport(names)) return { callee: `${names.name.text}.default`, isWrong: false };
  const specifier = names.elements.find((one) => !one.isTypeOnly && exportedName(one) !== 'PluginOptions');
  return specifier && { callee: specifier.name.text, isWrong: exportedName(specifier) !== 'default' };
}

function exportedName(specifier: TS.ImportSpecifier): string {
  return (specifier.propertyName ?? specifier.name).text;
}
