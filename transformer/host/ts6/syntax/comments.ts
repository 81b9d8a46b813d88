// Lists every comment of a file by scanning its tokens. Syntax trees have no comments, and the parse of JSDoc, which
// TypeScript can add to them, is off in some hosts.
import type TS from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';

/** A comment with its delimiters. `doc`: it starts with two stars. */
export interface Comment {
  readonly range: Range;
  readonly kind: 'doc' | 'block' | 'line';
}

/**
 * All comments in source order. `nodes`: all nodes of the file. They tell where literals and JSX text are; the scanner
 * alone would read regular expressions, templates and JSX text as code.
 */
export function listComments(
  ts: typeof TS,
  file: TS.SourceFile,
  nodes: readonly TS.Node[],
): readonly Comment[] {
  const { text } = file;
  const opaque = opaqueRanges(ts, file, nodes);
  const comments: Comment[] = [];
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, file.languageVariant, text, () => {
    // half-typed code: TypeScript reports what is wrong with it
  });
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const start = scanner.getTokenStart();
    const skipTo = opaque.get(start);
    if (skipTo !== undefined && skipTo > start) scanner.resetTokenState(skipTo);
    else if (kind === ts.SyntaxKind.SingleLineCommentTrivia || kind === ts.SyntaxKind.MultiLineCommentTrivia)
      comments.push({ range: { start, end: scanner.getTokenEnd() }, kind: commentKind(text, start) });
  }
  return comments;
}

function commentKind(text: string, start: number): Comment['kind'] {
  if (text.startsWith('//', start)) return 'line';
  // `/**/` is an empty block comment.
  return text.startsWith('/**', start) && text[start + 3] !== '/' ? 'doc' : 'block';
}

/** Start → end of what the scanner must skip as a whole. */
function opaqueRanges(
  ts: typeof TS,
  file: TS.SourceFile,
  nodes: readonly TS.Node[],
): ReadonlyMap<number, number> {
  const ranges = new Map<number, number>();
  const opaque = opaqueKinds(ts);
  for (const node of nodes)
    if (opaque.has(node.kind)) ranges.set(ts.isJsxText(node) ? node.pos : node.getStart(file), node.end);
  return ranges;
}

function opaqueKinds({ SyntaxKind: kinds }: typeof TS): ReadonlySet<TS.SyntaxKind> {
  return new Set([
    kinds.StringLiteral, // JSX attributes may hold line breaks
    kinds.NoSubstitutionTemplateLiteral,
    kinds.RegularExpressionLiteral,
    kinds.TemplateHead,
    kinds.TemplateMiddle,
    kinds.TemplateTail,
    kinds.JsxText,
  ]);
}
