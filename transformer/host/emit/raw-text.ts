// Writes generated code as raw text: whole functions of the tail, and what goes around a user's body. Parsing it,
// transforming it and printing it again would cost more than everything else that is done to a file, and change nothing.
import type TS from 'typescript';
import type { FnText } from '../../5-generate/texts.ts';
import { boundNames } from '../ts6/syntax/bindings.ts';

/** A generated function: name, parameter, body. */
const FUNCTION = /^function ([\w$]+)\((k?)\) \{ (.*); \}$/;
/** What is before a user's body: statements, and the start of the arrow function that holds it. */
const BEFORE = /^[;{ ]*(?:(.*); )?const ([\w$]+) = (async )?\(([\w$, ]*)\) => [{(]$/;
/** What is after it: the end of that function, and one statement. */
const AFTER = /^[})]; (.*); \}?$/;
/** The head of a file: the runtime, and variables; name and value of the first, with which the others follow. */
const HEAD =
  /^(?:import \* as|const) ([\w$]+) (?:from |= require\()"([^"]+)"\)?; (?:var ([\w$]+) = (.*); )?$/;

/** Writes the generated code of one file as raw text, where TypeScript would print it unchanged. */
export interface RawWriter {
  /** The statements of a head. Undefined: the text has to be parsed. */
  head(text: string): readonly TS.Statement[] | undefined;
  /**
   * A function declaration, so that transformations which hoist or move statements (`using`) treat it as one; its body
   * is one raw text. Undefined: the line has to be parsed.
   */
  fn(line: string): TS.Statement | undefined;
  /**
   * The statements around `body`, which stays a node. Undefined: the text has to be parsed.
   *
   * @param original the user's function.
   */
  around(fn: FnText, body: TS.ConciseBody, original: TS.Node): readonly TS.Statement[] | undefined;
}

/** @param isCommonJs whether the file is emitted as CommonJS, where TypeScript renames imports and exported variables. */
export function rawWriter(
  ts: typeof TS,
  context: TS.TransformationContext,
  file: TS.SourceFile,
  isCommonJs: boolean,
): RawWriter {
  const f = context.factory;
  const isPossible = isPrintedAlike(ts, context.getCompilerOptions());
  let names: ReadonlySet<string> | undefined;
  const isUnchanged = (text: string): boolean =>
    isPossible && !(isCommonJs && mentions(text, (names ??= renamed(ts, file.statements))));
  // The printer writes the text of an identifier without looking at it.
  const raw = (text: string) => f.createExpressionStatement(f.createIdentifier(text));
  const parameters = (text: string) =>
    text === ''
      ? []
      : text.split(', ').map((name) => f.createParameterDeclaration(undefined, undefined, name));
  const importAll = (name: string, module: string): TS.Statement => {
    const names = f.createNamespaceImport(f.createIdentifier(name));
    const clause = f.createImportClause(undefined, undefined, names);
    return f.createImportDeclaration(undefined, clause, f.createStringLiteral(module));
  };
  const variable = (name: string, value: TS.Expression | string, flags = ts.NodeFlags.None): TS.Statement => {
    const initial = typeof value === 'string' ? f.createIdentifier(value) : value;
    const declaration = f.createVariableDeclaration(name, undefined, undefined, initial);
    return f.createVariableStatement(undefined, f.createVariableDeclarationList([declaration], flags));
  };
  return {
    head(text) {
      const [, runtime, module, first, value] = HEAD.exec(text) ?? [];
      if (runtime === undefined || module === undefined || !isUnchanged(text)) return undefined;
      const isRequired = text.startsWith('const');
      const taken = isRequired
        ? variable(runtime, `require("${module}")`, ts.NodeFlags.Const)
        : importAll(runtime, module);
      return first === undefined || value === undefined ? [taken] : [taken, variable(first, value)];
    },
    fn(line) {
      const [, name, params = '', body] = FUNCTION.exec(line) ?? [];
      if (name === undefined || body === undefined || !isUnchanged(body)) return undefined;
      const block = f.createBlock([raw(body)], false);
      return f.createFunctionDeclaration(undefined, undefined, name, undefined, parameters(params), undefined, block); // prettier-ignore
    },
    around({ prefix, suffix }, body, original) {
      const [, first = '', name, isAsync, params = ''] = BEFORE.exec(prefix) ?? [];
      const [, last] = AFTER.exec(suffix) ?? [];
      if (name === undefined || last === undefined) return undefined;
      // In classes and namespaces TypeScript may rewrite `this`, private names, the class and exported names.
      const isRewritten = (node: TS.Node) => ts.isClassLike(node) || ts.isModuleDeclaration(node);
      if (!isUnchanged(prefix + suffix) || ts.findAncestor(original, isRewritten) !== undefined)
        return undefined;
      const modifiers = isAsync === undefined ? undefined : [f.createModifier(ts.SyntaxKind.AsyncKeyword)];
      const arrow = f.createArrowFunction(
        modifiers,
        undefined,
        parameters(params),
        undefined,
        undefined,
        body,
      );
      const holder = variable(name, arrow, ts.NodeFlags.Const);
      return [...(first === '' ? [] : [raw(first)]), holder, raw(last)];
    },
  };
}

/**
 * Whether TypeScript would print the text unchanged: older targets lack `??=`, and AMD, UMD and System rename anything.
 */
function isPrintedAlike(ts: typeof TS, { target, module }: TS.CompilerOptions): boolean {
  const { AMD, UMD, System } = ts.ModuleKind;
  return (
    (target === undefined || target >= ts.ScriptTarget.ES2021) &&
    module !== AMD &&
    module !== UMD &&
    module !== System
  );
}

/** Words in strings count as well: then the line is parsed needlessly, which does no harm. */
function mentions(text: string, names: ReadonlySet<string>): boolean {
  return names.size > 0 && (text.match(/[\w$\u0080-\uffff]+/g) ?? []).some((word) => names.has(word));
}

/** The names that TypeScript writes as `exports.x` or `module_1.x`. Functions and classes keep their names. */
function renamed(ts: typeof TS, statements: readonly TS.Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: TS.BindingName): void => boundNames(ts, name).forEach((one) => names.add(one));
  for (const statement of statements) {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) add(name);
    else if (ts.isImportEqualsDeclaration(statement)) add(statement.name);
    else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name !== undefined) add(name);
      if (namedBindings === undefined) continue;
      if (ts.isNamespaceImport(namedBindings)) add(namedBindings.name);
      else for (const element of namedBindings.elements) add(element.name);
    }
  }
  return names;
}
