// Which TypeScript can run the compiler: 6, and what to say under another one.
import { createDiagnostic } from '../diagnostics/create.ts';
import type { Emission } from '../compile-file.ts';

/** `ts` as a host hands it over. */
export function isSupported(ts: { readonly version?: string }): boolean {
  return ts.version?.startsWith('6.') === true;
}

/** For a file with a marker: CK1402 at it, nothing inserted. Undefined for others. */
export function unsupportedDiagnostic(
  version: string | undefined,
  file: string,
  text: string,
): Emission | undefined {
  // Without a parser that is known to work: the first word of a line of a documentation comment.
  const found =
    /^[ \t]*(?:\/\*)?\*[ \t]*(@cache)(?![\w$])/m.exec(text) ?? /\b(cached)(?:\.\w+)?\(/.exec(text);
  if (found?.[1] === undefined) return undefined;
  const start = found.index + found[0].lastIndexOf(found[1]);
  const range = { start, end: start + found[1].length };
  const args = { found: version ?? 'none' };
  const diagnostics = [createDiagnostic({ code: 'CK1402', range, args }, file)];
  return { texts: undefined, plans: [], diagnostics, dependencies: [] };
}
