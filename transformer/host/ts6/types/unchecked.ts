// Whether TypeScript checks the types of a file: the options, and `// @ts-check` and `// @ts-nocheck` at its top.
import type TS from 'typescript';
import type { Unchecked } from '../../../4-check/types-are-checked.ts';

/** Undefined: it does. */
export function uncheckedBy(
  ts: typeof TS,
  source: TS.SourceFile,
  options: TS.CompilerOptions,
): Unchecked | undefined {
  const isJavaScript = /\.[cm]?jsx?$/.test(source.fileName);
  // Not in the published types: the last of the two comments, as the compiler itself reads them.
  const { checkJsDirective: said } = source as {
    readonly checkJsDirective?: { readonly enabled: boolean; readonly pos: number; readonly end: number };
  };
  if (said?.enabled === false) {
    const instead = isJavaScript && options.checkJs !== true ? '// @ts-check' : '';
    return { by: 'comment', comment: { start: said.pos, end: said.end }, instead };
  }
  if (!isJavaScript || said?.enabled === true || options.checkJs === true) return undefined;
  return { by: 'javascript', checkAt: startOf(ts, source.text) };
}

/** After a byte order mark, or the line that names the interpreter. */
function startOf(ts: typeof TS, text: string): number {
  const shebang = ts.getShebang(text);
  if (shebang === undefined) return text.startsWith('\ufeff') ? 1 : 0;
  return Math.min(text.length, text.indexOf('\n', shebang.length) + 1 || text.length);
}
