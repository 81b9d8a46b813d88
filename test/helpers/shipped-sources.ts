// The TypeScript that installed packages ship: source text of many authors, for tests that want every kind of code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Emission } from '../../transformer/compile-file.ts';

export const repository: string = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const installed = `${repository}/node_modules`;
/** Where the sources seem to lie: as those of a project, not of a dependency. */
const here = `${repository}/virtual-project`;

export interface ShippedSource {
  /** Below node_modules. */
  readonly name: string;
  /** Absolute, in the project that does not exist. */
  readonly path: string;
  readonly text: string;
}

/** Files with a name that matches, sorted: the same packages give the same list. Links (our own packages) are left out. */
export function shippedSources(pattern: RegExp): readonly ShippedSource[] {
  const names = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(installed.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !/^(?:@cachekit|cachekit)\//.test(name))
    .toSorted();
  return names.map((name) => ({
    name,
    path: `${here}/${name}`,
    text: readFileSync(join(installed, name), 'utf8').replace(/^\uFEFF/, ''),
  }));
}

export interface Mark {
  /** Offsets in the marked text: the `@`, and the function that follows with everything that belongs to it. */
  readonly at: number;
  readonly end: number;
}

export const MARK = '/** @cache */ ';

/** A mark before each function declaration, each method and each variable that holds a function. */
export function markFunctions(
  path: string,
  text: string,
): { readonly text: string; readonly marks: readonly Mark[] } {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const places: { readonly start: number; readonly end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (isMarkable(node)) places.push({ start: node.getStart(file), end: node.end });
    ts.forEachChild(node, visit);
  };
  visit(file);
  const starts = places.map((place) => place.start).toSorted((a, b) => a - b);
  const moved = (offset: number, isEnd: boolean) =>
    offset + MARK.length * starts.filter((start) => (isEnd ? start < offset : start <= offset)).length;
  let marked = '';
  starts.forEach((start, index) => {
    marked += text.slice(starts[index - 1] ?? 0, start) + MARK;
  });
  return {
    text: marked + text.slice(starts.at(-1) ?? 0),
    marks: places.map(({ start, end }) => ({
      at: moved(start, false) - MARK.length + MARK.indexOf('@'),
      end: moved(end, true),
    })),
  };
}

/** Marks that nobody answered for: neither a plan nor a diagnostic. */
export function unanswered(marks: readonly Mark[], { plans, diagnostics }: Emission): readonly Mark[] {
  const answered = new Set([
    ...plans.map((plan) => plan.marker.range.start),
    ...diagnostics.map((one) => one.range.start),
  ]);
  // What has no name is reported where the function begins.
  const unnamed = diagnostics.filter((one) => one.code === 'CK1016').map((one) => one.range.start);
  return marks.filter(
    ({ at, end }) => !answered.has(at) && !unnamed.some((start) => start >= at && start <= end),
  );
}

function isMarkable(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return true;
  const [first, second] = ts.isVariableStatement(node) ? node.declarationList.declarations : [];
  const value = first?.initializer;
  return (
    second === undefined &&
    value !== undefined &&
    (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
  );
}

/** A program over the sources as if they were a project; what `texts` does not have by path comes from node_modules. */
export function programOf(texts: ReadonlyMap<string, string>): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2024.d.ts'],
    types: ['node'],
    typeRoots: [`${installed}/@types`],
    strict: true,
    skipLibCheck: true,
    noCheck: true, // nobody asks for the errors of others, and emit would look for them
    outDir: `${here}/out`,
    noEmitOnError: false,
  };
  const disk = ts.createCompilerHost(options, true);
  const real = (path: string) =>
    path.startsWith(`${here}/`) ? `${installed}${path.slice(here.length)}` : path;
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => texts.has(path) || disk.fileExists(real(path)),
    directoryExists: (path) => ts.sys.directoryExists(real(path)),
    readFile: (path) => texts.get(path) ?? disk.readFile(real(path)),
    realpath: (path) => path,
    getDirectories: (path) => ts.sys.getDirectories(real(path)),
    getSourceFile: (path, language) => {
      const text = texts.get(path) ?? ts.sys.readFile(real(path));
      return text === undefined ? undefined : ts.createSourceFile(path, text, language, true);
    },
  };
  return ts.createProgram([...texts.keys()], options, host);
}
