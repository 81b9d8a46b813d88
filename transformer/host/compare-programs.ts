// Which files of a program mean exactly what they meant in the one before it: for watch modes, which make a program for
// each edit. What a file means is decided by it, by what it imports (however many files away) and by what is global; the
// checker knows nothing else. Hence a file is the same when all of these are the same objects, found under the same names.
import type TS from 'typescript';

export interface Comparison {
  /** Of the new program. */
  readonly same: ReadonlySet<TS.SourceFile>;
  /** Neither added nor removed. */
  readonly isSameList: boolean;
  /** A class may have got or lost a subclass: a file that is not the same, or is gone, has the word `extends`. */
  readonly mayExtend: boolean;
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

const NOTHING: Comparison = { same: new Set(), isSameList: false, mayExtend: true };

/** @param inputsOf further files that decide about a file, beyond those it imports. Both programs have equal options. */
export function comparePrograms(
  ts: typeof TS,
  before: TS.Program,
  now: TS.Program,
  inputsOf: (file: string) => readonly string[],
): Comparison {
  if (!hasResolutions(before) || !hasResolutions(now)) return NOTHING;
  const files = now.getSourceFiles();
  const byName = new Map(files.map((file) => [file.fileName, file]));
  const gone = before.getSourceFiles().filter((file) => !byName.has(file.fileName));
  // Asking the program normalises each path: most are in the form that it uses itself.
  const fileOf = (name: string) => byName.get(name) ?? now.getSourceFile(name);
  const earlierNames = new Map(before.getSourceFiles().map((file) => [file.fileName, file]));
  const changed: TS.SourceFile[] = [];
  const importers = new Map<TS.SourceFile, TS.SourceFile[]>();
  let added = 0;
  for (const file of files) {
    const earlier = earlierNames.get(file.fileName) ?? before.getSourceFile(file.fileName);
    if (earlier === undefined) added++;
    const imports = importsOf(now, file);
    const inputs = inputsOf(file.fileName);
    for (const names of [imports.values(), inputs])
      for (const name of names) {
        const target = fileOf(name);
        if (target !== undefined) addTo(importers, target, file);
      }
    const isSame = earlier === file && isEqual(imports, importsOf(before, file));
    if (isSame && inputs.every((name) => fileOf(name) !== undefined)) continue;
    if ([file, earlier].some((one) => one !== undefined && reachesAll(ts, one))) return NOTHING;
    changed.push(file);
  }
  if (gone.some((file) => reachesAll(ts, file))) return NOTHING;
  const reached = new Set(changed);
  for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer);
  const old = [...reached].flatMap((file) => before.getSourceFile(file.fileName) ?? []);
  return {
    same: new Set(files.filter((file) => !reached.has(file))),
    isSameList: gone.length + added === 0,
    mayExtend: [...reached, ...old, ...gone].some((file) => /\bextends\b/.test(file.text)),
  };
}

function hasResolutions(program: TS.Program): program is TS.Program & WithResolutions {
  return typeof (program as Partial<WithResolutions>).forEachResolvedModule === 'function'; // asked for here
}

type Imports = ReadonlyMap<string, string>;

/** Each program is compared twice: with the one before it and with the next. */
const known = new WeakMap<WithResolutions, Map<TS.SourceFile, Imports>>();

/** As written, with how it is looked up → path; '' for what was not found. */
function importsOf(program: WithResolutions, file: TS.SourceFile): Imports {
  const ofProgram = known.get(program) ?? new Map<TS.SourceFile, Imports>();
  known.set(program, ofProgram);
  const before = ofProgram.get(file);
  if (before !== undefined) return before;
  const found = new Map<string, string>();
  ofProgram.set(file, found);
  program.forEachResolvedModule(({ resolvedModule }, name, mode) => {
    found.set(`${mode ?? ''} ${name}`, resolvedModule?.resolvedFileName ?? '');
  }, file);
  return found;
}

function isEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [name, path] of a) if (b.get(name) !== path) return false;
  return true;
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
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
