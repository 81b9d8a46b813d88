// The SyntaxReader for TypeScript 6. It resolves names lexically, so that every host finds the same markers in a file;
// only names of "cachekit" that another file re-exports need a program (`foreign`).
import type TS from 'typescript';
import type { Range } from '../../../1-scan/marker.ts';
import type { SyntaxReader, TargetAnswer } from '../../../1-scan/syntax-reader.ts';
import { isCachedCall, listCachedCalls } from './cached-calls.ts';
import { listComments, type Comment } from './comments.ts';
import { listConfigureCalls } from './configure-calls.ts';
import { anchorAt, describeDeclaration } from './declarations.ts';
import { indexFile, type FileIndex } from './file-index.ts';
import type { ForeignNames } from './package-exports.ts';
import { listPrivateHandles } from './private-handles.ts';
import { withStaticBlock } from './static-block.ts';
import { directivesOf } from './target.ts';

/**
 * Needs a parsed file, without parents, bindings or JSDoc nodes. Never throws on half-typed code.
 *
 * @param ts the module that parsed `file`
 * @param foreign without it, a `cached` that another file re-exports is not found
 */
export function createSyntaxReader(ts: typeof TS, file: TS.SourceFile, foreign?: ForeignNames): SyntaxReader {
  const index = indexFile(ts, file, foreign);
  const comments = once(() => listComments(ts, file, index.nodes));
  const byEnd = once(() => new Map(comments().map((comment) => [comment.range.end, comment])));
  const calls = once(() => listCachedCalls(index));
  const handles = once(() => listPrivateHandles(index));
  return {
    text: file.text,
    isModule: ts.isExternalModule(file),
    comments,
    targetAfter: (offset) => withStaticBlock(index, targetAfter(index, byEnd(), offset), offset),
    declarationAfter: (offset) => declarationAfter(index, offset),
    cachedCalls: calls,
    configureCalls: () => listConfigureCalls(index),
    privateHandles: handles,
    headAt: () => headAt(index),
    hasIdentifier: (name) => index.identifiers.has(name),
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function targetAfter(index: FileIndex, comments: ReadonlyMap<number, Comment>, offset: number): TargetAnswer {
  const { text } = index;
  const scanner = tokenAfter(index, offset);
  const node = anchorAt(index, scanner.getTokenStart());
  const comment = comments.get(offset);
  if (node !== undefined && !(comment !== undefined && endsALine(text, comment, scanner.getTokenStart())))
    return describeDeclaration(index, node, (call) => isCachedCall(index, call));
  const end = Math.min(scanner.getTokenEnd(), text.length);
  const start = Math.min(scanner.getTokenStart(), end);
  return {
    ok: false,
    reason: 'nothing',
    what: text.slice(start, Math.min(end, start + 40)),
    name: '',
    range: { start, end },
  };
}

function declarationAfter(index: FileIndex, offset: number): Range {
  const start = Math.min(tokenAfter(index, offset).getTokenStart(), index.text.length);
  const node = anchorAt(index, start);
  return { start, end: node === undefined ? start : Math.max(start, index.rangeOf(node).end) };
}

/** A scanner that stands on the first token at or after `offset`. */
function tokenAfter({ ts, file, text }: FileIndex, offset: number): TS.Scanner {
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    true,
    file.languageVariant,
    text,
    undefined,
    offset,
  );
  scanner.scan();
  return scanner;
}

/** Whether the comment ends a line of finished code, to which it then belongs: `next(); COMMENT ⏎ function f() {}`. */
function endsALine(text: string, comment: Comment, tokenStart: number): boolean {
  const before = text.slice(0, comment.range.start).trimEnd();
  const isOwnLine = /[\n\r\u2028\u2029]/.test(text.slice(before.length, comment.range.start));
  const last = before.at(-1); // a regular expression would search the whole text
  if (isOwnLine || (last !== ';' && last !== '}')) return false;
  return /[\n\r\u2028\u2029]/.test(text.slice(comment.range.end, tokenStart));
}

/** Where the head goes: after the shebang line and the directives, at a place where a statement can start. */
function headAt(index: FileIndex): number {
  const { ts, file, text } = index;
  const shebang = ts.getShebang(text);
  const last = directivesOf(ts, file.statements).at(-1);
  if (last === undefined) {
    if (shebang === undefined) return text.startsWith('\ufeff') ? 1 : 0;
    return afterLineBreak(index, shebang.length);
  }
  return text[last.end - 1] === ';' ? last.end : afterLineBreak(index, last.end);
}

/** The offset after the next line break, or after a comment that contains one; `offset` if code comes first. */
function afterLineBreak(index: FileIndex, offset: number): number {
  const { ts, file, text } = index;
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    false,
    file.languageVariant,
    text,
    undefined,
    offset,
  );
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const end = scanner.getTokenEnd();
    if (kind === ts.SyntaxKind.NewLineTrivia) return end;
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia && scanner.hasPrecedingLineBreak()) return end;
    const isTrivia =
      kind === ts.SyntaxKind.WhitespaceTrivia || kind === ts.SyntaxKind.SingleLineCommentTrivia;
    if (!isTrivia && kind !== ts.SyntaxKind.MultiLineCommentTrivia) return offset;
  }
  return text.length;
}
