// `@cache.production ttl=60s key=$id,$opts.page !lock` → Directive. The whole grammar of a comment marker is here; which
// options exist and what their values mean is decided later.
import type { Directive, Option, OptionValue, Range, ScanProblem } from './marker.ts';

export interface ParsedDirective {
  readonly directive: Directive;
  readonly problems: readonly ScanProblem[];
  /** From the `@` to the end of what was read. */
  readonly range: Range;
}

interface Reader {
  readonly text: string;
  readonly end: number;
  at: number;
  profile: { readonly name: string; readonly range: Range } | undefined;
  readonly options: Option[];
  readonly problems: ScanProblem[];
}

const TAG = '@cache';
const NAME = /[A-Za-z_$][\w$-]*/y;

/**
 * @param text the file's text, with everything around the option list that is no content (stars) replaced by blanks.
 * @param start offset of the `@`.
 * @param end where the option list ends at the latest: the next line that does not belong to it.
 */
export function parseDirective(text: string, start: number, end: number): ParsedDirective {
  const tagEnd = start + TAG.length;
  const reader: Reader = { text, end, at: tagEnd, profile: undefined, options: [], problems: [] };
  readDottedProfile(reader);
  let last = reader.at;
  for (skipBlanks(reader); reader.at < end && text[reader.at] !== '@'; skipBlanks(reader)) {
    readItem(reader);
    last = reader.at;
  }
  const directive = {
    profile: reader.profile?.name,
    profileRange: reader.profile?.range ?? { start, end: tagEnd },
    options: reader.options,
  };
  return { directive, problems: reader.problems, range: { start, end: last } };
}

function readDottedProfile(reader: Reader): void {
  const next = reader.text[reader.at];
  if (reader.at >= reader.end || next === undefined || /\s/.test(next)) return;
  const start = reader.at;
  const token = takeToken(reader);
  const name = token.slice(1);
  const range = { start: start + 1, end: reader.at };
  if (next === '.' && isName(name)) reader.profile = { name, range };
  else if (next === '.') badValue(reader, { start, end: reader.at }, TAG, 'a profile after the dot', name);
  else badValue(reader, { start, end: reader.at }, TAG, 'options as words, such as ttl=5m', token);
}

function readItem(reader: Reader): void {
  const start = reader.at;
  const isOff = reader.text[start] === '!';
  if (isOff) reader.at++;
  const nameStart = reader.at;
  const name = takeName(reader);
  const nameRange = { start: nameStart, end: reader.at };
  if (name === '') {
    reader.at = start;
    const token = takeToken(reader);
    badValue(reader, { start, end: reader.at }, TAG, 'key=value, key or !key', token);
  } else if (isAtBlank(reader)) {
    if (!isOff && readSpacedEquals(reader, name, start)) return;
    if (!isOff && reader.options.length === 0 && reader.profile === undefined && isFirst(reader))
      reader.profile = { name, range: nameRange };
    else
      addOption(reader, {
        name,
        value: { kind: 'flag', on: !isOff },
        nameRange,
        valueRange: { start, end: nameRange.end },
      });
  } else if (!isOff && reader.text[reader.at] === '=') {
    reader.at++;
    const valueStart = reader.at;
    const value = readValue(reader, name);
    if (value !== undefined)
      addOption(reader, { name, value, nameRange, valueRange: { start: valueStart, end: reader.at } });
  } else {
    reader.at = start;
    const token = takeToken(reader);
    badValue(reader, { start, end: reader.at }, TAG, 'key=value, key or !key', token);
  }
}

/** Nothing went wrong before: after a problem a bare word is no profile. */
function isFirst(reader: Reader): boolean {
  return reader.problems.length === 0;
}

/** `ttl = 5m`: said once, not as three unknown options. */
function readSpacedEquals(reader: Reader, name: string, start: number): boolean {
  const nameEnd = reader.at;
  skipBlanks(reader);
  if (reader.at >= reader.end || reader.text[reader.at] !== '=') {
    reader.at = nameEnd;
    return false;
  }
  takeToken(reader);
  skipBlanks(reader);
  const token = takeToken(reader);
  badValue(reader, { start, end: reader.at }, name, 'its value directly after the =', `= ${token}`);
  return true;
}

/** One value, or several with commas. Undefined after a problem. */
function readValue(reader: Reader, name: string): OptionValue | undefined {
  const start = reader.at;
  const items: string[] = [];
  let isQuoted = false;
  for (;;) {
    const itemStart = reader.at;
    const quote = reader.text[itemStart];
    isQuoted = itemStart < reader.end && (quote === '"' || quote === "'");
    const item = isQuoted ? takeQuoted(reader, quote ?? '') : takeUntil(reader, /[\s,]/);
    if (item === undefined) return refuseValue(reader, start, name, 'a closing quote');
    if (!isQuoted && item === '')
      return refuseValue(reader, start, name, items.length === 0 ? 'a value' : 'a value after each comma');
    items.push(item);
    if (reader.at < reader.end && reader.text[reader.at] === ',') {
      reader.at++;
      skipBlanks(reader);
    } else if (isAtBlank(reader)) break;
    else return refuseValue(reader, start, name, 'a space after the closing quote');
  }
  const [only] = items;
  return items.length === 1 && only !== undefined
    ? { kind: 'text', text: only, quoted: isQuoted }
    : { kind: 'list', items };
}

function refuseValue(reader: Reader, start: number, name: string, expected: string): undefined {
  takeToken(reader);
  const got = reader.text.slice(start, reader.at).trim();
  badValue(reader, { start, end: reader.at }, name, expected, got);
  return undefined;
}

/** Undefined: not closed on its line. `\"` is a quote inside. */
function takeQuoted(reader: Reader, quote: string): string | undefined {
  let value = '';
  for (let at = reader.at + 1; at < reader.end; at++) {
    const char = reader.text[at] ?? '';
    if (char === quote) {
      reader.at = at + 1;
      return value;
    }
    if (/[\n\r\u2028\u2029]/.test(char)) return undefined;
    if (char === '\\' && /["'\\]/.test(reader.text[at + 1] ?? '')) at++;
    value += reader.text[at] ?? '';
  }
  return undefined;
}

function addOption(reader: Reader, option: Option): void {
  const isProfile = option.name === 'profile' && option.value.kind === 'text';
  const known = reader.options.find((other) => other.name === option.name);
  if (isProfile && option.value.kind === 'text') {
    if (reader.profile === undefined) reader.profile = { name: option.value.text, range: option.valueRange };
    else duplicate(reader, option, reader.profile.range);
  } else if (known === undefined) reader.options.push(option);
  else duplicate(reader, option, known.valueRange);
}

function duplicate(reader: Reader, option: Option, first: Range): void {
  reader.problems.push(duplicateOption(reader.text, option.name, first, option));
}

/** CK1004 at the second one of the two. */
export function duplicateOption(
  text: string,
  option: string,
  first: Range,
  second: { readonly nameRange: Range; readonly valueRange: Range },
): ScanProblem {
  const { nameRange, valueRange } = second;
  const range = {
    start: Math.min(nameRange.start, valueRange.start),
    end: Math.max(nameRange.end, valueRange.end),
  };
  const show = (part: Range) => text.slice(part.start, part.end);
  return { code: 'CK1004', range, args: { option, first: show(first), second: show(valueRange) } };
}

function badValue(reader: Reader, range: Range, option: string, expected: string, got: string): void {
  reader.problems.push({ code: 'CK1003', range, args: { option, expected, got } });
}

function isName(text: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(text)?.[0] === text;
}

function takeName(reader: Reader): string {
  NAME.lastIndex = reader.at;
  const name = reader.at < reader.end ? (NAME.exec(reader.text)?.[0] ?? '') : '';
  reader.at += name.length;
  return name;
}

/** Up to the next blank. */
function takeToken(reader: Reader): string {
  return takeUntil(reader, /\s/);
}

function takeUntil(reader: Reader, stop: RegExp): string {
  const start = reader.at;
  while (reader.at < reader.end && !stop.test(reader.text[reader.at] ?? '')) reader.at++;
  return reader.text.slice(start, reader.at);
}

function skipBlanks(reader: Reader): void {
  while (reader.at < reader.end && /\s/.test(reader.text[reader.at] ?? '')) reader.at++;
}

function isAtBlank(reader: Reader): boolean {
  return reader.at >= reader.end || /\s/.test(reader.text[reader.at] ?? '');
}
