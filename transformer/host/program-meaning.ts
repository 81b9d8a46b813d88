// What each file of a program means, as one hash: for plans that are kept from one program to the next, in a process and
// on disk. What a file means is decided by it, by what it imports (however many files away) and by what is global; the
// checker knows nothing else.
import { hash } from 'node:crypto';
import type TS from 'typescript';
import { componentsOf } from './components.ts';

export interface ProgramMeaning {
  /** Of a file of the program; undefined: it has none of that name. */
  of(file: string): string | undefined;
  /** Of all that others see without importing it, the default library included. */
  readonly global: string;
  /** Of all files that have the word `extends`: what a class may be replaced by. */
  readonly subclasses: string;
  /** Of all files. */
  readonly all: string;
}

/** Internal in TypeScript 6: which file each import of a file means. */
interface WithResolutions {
  forEachResolvedModule(
    visit: (
      found: { readonly resolvedModule?: { readonly resolvedFileName: string } | undefined },
      name: string,
      mode: number | undefined,
    ) => void,
    file: TS.SourceFile,
  ): void;
}

/** Undefined: this TypeScript does not tell what its imports mean. */
export function meaningOf(ts: typeof TS, program: TS.Program): ProgramMeaning | undefined {
  if (!hasResolutions(program)) return undefined;
  const files = program.getSourceFiles();
  const byName = new Map(files.map((file) => [file.fileName, file]));
  // Asking the program normalises each path: most are in the form that it uses itself.
  const fileOf = (name: string) => byName.get(name) ?? program.getSourceFile(name);
  const imports = new Map(files.map((file) => [file, importsOf(program, file)]));
  const targetsOf = new Map(
    [...imports].map(([file, found]) => [
      file,
      [...found.values()].flatMap((name) => (name === '' ? [] : (fileOf(name) ?? []))),
    ]),
  );
  const targets = (file: TS.SourceFile) => targetsOf.get(file) ?? [];
  const found = new Map<TS.SourceFile, string>();
  const sumsOf = (some: Iterable<TS.SourceFile>): readonly string[] =>
    [...some].flatMap((file) => found.get(file) ?? []).toSorted();
  for (const component of componentsOf(files, targets)) {
    const inner = new Set(component);
    const outer = new Set(component.flatMap((file) => targets(file).filter((one) => !inner.has(one))));
    const own = component.map((file) => `${traitsOf(ts, file).hash} ${textOf(imports.get(file))}`);
    // Components come after those that they import.
    const sum = hashOf(JSON.stringify([own.toSorted(), sumsOf(outer)]));
    for (const file of component) found.set(file, component.length === 1 ? sum : hashOf(file.fileName + sum));
  }
  const sumOf = (wanted: (file: TS.SourceFile) => boolean) => hashOf(sumsOf(files.filter(wanted)).join());
  return {
    of: (name) => {
      const file = fileOf(name);
      return file === undefined ? undefined : found.get(file);
    },
    global: sumOf((file) => traitsOf(ts, file).reachesAll),
    subclasses: sumOf((file) => traitsOf(ts, file).mayExtend),
    all: sumOf(() => true),
  };
}

function hasResolutions(program: TS.Program): program is TS.Program & WithResolutions {
  return typeof (program as Partial<WithResolutions>).forEachResolvedModule === 'function'; // asked for here
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

function textOf(imports: Imports | undefined): string {
  return imports === undefined || imports.size === 0 ? '' : JSON.stringify([...imports].toSorted(byName));
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Traits {
  /** Of name, kind and text. */
  readonly hash: string;
  readonly reachesAll: boolean;
  readonly mayExtend: boolean;
}

/** In watch modes most files of a program are those of the last. */
const known = new WeakMap<TS.SourceFile, Traits>();

function traitsOf(ts: typeof TS, file: TS.SourceFile): Traits {
  const before = known.get(file);
  if (before !== undefined) return before;
  const { fileName, impliedNodeFormat, text } = file;
  const traits = {
    hash: hashOf(`${fileName}\n${impliedNodeFormat ?? ''}\n${text}`),
    reachesAll: reachesAll(ts, file),
    mayExtend: /\bextends\b/.test(text),
  };
  known.set(file, traits);
  return traits;
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * Files whose declarations others see without importing them: scripts, `declare global`, augmented modules,
 * `export as namespace`, and JavaScript, which can write to `globalThis`.
 */
function reachesAll(ts: typeof TS, file: TS.SourceFile): boolean {
  const { moduleAugmentations } = file as { readonly moduleAugmentations?: readonly unknown[] }; // internal, set by programs
  return (
    !ts.isExternalModule(file) ||
    moduleAugmentations?.length !== 0 ||
    /\.[cm]?jsx?$/.test(file.fileName) ||
    file.statements.some((statement) => ts.isNamespaceExportDeclaration(statement))
  );
}
