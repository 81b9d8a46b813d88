// Where a diagnostic is, for people and for bundlers.
import { readFileSync } from 'node:fs';
import type { Diagnostic } from '@cachekit/transformer';

export interface Place {
  /** Absolute path. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands before the place in its line. */
  readonly before: string;
}

/** `code` is the text of `file` as it was compiled; another file (a tsconfig) is read from disk. */
export function placeOf(one: Diagnostic, file: string, code: string): Place {
  const text = (one.file === file ? code : readText(one.file)).slice(0, one.range.start);
  const lines = text.split(/\r\n|\r|\n/);
  return { file: one.file, line: lines.length, before: lines.at(-1) ?? '' };
}

/** `/app/src/user.ts:12:4 CK1108: Path .owner is class User. Return plain data.`, with the column from 1. */
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
    return ''; // it is gone: the first line is as good as any
  }
}
