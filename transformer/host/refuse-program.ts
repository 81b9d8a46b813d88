// A program of a TypeScript that the compiler cannot run in: it fails with CK1402 instead of building uncached code in silence.
import type TS from 'typescript';
import { hookProgram } from './program-hook.ts';
import { unsupportedDiagnostic } from './supported-typescript.ts';

/** Changes `program` in place and returns it: an error at the first marker of each file, nothing inserted. */
export function refuseProgram(ts: typeof TS, program: TS.Program): TS.Program {
  return hookProgram(
    ts,
    program,
    (_program, file) => unsupportedDiagnostic(ts.version, file.fileName, file.text),
    {
      salt: ts.version,
      warn: () => undefined,
      configDiagnostics: [],
    },
  );
}
