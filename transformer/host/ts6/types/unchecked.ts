// Tells whether TypeScript checks the types of a file, by the options and by `// @ts-check` and `// @ts-nocheck` in it.
import type TS from 'typescript';
import type { Unchecked } from '../../../4-check/types-are-checked.ts';

/** Why TypeScript does not check the file; undefined: it does. */
export function uncheckedBy(
  ts: typeof TS,
  source: TS.SourceFile,
  options: TS.CompilerOptions,
): Unchecked | undefined {
  const isJavaScript = /\.[cm]?jsx?$/.test(source.fileName);
  // Internal in TypeScript 6: the last of the two comments in the file.
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

/** Where the comment can be inserted: after a byte order mark or a shebang line. */
function startOf(ts: typeof TS, text: string): number {
  const shebang = ts.getShebang(text);
  if (shebang === undefined) return text.startsWith('\ufeff') ? 1 : 0;
  return Math.min(text.length, text.indexOf('\n', shebang.length) + 1 || text.length);
}
