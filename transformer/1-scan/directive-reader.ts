// A cursor over the option list of a `@cache` comment: takes words one by one and collects options and problems.
import type { Option, Range, ScanProblem } from './marker.ts';

/** The cursor and everything read so far. */
export interface Reader {
  readonly text: string;
  /** Offset in `text` where the option list ends. */
  readonly end: number;
  /** Offset in `text` of the next character to read. */
  at: number;
  profile: { readonly name: string; readonly range: Range } | undefined;
  readonly options: Option[];
  readonly problems: ScanProblem[];
}

const NAME = /[A-Za-z_$][\w$-]*/y;

/** Reports CK1003. `example` is what the user should write instead; without it the message shows `expected`. */
export function badValue(
  reader: Reader,
  range: Range,
  option: string,
  expected: string,
  got: string,
  example?: string,
): void {
  const args = { option, expected, got, ...(example !== undefined && { example }) };
  reader.problems.push({ code: 'CK1003', range, args });
}

/** True when all of `text` is one option or profile name. */
export function isName(text: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(text)?.[0] === text;
}

/** Takes a name; returns '' and stays in place when none begins here. */
export function takeName(reader: Reader): string {
  NAME.lastIndex = reader.at;
  const name = reader.at < reader.end ? (NAME.exec(reader.text)?.[0] ?? '') : '';
  reader.at += name.length;
  return name;
}

/** Takes everything up to the next whitespace. */
export function takeToken(reader: Reader): string {
  return takeUntil(reader, /\s/);
}

/** Takes everything up to the first character that `stop` matches. */
export function takeUntil(reader: Reader, stop: RegExp): string {
  const start = reader.at;
  while (reader.at < reader.end && !stop.test(reader.text[reader.at] ?? '')) reader.at++;
  return reader.text.slice(start, reader.at);
}

/** Moves to the next word. */
export function skipBlanks(reader: Reader): void {
  while (reader.at < reader.end && /\s/.test(reader.text[reader.at] ?? '')) reader.at++;
}

/** True between two words and at the end of the list. */
export function isAtBlank(reader: Reader): boolean {
  return reader.at >= reader.end || /\s/.test(reader.text[reader.at] ?? '');
}
