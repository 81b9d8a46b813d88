// Turns a bug of the compiler into a diagnostic: the function or file stays as written, and the build fails.
import type { Range } from './1-scan/marker.ts';
import { createDiagnostic } from './diagnostics/create.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';

/** CK1407 for an exception thrown by a stage. */
export function ourBug(stage: string, error: unknown, range: Range, file: string): Diagnostic {
  const args = { stage, error: error instanceof Error ? error.message : String(error) };
  return createDiagnostic({ code: 'CK1407', range, args }, file);
}

/** The same, where no particular function is known. */
export function ourBugIn(stage: string, error: unknown, file: string): Diagnostic {
  return ourBug(stage, error, { start: 0, end: 0 }, file);
}
