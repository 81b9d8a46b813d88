// `@cache.production ttl=60s key=$id,$opts.page !lock` → Directive. Holds the whole grammar of a comment marker. Which
// options exist and what their values mean is decided in stage 3.
import { bareOptions } from './bare-options.ts';
import {
  badValue,
  isAtBlank,
  isName,
  skipBlanks,
  takeName,
  takeToken,
  takeUntil,
  type Reader,
} from './directive-reader.ts';
import type { Directive, Option, OptionValue, Range, ScanProblem } from './marker.ts';

export interface ParsedDirective {
  readonly directive: Directive;
  readonly problems: readonly ScanProblem[];
  /** From the `@` to the end of the last option. */
  readonly range: Range;
}

const TAG = '@cache';
const UNIT = /^(?:ms|[smhdw]|(?:milli)?sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|[kmg]b)$/i;
const NO_COMMA = 'no comma after its value, as blanks separate options';

/**
 * @param text the file's text, in which comment decoration (`/**`, stars) is replaced by blanks.
 * @param start offset of the `@`.
 * @param end upper bound of the option list: where the first line begins that does not belong to it.
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
  else if (next === '(') refuseObject(reader, start);
  else badValue(reader, { start, end: reader.at }, TAG, 'options as words, such as ttl=5m', token);
}

/** `({ ttl: 300 })`, `{ "ttl": 300 }`: reported once as a whole instead of once per word. */
function refuseObject(reader: Reader, start: number): void {
  reader.at = reader.end;
  const got = reader.text.slice(start, reader.end).trim().replaceAll(/\s+/g, ' ');
  badValue(reader, { start, end: reader.end }, TAG, 'options as words, such as ttl=5m', got, '@cache ttl=5m');
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
    if (/[{(]/.test(reader.text[start] ?? '')) return refuseObject(reader, start);
    const token = takeToken(reader);
    badValue(reader, { start, end: reader.at }, TAG, 'key=value, key or !key', token);
  } else if (isAtBlank(reader)) {
    if (!isOff && (readSpacedSign(reader, name, start) || readSpacedUnit(reader, name))) return;
    if (!isOff && !bareOptions.includes(name) && isFirst(reader)) reader.profile = { name, range: nameRange };
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
  } else if (isOff || !readSpacedSign(reader, name, start)) {
    reader.at = start;
    const token = takeToken(reader);
    badValue(reader, { start, end: reader.at }, TAG, 'key=value, key or !key', token);
  }
}

/** True before the first option, where a bare word is a profile. After a problem no bare word is taken for one. */
function isFirst({ options, profile, problems }: Reader): boolean {
  return options.length === 0 && profile === undefined && problems.length === 0;
}

/** Reports `ttl = 5m` and `ttl: 5m` once, instead of as three unknown options. False: that is not what stands here. */
function readSpacedSign(reader: Reader, name: string, start: number): boolean {
  const nameEnd = reader.at;
  skipBlanks(reader);
  const sign = reader.at < reader.end ? reader.text[reader.at] : undefined;
  if (sign !== '=' && (sign !== ':' || reader.at > nameEnd)) {
    reader.at = nameEnd;
    return false;
  }
  reader.at++;
  skipBlanks(reader);
  const value = takeToken(reader).replace(/,$/, '');
  const end = reader.text[reader.at - 1] === ',' ? reader.at - 1 : reader.at;
  const got = reader.text.slice(nameEnd, end).trim().replaceAll(/\s+/g, ' ');
  const expected = sign === '=' ? 'its value directly after the =' : '= and its value';
  badValue(reader, { start, end }, name, expected, got, `${name}=${value}`);
  return true;
}

/** Reports `ttl=5 minutes`, whose unit would else be an unknown option. False: `word` is not such a unit. */
function readSpacedUnit(reader: Reader, word: string): boolean {
  const last = reader.options.at(-1);
  const number = last?.value.kind === 'text' && !last.value.quoted ? last.value.text : '';
  if (last === undefined || !/^\d+$/.test(number) || !UNIT.test(word)) return false;
  const range = { start: last.nameRange.start, end: reader.at };
  const unit = /^(?:m(?:s$|illi)|.b$)/i.test(word) ? word.slice(0, 2).replace('mi', 'ms') : word.charAt(0);
  const got = reader.text.slice(last.valueRange.start, reader.at);
  const example = `${last.name}=${number}${unit.toLowerCase()}`;
  badValue(reader, range, last.name, 'a number and its unit as one word', got, example);
  reader.options.pop();
  return true;
}

/** Reads one value, or several with commas between them. Undefined after a problem. */
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
      const comma = reader.at;
      skipBlanks(reader);
      if (reader.at === comma || !isOptionNext(reader)) continue;
      const got = reader.text.slice(start, comma);
      badValue(reader, { start, end: comma }, name, NO_COMMA, got, `${name}=${got.slice(0, -1)}`);
      return undefined;
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

/** Reads a quoted value, with `\"` as an escaped quote. Undefined when the quote is not closed on its line. */
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
  const { name, value, valueRange } = option;
  if (name === 'profile' && value.kind === 'text') {
    if (reader.profile === undefined) reader.profile = { name: value.text, range: valueRange };
    else duplicate(reader, option, reader.profile.range);
    return;
  }
  const known = reader.options.find((other) => other.name === name);
  if (known === undefined) reader.options.push(option);
  else duplicate(reader, option, known.valueRange);
}

function duplicate(reader: Reader, option: Option, first: Range): void {
  reader.problems.push(duplicateOption(reader.text, option.name, first, option));
}

/** CK1004, reported at the second of the two options. */
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

/** True when the text after a comma is an option of its own: `ttl=5m, swr=1m`. */
function isOptionNext({ text, at, end }: Reader): boolean {
  return /^[a-z][\w-]*=/.test(text.slice(at, Math.min(end, at + 40)));
}
