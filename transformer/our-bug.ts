// A fault of the compiler itself as a diagnostic: the function, or the file, is left as written, and the build fails.
import type { Range } from './1-scan/marker.ts';
import { createDiagnostic } from './diagnostics/create.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';

/** CK1407 of what a stage threw. */
export function ourBug(stage: string, error: unknown, range: Range, file: string): Diagnostic {
  const args = { stage, error: error instanceof Error ? error.message : String(error) };
  return createDiagnostic({ code: 'CK1407', range, args }, file);
}

/** The same where no function can be named. */
export function ourBugIn(stage: string, error: unknown, file: string): Diagnostic {
  return ourBug(stage, error, { start: 0, end: 0 }, file);
}
