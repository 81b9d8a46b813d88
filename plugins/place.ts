// Places of diagnostics, for messages and for bundlers.
import { readFileSync } from 'node:fs';
import type { Diagnostic } from '@cachekit/transformer';

export interface Place {
  /** Absolute path. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The text before the place in its line. */
  readonly before: string;
  /** What the diagnostic is about, as far as it is in this line. */
  readonly marked: string;
  /** The rest of the line. */
  readonly after: string;
}

const LINE_END = /\r\n|\r|\n/;

/**
 * @param code the text of `file` as it was compiled. A diagnostic in another file (a tsconfig) is located by reading
 * it.
 */
export function placeOf(one: Diagnostic, file: string, code: string): Place {
  const text = one.file === file ? code : readText(one.file);
  const { start, end } = one.range;
  const lines = text.slice(0, start).split(LINE_END);
  const [rest = ''] = text.slice(start).split(LINE_END, 1);
  const length = end - start;
  return {
    file: one.file,
    line: lines.length,
    before: lines.at(-1) ?? '',
    marked: rest.slice(0, length),
    after: rest.slice(length),
  };
}

/** `/app/src/user.ts:12:4 CK1108: Path .owner is class User. Return plain data.` Columns are counted from 1. */
export function describeAt(one: Diagnostic, { file, line, before }: Place): string {
  return `${file}:${line}:${before.length + 1} ${describe(one)}`;
}

/** `CK1108: Path .owner is class User. Return plain data.` */
export function describe(one: Diagnostic): string {
  return `${one.code}: ${one.message} ${one.help}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // deleted: the place becomes line 1
  }
}
