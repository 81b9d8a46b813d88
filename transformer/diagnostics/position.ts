// Offset in a text → line and column.

export interface Position {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number;
  /** The whole line, without its end. */
  readonly lineText: string;
}

/** Line and column of an offset. An offset past the end counts as the end. */
export function positionAt(text: string, offset: number): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  const before = text.slice(0, at);
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  const line = before.split(/\r\n|\r|\n/).length;
  const end = text.slice(at).search(/[\r\n]/);
  return {
    line,
    column: at - lineStart + 1,
    lineText: text.slice(lineStart, end === -1 ? text.length : at + end),
  };
}
