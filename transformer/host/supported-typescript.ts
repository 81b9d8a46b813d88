// Which programs the compiler can run in: those of TypeScript 6, with types; and what to say in others.
import type TS from 'typescript';
import type { Range } from '../1-scan/marker.ts';
import type { Emission } from '../compile-file.ts';
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** `ts` as a host hands it over. */
export function isSupported(ts: { readonly version?: string }): boolean {
  return ts.version?.startsWith('6.') === true;
}

/** As `ts.transpileModule` makes them: one file, nothing that it imports, no library. */
export function isUntyped({ noResolve, noLib }: TS.CompilerOptions): boolean {
  return noResolve === true && noLib === true;
}

/** For a file with a marker: CK1402 at it, nothing inserted. Undefined for others. */
export function unsupportedDiagnostic(
  version: string | undefined,
  file: string,
  text: string,
): Emission | undefined {
  return atFirstMarker(text, (range) =>
    createDiagnostic({ code: 'CK1402', range, args: { found: version ?? 'none' } }, file),
  );
}

/** The same with CK1410. */
export function untypedDiagnostic(file: string, text: string): Emission | undefined {
  return atFirstMarker(text, (range) => createDiagnostic({ code: 'CK1410', range, args: { file } }, file));
}

function atFirstMarker(text: string, say: (range: Range) => Diagnostic): Emission | undefined {
  // Without a parser that is known to work: the first word of a line of a documentation comment.
  const found =
    /^[ \t]*(?:\/\*)?\*[ \t]*(@cache)(?![\w$])/m.exec(text) ?? /\b(cached)(?:\.\w+)?\(/.exec(text);
  if (found?.[1] === undefined) return undefined;
  const start = found.index + found[0].lastIndexOf(found[1]);
  const diagnostics = [say({ start, end: start + found[1].length })];
  return { texts: undefined, plans: [], diagnostics, dependencies: [] };
}
