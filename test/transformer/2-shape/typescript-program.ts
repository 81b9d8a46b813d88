// Real TypeScript programs whose project files are in memory; libraries and Node's types come from disk, parsed once.
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Target } from '../../../transformer/1-scan/marker.ts';
import { readSignature } from '../../../transformer/2-shape/read-signature.ts';
import type { TypeReader } from '../../../transformer/2-shape/type-reader.ts';
import type { SignatureShape } from '../../../transformer/2-shape/type-shape.ts';
import { createTypeReader } from '../../../transformer/host/ts6/types/type-reader.ts';

export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');
export const FOLDER = `${ROOT}/virtual`;

const parsed = new Map<string, ts.SourceFile | undefined>();

/** As in api.md: what cachekit exports for sensitive data. */
const CACHEKIT = `
declare const pii: unique symbol, secret: unique symbol, float64: unique symbol;
export type Pii<T> = T extends null | undefined ? T : T & { readonly [pii]?: true };
export type Secret<T> = T extends null | undefined ? T : T & { readonly [secret]?: true };
export type Float64 = number & { readonly [float64]?: true };
export interface Codec<T, Wire = unknown> { readonly id: string; encode(value: T): Wire; decode(wire: Wire): T }
export declare const codec: unique symbol;
export interface ClassCodec<T = any> { readonly type: { readonly prototype: T }; readonly codec: Codec<T, any> }
export declare function defineCodec<T, Wire>(type: { readonly prototype: T }, codec: Codec<T, Wire>): ClassCodec<T>;
`;

export interface TestProgram {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  file(name: string): ts.SourceFile;
  reader(name?: string): TypeReader;
  /** The function, arrow or method called `name`; with a body when there is one. */
  node(name: string, file?: string): ts.SignatureDeclaration;
  target(name: string, file?: string, captures?: readonly string[]): Target;
  signature(name: string, file?: string): SignatureShape;
}

export type Files = Readonly<Record<string, string>>;

export function testProgram(
  files: Files | string,
  options: ts.CompilerOptions = {},
  folder = FOLDER,
): TestProgram {
  const given = typeof files === 'string' ? { 'main.ts': files } : files;
  const texts = new Map(Object.entries(given).map(([name, text]) => [`${folder}/${name}`, text]));
  texts.set(`${folder}/node_modules/cachekit/index.d.ts`, CACHEKIT);
  const all: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2024.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    typeRoots: [`${ROOT}/node_modules/@types`],
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    allowJs: true,
    jsx: ts.JsxEmit.Preserve,
    ...options,
  };
  const host = ts.createCompilerHost(all, true);
  const disk = { ...host };
  host.fileExists = (path) => texts.has(path) || disk.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? disk.readFile(path);
  host.directoryExists = (path) =>
    [...texts.keys()].some((name) => name.startsWith(`${path}/`)) || disk.directoryExists?.(path) === true;
  host.getSourceFile = (path, language) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, language, true);
    if (!parsed.has(path)) parsed.set(path, disk.getSourceFile(path, language));
    return parsed.get(path);
  };
  const roots = [...texts.keys()].filter((name) => !name.includes('/node_modules/'));
  const program = ts.createProgram(roots, all, host);
  return questions(program, folder);
}

function questions(program: ts.Program, folder: string): TestProgram {
  const checker = program.getTypeChecker();
  const file = (name: string): ts.SourceFile => {
    const found = program.getSourceFile(`${folder}/${name}`);
    if (found === undefined) throw new Error(`no file ${name}`);
    return found;
  };
  const reader = (name = 'main.ts'): TypeReader => createTypeReader(ts, program, checker, file(name));
  const node = (name: string, path = 'main.ts'): ts.SignatureDeclaration => findFunction(file(path), name);
  const target = (name: string, path = 'main.ts', captures: readonly string[] = []): Target =>
    targetOf(node(name, path), file(path), captures);
  return {
    program,
    checker,
    file,
    reader,
    node,
    target,
    signature: (name, path = 'main.ts') => readSignature(reader(path), target(name, path)),
  };
}

function findFunction(file: ts.SourceFile, name: string): ts.SignatureDeclaration {
  const found: ts.SignatureDeclaration[] = [];
  const nameOf = (node: ts.Node): string | undefined =>
    ts.isVariableDeclaration(node) || ts.isFunctionLike(node) || ts.isPropertyAssignment(node)
      ? node.name?.getText(file)
      : undefined;
  const visit = (node: ts.Node, owner: string | undefined): void => {
    const own = nameOf(node) ?? owner;
    if (ts.isFunctionLike(node) && own === name && 'body' in node) found.push(node);
    ts.forEachChild(node, (child) => visit(child, ts.isFunctionLike(node) ? undefined : own));
  };
  visit(file, undefined);
  const best = found.find((node) => 'body' in node && node.body !== undefined) ?? found[0];
  if (best === undefined) throw new Error(`no function ${name}`);
  return best;
}

const NOWHERE = { start: 0, end: 0 };

function targetOf(node: ts.SignatureDeclaration, file: ts.SourceFile, captures: readonly string[]): Target {
  const namesOf = (name: ts.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(element.name) : []));
  const isAsync =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true;
  const params = node.parameters.filter(ts.isParameter);
  return {
    form: 'function',
    name: 'f',
    qualifiedName: 'f',
    reach: undefined,
    node: { start: node.getStart(file), end: node.end },
    nameRange: NOWHERE,
    returnTypeRange: undefined,
    async: isAsync,
    generator: 'asteriskToken' in node && node.asteriskToken !== undefined,
    asyncRange: undefined,
    asyncBy: '',
    params: params
      .filter((param) => param.name.getText(file) !== 'this')
      .map((param) => ({
        names: namesOf(param.name),
        pattern: !ts.isIdentifier(param.name),
        rest: param.dotDotDotToken !== undefined,
        default: param.initializer === undefined ? 'none' : 'expression',
        range: { start: param.pos, end: param.end },
      })),
    body: undefined,
    usesArguments: false,
    thisReads: [],
    captures: captures.map((name) => ({ name, reassigned: false, range: NOWHERE })),
  };
}
