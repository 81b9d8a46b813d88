// Creates the program that plans are made from when a tsconfig has references. A program of the compiler has the
// declaration files of referenced projects, which stay the same when code changes; the code fingerprint must not, so it
// needs their sources. Other hosts and the editor always read the sources (incremental-program.ts), so all get the same
// fingerprints.
import type TS from 'typescript';
import { isPlain } from '../is-plain.ts';
import { useSourcesOfReferences } from './sources-of-references.ts';

/** tsconfig → the last planning program: in watch modes most files of the next one are the same. */
const last = new Map<string, WeakRef<TS.Program>>();
/** Program → its planning program, which must live as long: `last` holds it weakly. */
const kept = new WeakMap<TS.Program, TS.Program>();

/**
 * The program to plan from: `program` itself when it has no references or no markers. Source files that both have are
 * the same objects.
 */
export function planningProgram(ts: typeof TS, program: TS.Program): TS.Program {
  const projectReferences = program.getProjectReferences() ?? [];
  if (projectReferences.length === 0 || !hasMarks(program)) return program;
  // Without `plugins`: by them ts-patch would transform this program as well.
  const { plugins: _, ...options } = program.getCompilerOptions();
  const { configFilePath } = options;
  const path = typeof configFilePath === 'string' ? configFilePath : '';
  const oldProgram = last.get(path)?.deref();
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  useSourcesOfReferences(host);
  host.getSourceFile = (file, ...rest) => {
    const shared = program.getSourceFile(file);
    // For a source file of a reference, `program` returns the declaration file: another name.
    if (shared?.fileName === file) return shared;
    const before = oldProgram?.getSourceFile(file);
    const isSame = before?.fileName === file && before.text === host.readFile(file);
    return isSame ? before : read(file, ...rest);
  };
  const planning = ts.createProgram({
    rootNames: program.getRootFileNames(),
    options,
    host,
    projectReferences,
    ...(oldProgram === undefined ? {} : { oldProgram }),
  });
  last.set(path, new WeakRef(planning));
  kept.set(program, planning);
  return planning;
}

function hasMarks(program: TS.Program): boolean {
  return program
    .getSourceFiles()
    .some(
      (file) =>
        !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && !isPlain(file.text),
    );
}
