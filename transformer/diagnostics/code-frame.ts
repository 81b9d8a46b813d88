// The line of code that a diagnostic is about, with a line under it that marks the place.
import type { Position } from './position.ts';

/**
 * Two lines, without a line end after the last.
 *
 * @param length of the marked text; only what is in this line is marked, but at least one column
 * @param paint colours the mark. Default: no colours.
 */
export function codeFrame(
  { line, column, lineText }: Position,
  length: number,
  paint: (text: string) => string = (text) => text,
): string {
  const gutter = String(line);
  const room = Math.max(1, lineText.length - column + 1);
  // A tab counts as one column, so it is printed as one blank to keep the mark in place.
  const code = lineText.replaceAll('\t', ' ');
  const mark = paint('~'.repeat(Math.min(Math.max(1, length), room)));
  return `${`  ${gutter} │ ${code}`.trimEnd()}\n  ${' '.repeat(gutter.length)} │ ${' '.repeat(column - 1)}${mark}`;
}
