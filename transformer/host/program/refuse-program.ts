// Programs that the compiler cannot run in: they fail instead of building uncached code in silence.
import type TS from 'typescript';
import { unsupportedDiagnostic, untypedDiagnostic } from '../supported-typescript.ts';
import { hookProgram } from './program-hook.ts';

/** Another TypeScript: CK1402 at the first marker of each file, nothing inserted. Changes `program` and returns it. */
export function refuseProgram(ts: typeof TS, program: TS.Program): TS.Program {
  return refuse(ts, program, (file, text) => unsupportedDiagnostic(ts.version, file, text));
}

/** One file without what it imports (`transpileModule`): the same with CK1410. */
export function refuseUntyped(ts: typeof TS, program: TS.Program): TS.Program {
  return refuse(ts, program, untypedDiagnostic);
}

function refuse(ts: typeof TS, program: TS.Program, diagnose: typeof untypedDiagnostic): TS.Program {
  return hookProgram(ts, program, (_program, file) => diagnose(file.fileName, file.text), {
    salt: ts.version,
    warn: () => undefined,
    configDiagnostics: [],
  });
}
