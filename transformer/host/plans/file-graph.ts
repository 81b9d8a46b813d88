// Which file of a program imports which, and in which order what they mean can be told. Programs of a watch mode whose
// imports are the same share one.
import type TS from 'typescript';
import { componentsOf } from './components.ts';

export interface FileGraph {
  /** Names of the files, in the program's order: others say numbers for them. */
  readonly names: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  /** By number: each import as written and what it stands for, as text; '' for none. */
  readonly imports: readonly string[];
  /** Each comes after those that it imports. */
  readonly components: readonly FileComponent[];
}

export interface FileComponent {
  /** More than one: they import each other in a circle. */
  readonly members: readonly number[];
  /** What they import beside each other; each once. */
  readonly outer: readonly number[];
}

/** Internal in TypeScript 6: which file each import of a file means. */
interface WithResolutions {
  /** Never changed once the program is made; the next program has the same object if no import of any file changed. */
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

/** Undefined: this TypeScript does not tell what its imports mean. */
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
  return typeof (program as Partial<WithResolutions>).forEachResolvedModule === 'function'; // asked for here
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

/** Asking the program normalises each path: most are in the form that it uses itself. */
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

type Imports = ReadonlyMap<string, string>;

/** As written, with how it is looked up → path; '' for what was not found. */
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
