// The program that plans are made from where a tsconfig has references. The compiler reads the declarations that a referenced
// project wrote; those do not change with its code, and the code fingerprint has to. The other hosts and the editor read
// its sources in any case (incremental-program.ts), so all of them come to the same fingerprints.
import type TS from 'typescript';
import { isPlain } from '../is-plain.ts';

/** Internal: imports of a referenced project mean its sources. */
interface SourceRedirect {
  useSourceOfProjectReferenceRedirect?(): boolean;
}

/** tsconfig → the last one: in watch modes most files are what they were. */
const last = new Map<string, WeakRef<TS.Program>>();
/** Keeps one as long as the program it stands beside. */
const known = new WeakMap<TS.Program, TS.Program>();

/** `program` itself where it has no references, or nothing to plan. Files that both have are the same objects. */
export function planningProgram(ts: typeof TS, program: TS.Program): TS.Program {
  const projectReferences = program.getProjectReferences() ?? [];
  if (projectReferences.length === 0 || !hasMarks(program)) return program;
  // With the plugins ts-patch would transform this program as well.
  const { plugins: _, ...options } = program.getCompilerOptions();
  const { configFilePath } = options;
  const path = typeof configFilePath === 'string' ? configFilePath : '';
  const oldProgram = last.get(path)?.deref();
  const host: TS.CompilerHost & SourceRedirect = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.useSourceOfProjectReferenceRedirect = () => true;
  host.getSourceFile = (file, ...rest) => {
    const shared = program.getSourceFile(file);
    // Asked for a source of a reference it gives the declarations.
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
  known.set(program, planning);
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
