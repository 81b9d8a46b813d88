// The TypeScript that installed packages ship: source text of many authors, for tests that want every kind of code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

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

/** `count` of the items, in random order; the seed decides. */
export function sampleOf<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  let state = seed >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, item]) => item);
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
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
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
