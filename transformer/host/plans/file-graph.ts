// The import graph of a program, in the order in which the meanings of its files can be computed. Consecutive programs
// of a watch mode share one graph as long as no import changes.
import type TS from 'typescript';
import { componentsOf } from './components.ts';

/** Files have numbers here: their positions in `names`. */
export interface FileGraph {
  /** Names of the files, in the program's order. */
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  /** By number: the imports of the file and what they resolve to, as JSON; '' without imports. */
  readonly imports: readonly string[];
  /** Each comes after the components that it imports. */
  readonly components: readonly FileComponent[];
}

/** A file, or several that import each other in a circle. */
export interface FileComponent {
  readonly members: readonly number[];
  /** The files that the members import, without the members; each once. */
  readonly outer: readonly number[];
}

/** Members of a program that are internal in TypeScript 6: what imports resolve to. */
interface WithResolutions {
  /**
   * Not changed after the program is created. The next program has the same object if no import of any file changed.
   */
  readonly resolvedModules?: object;
  forEachResolvedModule(
    visit: (
      found: { readonly resolvedModule?: { readonly resolvedFileName: string } | undefined },
      name: string,
      mode: number | undefined,
    ) => void,
    file: TS.SourceFile,
  ): void;
}

/** By `resolvedModules`. */
const graphs = new WeakMap<object, FileGraph>();

/** Undefined: this version of TypeScript does not tell what its imports resolve to. */
export function fileGraphOf(program: TS.Program): FileGraph | undefined {
  if (!hasResolutions(program)) return undefined;
  const files = program.getSourceFiles();
  const { resolvedModules } = program;
  const known = resolvedModules === undefined ? undefined : graphs.get(resolvedModules);
  if (known?.names.length === files.length && files.every((file, at) => file.fileName === known.names[at]))
    return known;
  const graph = readGraph(program, files);
  if (resolvedModules !== undefined) graphs.set(resolvedModules, graph);
  return graph;
}

function hasResolutions(program: TS.Program): program is TS.Program & WithResolutions {
  return typeof (program as Partial<WithResolutions>).forEachResolvedModule === 'function'; // checked here
}

function readGraph(program: TS.Program & WithResolutions, files: readonly TS.SourceFile[]): FileGraph {
  const names = files.map((file) => file.fileName);
  const numbers = new Map(names.map((name, at) => [name, at]));
  const imports = files.map((file) => importsOf(program, file));
  const targets = imports.map((found) => [
    ...new Set(
      [...found.values()].flatMap((name) => (name === '' ? [] : (numberIn(program, numbers, name) ?? []))),
    ),
  ]);
  const components = componentsOf(numbers.values(), (at) => targets[at] ?? []);
  return {
    names,
    numbers,
    imports: imports.map(textOf),
    components: components.map((members) => {
      const inner = new Set(members);
      const all = members.flatMap((at) => targets[at] ?? []);
      return { members, outer: [...new Set(all)].filter((at) => !inner.has(at)) };
    }),
  };
}

/**
 * Number of a file of the program; undefined: the program does not have it. Most paths are written as the program
 * writes them, so they are looked up first: asking the program normalises each path.
 */
export function numberIn(
  program: TS.Program,
  numbers: ReadonlyMap<string, number>,
  file: string,
): number | undefined {
  const known = numbers.get(file);
  if (known !== undefined) return known;
  const source = program.getSourceFile(file);
  return source === undefined ? undefined : numbers.get(source.fileName);
}

/** Resolution mode and specifier of an import → path of the file; '' where none was found. */
type Imports = ReadonlyMap<string, string>;

function importsOf(program: WithResolutions, file: TS.SourceFile): Imports {
  const found = new Map<string, string>();
  program.forEachResolvedModule(({ resolvedModule }, name, mode) => {
    found.set(`${mode ?? ''} ${name}`, resolvedModule?.resolvedFileName ?? '');
  }, file);
  return found;
}

function textOf(imports: Imports): string {
  return imports.size === 0 ? '' : JSON.stringify([...imports].toSorted(byName));
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
