// Turns lines of the tail into functions whose body is printed as raw text. Parsing these bodies, transforming them and
// printing them again would cost more than everything else that is done to a file, and change nothing.
import type TS from 'typescript';
import { boundNames } from '../ts6/syntax/bindings.ts';

/** A generated function: name, parameter, body. */
const FUNCTION = /^function ([\w$]+)\((k?)\) \{ (.*); \}$/;

/** What decides whether a line can be printed as raw text. */
export interface RawInput {
  readonly options: TS.CompilerOptions;
  /** Whether the file is emitted as CommonJS, where TypeScript renames imports and exported variables. */
  readonly isCommonJs: boolean;
  /** The user's statements. */
  readonly statements: readonly TS.Statement[];
}

/**
 * A function declaration, so that transformations which hoist or move statements (`using`) treat it as one; its body is
 * one raw text. Undefined: the line has to be parsed.
 */
export function rawFunction(
  ts: typeof TS,
  line: string,
  { options, isCommonJs, statements }: RawInput,
): TS.Statement | undefined {
  const [, name, param, body] = FUNCTION.exec(line) ?? [];
  if (name === undefined || body === undefined || !isPrintedAlike(ts, options)) return undefined;
  if (isCommonJs && mentions(body, renamed(ts, statements))) return undefined;
  const f = ts.factory;
  const params =
    param === '' || param === undefined ? [] : [f.createParameterDeclaration(undefined, undefined, param)];
  // The printer writes the text of an identifier without looking at it.
  const text = f.createExpressionStatement(f.createIdentifier(body));
  const block = f.createBlock([text], false);
  return f.createFunctionDeclaration(undefined, undefined, name, undefined, params, undefined, block);
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
