// Lines of the tail → functions whose body the printer writes as it stands. To parse them, take them through every
// transformation of TypeScript and print them again costs more than all else that is done to a file, and changes nothing.
import type TS from 'typescript';

const FUNCTION = /^function ([\w$]+)\((k?)\) \{ (.*); \}$/;

export interface RawInput {
  readonly options: TS.CompilerOptions;
  /** TypeScript writes other text for some names of the user's: imports and exported variables. */
  readonly isCommonJs: boolean;
  /** The user's. */
  readonly statements: readonly TS.Statement[];
}

/**
 * The whole line becomes a function declaration, so that hoisting and what moves statements (`using`) find one. Undefined:
 * it has to be parsed.
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
  // The text of an identifier is printed as it is, whatever it is.
  const text = f.createExpressionStatement(f.createIdentifier(body));
  const block = f.createBlock([text], false);
  return f.createFunctionDeclaration(undefined, undefined, name, undefined, params, undefined, block);
}

/** Generated text has `??=`, which older targets must not have; in bundles of old kinds every name may be another. */
function isPrintedAlike(ts: typeof TS, { target, module }: TS.CompilerOptions): boolean {
  const { AMD, UMD, System } = ts.ModuleKind;
  return (
    (target === undefined || target >= ts.ScriptTarget.ES2021) &&
    module !== AMD &&
    module !== UMD &&
    module !== System
  );
}

/** A word in a string counts as well: the line is then parsed, as it always can be. */
function mentions(text: string, names: ReadonlySet<string>): boolean {
  return names.size > 0 && (text.match(/[\w$\u0080-\uffff]+/g) ?? []).some((word) => names.has(word));
}

/** `x` becomes `exports.x` or `module_1.x`. Functions and classes keep their names. */
function renamed(ts: typeof TS, statements: readonly TS.Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (name: TS.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
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
