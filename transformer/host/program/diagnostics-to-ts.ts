// Our diagnostics in TypeScript's form, for hosts that print through it. Our code is part of the text, as TypeScript's
// codes are numbers.
import type TS from 'typescript';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Added to the number of our code, so that `CK1101` prints as `TS991101`. TypeScript uses no codes in this range. */
export const FIRST_CODE = 990_000;

/** Converts an error or a warning (infos are for `cachekit explain`). Without `file` it prints without a position. */
export function toTsDiagnostic(
  ts: typeof TS,
  file: TS.SourceFile | undefined,
  diagnostic: Diagnostic,
): TS.Diagnostic {
  const { start, end } = diagnostic.range;
  const text = `${diagnostic.code}: ${diagnostic.message} ${diagnostic.help}`;
  if (file !== undefined && diagnostic.hidesSource === true) {
    const { line } = file.getLineAndCharacterOfPosition(start);
    // Given a position, TypeScript would print the source line, which this diagnostic must not show.
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
