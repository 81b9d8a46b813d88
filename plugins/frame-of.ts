// The code under an error, for bundlers that print what a plugin gives them. Apart from place.ts, because this loads code
// of the compiler, for which builds with esbuild need not wait.
import type { Diagnostic } from '@cachekit/transformer';
import { codeFrame } from '@cachekit/transformer/bundler';
import type { Place } from './place.ts';

/** What stands in place of a line with a secret. */
const HIDDEN = '(not shown, as it contains a secret)';

/** The line with what the diagnostic is about marked in it; undefined: there is no such line. */
export function frameOf(one: Diagnostic, { line, before, marked, after }: Place): string | undefined {
  if (one.hidesSource === true) return `  ${line} │ ${HIDDEN}`;
  const lineText = before + marked + after;
  return lineText === ''
    ? undefined
    : codeFrame({ line, column: before.length + 1, lineText }, marked.length);
}
