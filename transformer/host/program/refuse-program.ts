// Makes programs that we cannot compile fail with an error, instead of silently building uncached code.
import type TS from 'typescript';
import { unsupportedDiagnostic, untypedDiagnostic } from '../supported-typescript.ts';
import { hookProgram } from './program-hook.ts';

/** For an unsupported TypeScript: CK1402 at the first marker of each file. Changes `program` and returns it. */
export function refuseProgram(ts: typeof TS, program: TS.Program): TS.Program {
  return refuse(ts, program, (file, text) => unsupportedDiagnostic(ts.version, file, text));
}

/** For a program without types (`transpileModule`): CK1410 at the first marker. Changes `program` and returns it. */
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
