// Reads the words of an option list one after the other, and collects what is wrong with them.
import type { Option, Range, ScanProblem } from './marker.ts';

/** Where the reading is, and what it gave so far. */
export interface Reader {
  readonly text: string;
  readonly end: number;
  at: number;
  profile: { readonly name: string; readonly range: Range } | undefined;
  readonly options: Option[];
  readonly problems: ScanProblem[];
}

const NAME = /[A-Za-z_$][\w$-]*/y;

/** CK1003. `example`: what to write instead; default: what is expected. */
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

/** Nothing but a name. */
export function isName(text: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(text)?.[0] === text;
}

/** '' where no name begins. */
export function takeName(reader: Reader): string {
  NAME.lastIndex = reader.at;
  const name = reader.at < reader.end ? (NAME.exec(reader.text)?.[0] ?? '') : '';
  reader.at += name.length;
  return name;
}

/** Up to the next blank. */
export function takeToken(reader: Reader): string {
  return takeUntil(reader, /\s/);
}

/** Up to the first character that `stop` matches. */
export function takeUntil(reader: Reader, stop: RegExp): string {
  const start = reader.at;
  while (reader.at < reader.end && !stop.test(reader.text[reader.at] ?? '')) reader.at++;
  return reader.text.slice(start, reader.at);
}

/** To the next word. */
export function skipBlanks(reader: Reader): void {
  while (reader.at < reader.end && /\s/.test(reader.text[reader.at] ?? '')) reader.at++;
}

/** Between two words, or at the end. */
export function isAtBlank(reader: Reader): boolean {
  return reader.at >= reader.end || /\s/.test(reader.text[reader.at] ?? '');
}
