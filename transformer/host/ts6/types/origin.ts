// Where declarations come from: the default library, Node's types, a package, or the project itself.
import type ts from 'typescript';
import type { BuildTypes } from '../../../build-types.ts';

export type TypeScript = typeof ts;

/** What the readers of one program share. */
export interface CheckContext {
  /** The file whose code will be emitted; undefined: nothing is emitted for the answers. */
  readonly file?: ts.SourceFile;
  readonly build?: BuildTypes;
  readonly ts: TypeScript;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly origins: Origins;
  /** What the type of a declaration is made of: found out once for all functions that reach it. */
  readonly typeLinks: Map<ts.Node, TypeLinks>;
  /** The same for its code. */
  readonly codeLinks: Map<ts.Node, CodeLinks>;
  /** Types as text: printing a large one costs more than all the rest. */
  readonly typeTexts: Map<ts.Type, string>;
  /** Names of interfaces and classes of the platform, with those they are in: the checker makes them anew each time. */
  readonly platformNames: Map<ts.Symbol, string>;
}

export interface TypeLinks {
  readonly declarations: readonly ts.Node[];
  readonly files: readonly string[];
}

export interface CodeLinks {
  readonly text: string;
  readonly declarations: readonly ts.Node[];
  /** Third-party packages, `name@version`. */
  readonly packages: readonly string[];
}

interface Origins {
  /** A declaration in the default library or in Node's own types. */
  isPlatform(node: ts.Node): boolean;
  /** The file is under a node_modules folder. */
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

/** What is shared by all readers of a program; whatever is remembered there ends with the program. */
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

/** A package.json without a name (`{"type":"module"}` in a build folder) does not end the search. */
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

/** Follows imports and re-exports to what is meant; undefined when it cannot be resolved. */
export function resolvedSymbol(context: CheckContext, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  const { ts, checker } = context;
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}
