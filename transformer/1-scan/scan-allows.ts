// `@cacheAllow CK2006 reason` → Allow. Stage 4, which knows the diagnostics, decides what it may silence.
import type { Allow, ScanProblem } from './marker.ts';
import type { SyntaxReader } from './syntax-reader.ts';

const TAG = '@cacheAllow';
const EXAMPLE = `${TAG} CK2006 the caller checks it`;

/**
 * @param content the comment, in which decoration (`/**`, stars) is replaced by blanks.
 * @param start offset of the `@` in the comment; `end` is the end of its line.
 * @param comment range of the comment in the file.
 */
export function scanAllow(
  syntax: SyntaxReader,
  content: string,
  { start, end }: { readonly start: number; readonly end: number },
  comment: { readonly start: number; readonly end: number },
): { readonly allow?: Allow; readonly problem?: ScanProblem } {
  const text = content.slice(start, end).trimEnd();
  const words = /^@cacheAllow\s*(\S*)\s*(.*)$/.exec(text);
  const [code = '', reason = ''] = words?.slice(1) ?? [];
  const range = { start: comment.start + start, end: comment.start + start + text.length };
  const refuse = (expected: string, got: string) => ({
    problem: { code: 'CK1003' as const, range, args: { option: TAG, expected, got, example: EXAMPLE } },
  });
  if (!/^CK\d{4}$/.test(code)) return refuse('a code and a reason', code);
  if (reason === '') return refuse(`a reason after ${code}`, '');
  const answer = syntax.targetAfter(comment.end);
  return {
    allow: {
      code,
      range,
      from: comment.start,
      node: answer.ok ? answer.target.node : undefined,
      declaration: syntax.declarationAfter(comment.end),
    },
  };
}
