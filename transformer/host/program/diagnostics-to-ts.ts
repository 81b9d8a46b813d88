// Our diagnostics in TypeScript's form, for hosts that print through it. The name stands in the text: codes are numbers there.
import type TS from 'typescript';
import { hidesSource } from '../../diagnostics/catalogue.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** `CK1101` prints as `TS991101`: a range that TypeScript itself does not use. */
export const FIRST_CODE = 990_000;

/** Errors and warnings; infos are for `cachekit explain`. Without a file it prints without a place. */
export function toTsDiagnostic(
  ts: typeof TS,
  file: TS.SourceFile | undefined,
  diagnostic: Diagnostic,
): TS.Diagnostic {
  const { start, end } = diagnostic.range;
  const text = `${diagnostic.code}: ${diagnostic.message} ${diagnostic.help}`;
  if (file !== undefined && hidesSource(diagnostic.code)) {
    const { line } = file.getLineAndCharacterOfPosition(start);
    // With a place, TypeScript would print the line.
    return toTsDiagnostic(ts, undefined, {
      ...diagnostic,
      message: `${file.fileName}:${line + 1} ${diagnostic.message}`,
    });
  }
  return {
    category: diagnostic.severity === 'error' ? ts.DiagnosticCategory.Error : ts.DiagnosticCategory.Warning,
    code: FIRST_CODE + Number(diagnostic.code.slice(2)),
    file,
    start: file === undefined ? undefined : start,
    length: file === undefined ? undefined : Math.max(end - start, 0),
    messageText: text,
    source: 'cachekit',
  };
}
