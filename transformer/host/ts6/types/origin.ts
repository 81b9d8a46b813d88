// What all readers of one program share; and where declarations come from: the platform, a package, or the project.
import type ts from 'typescript';
import type { BuildTypes } from '../../../build-types.ts';

/** The module of TypeScript 6, as handed over by the host. */
export type TypeScript = typeof ts;

/** The program, and what its readers have found out about it. */
export interface CheckContext {
  /** The file for which code is emitted. Default: no code is emitted for what is asked. */
  readonly file?: ts.SourceFile;
  readonly build?: BuildTypes;
  readonly ts: TypeScript;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly origins: Origins;
  /** Declaration → what its type refers to; computed once for all functions that reach it. */
  readonly typeLinks: Map<ts.Node, TypeLinks>;
  /** Declaration → what its code refers to; computed once as well. */
  readonly codeLinks: Map<ts.Node, CodeLinks>;
  /** Type → its text: printing a large type is expensive. */
  readonly typeTexts: Map<ts.Type, string>;
  /** Platform class or interface → its qualified name, which the checker would compute each time. */
  readonly platformNames: Map<ts.Symbol, string>;
}

/** See `linksOf` in type-files.ts. */
export interface TypeLinks {
  readonly declarations: readonly ts.Node[];
  readonly files: readonly string[];
}

/** See `linksOf` in code/code-tokens.ts. */
export interface CodeLinks {
  /** The tokens of the declaration. */
  readonly text: string;
  readonly declarations: readonly ts.Node[];
  /** The third-party packages used, as `name@version`. */
  readonly packages: readonly string[];
}

interface Origins {
  /** Whether a declaration is in the default library or in Node's own types. */
  isPlatform(node: ts.Node): boolean;
  /** Whether the file is in a node_modules folder. */
  isThirdParty(file: ts.SourceFile): boolean;
  /** Name and version of the nearest package.json; undefined when there is none. */
  packageOf(file: string): PackageName | undefined;
}

interface PackageName {
  readonly name: string;
  readonly version: string;
}

const NODE_TYPES = /\/node_modules\/(?:@types\/node|undici-types|buffer)\//;

const contexts = new WeakMap<ts.Program, CheckContext>();

/** The context of a program, always the same one. It lives as long as the program. */
export function contextOf(ts: TypeScript, program: ts.Program, checker: ts.TypeChecker): CheckContext {
  const known = contexts.get(program);
  if (known !== undefined) return known;
  const context = {
    ts,
    program,
    checker,
    origins: createOrigins(ts, program),
    typeLinks: new Map(),
    codeLinks: new Map(),
    typeTexts: new Map(),
    platformNames: new Map(),
  };
  contexts.set(program, context);
  return context;
}

function createOrigins(ts: TypeScript, program: ts.Program): Origins {
  const platform = new Map<ts.SourceFile, boolean>();
  const packages = new Map<string, PackageName | undefined>();
  const isPlatform = (node: ts.Node): boolean => {
    const file = node.getSourceFile();
    let answer = platform.get(file);
    if (answer === undefined) {
      answer = program.isSourceFileDefaultLibrary(file) || NODE_TYPES.test(file.fileName);
      platform.set(file, answer);
    }
    return answer;
  };
  const packageIn = (folder: string): PackageName | undefined => {
    if (packages.has(folder)) return packages.get(folder);
    const parent = folder.slice(0, folder.lastIndexOf('/'));
    const found = readPackage(ts, folder) ?? (parent.length < folder.length ? packageIn(parent) : undefined);
    packages.set(folder, found);
    return found;
  };
  return {
    isPlatform,
    isThirdParty: (file) => file.fileName.includes('/node_modules/'),
    packageOf: (file) => packageIn(file.slice(0, file.lastIndexOf('/'))),
  };
}

/**
 * Undefined also for a package.json without a name, such as `{"type":"module"}` in a build folder: the search goes on.
 */
function readPackage(ts: TypeScript, folder: string): PackageName | undefined {
  const text = ts.sys?.readFile(`${folder}/package.json`);
  if (text === undefined) return undefined;
  try {
    const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown }; // checked below
    return typeof name === 'string'
      ? { name, version: typeof version === 'string' ? version : '' }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The variable that a name stands for, also in `{ count }`, where TypeScript itself answers with the property. */
export function symbolAt({ ts, checker }: CheckContext, name: ts.Node): ts.Symbol | undefined {
  const { parent } = name;
  // Not the default in `({ count = start } = row)`, which has the same parent.
  return ts.isShorthandPropertyAssignment(parent) && parent.name === name
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : checker.getSymbolAtLocation(name);
}

/** The symbol behind imports and re-exports; any other symbol as it is. */
export function resolvedSymbol(context: CheckContext, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  const { ts, checker } = context;
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}
