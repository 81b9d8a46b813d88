// Checks that the compiler can work on a program (one of TypeScript 6, with types), and reports the programs it cannot.
import type TS from 'typescript';
import type { Range } from '../1-scan/marker.ts';
import type { Emission } from '../compile-file.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { EMPTY_EMISSION } from './empty-emission.ts';

/** True for TypeScript 6. `ts`: the module that the host runs on. */
export function isSupported(ts: { readonly version?: string }): boolean {
  return ts.version?.startsWith('6.') === true;
}

/** True for programs as `ts.transpileModule` makes them: one file, without its imports and without the library. */
export function isUntyped({ noResolve, noLib }: TS.CompilerOptions): boolean {
  return noResolve === true && noLib === true;
}

/** An emission with CK1402 at the first marker and nothing to insert. Undefined for a file without a marker. */
export function unsupportedDiagnostic(
  version: string | undefined,
  file: string,
  text: string,
): Emission | undefined {
  return atFirstMarker(text, (range) =>
    createDiagnostic({ code: 'CK1402', range, args: { found: version ?? 'none' } }, file),
  );
}

/** Like `unsupportedDiagnostic`, but with CK1410: the program has no types. */
export function untypedDiagnostic(file: string, text: string): Emission | undefined {
  return atFirstMarker(text, (range) => createDiagnostic({ code: 'CK1410', range, args: { file } }, file));
}

/**
 * A tag as the first word of a documentation comment or of a line in it. A regular expression, as there may be no parser
 * that works.
 */
const COMMENT_MARKER = /(?:\/\*|^[ \t]*)\*[ \t]*(@cache(?:Invalidate)?)(?![\w$-])/m;

function atFirstMarker(text: string, diagnose: (range: Range) => Diagnostic): Emission | undefined {
  const found = COMMENT_MARKER.exec(text) ?? /\b(cached)(?:\.\w+)?\(/.exec(text);
  if (found?.[1] === undefined) return undefined;
  const start = found.index + found[0].lastIndexOf(found[1]);
  return { ...EMPTY_EMISSION, diagnostics: [diagnose({ start, end: start + found[1].length })] };
}
