// `getReport(id, $opts.page)`, `getReport(*)`, `tag:user:$id` → Invalidation. Stage 3 checks whether the names exist.
import type { Range } from './marker.ts';
import type { Invalidation, InvalidationArg, ValuePath } from './writer.ts';

/** A syntax error in a target. */
export interface Misread {
  /** What should stand there instead. */
  readonly expected: string;
  readonly got: string;
  readonly range: Range;
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Misread };

const NAME = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*';
const CALL = new RegExp(`^(${NAME}(?:\\.${NAME})*)\\s*\\(`, 'u');
const PATH = new RegExp(`^(\\$?)(${NAME.replace('$_', '_')})((?:\\??\\.${NAME})*)`, 'u');
const WORDS = new Map<string, boolean | null | undefined>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);

/**
 * @param text everything after `@cacheInvalidate`, trimmed.
 * @param start offset of `text` in the file.
 */
export function parseInvalidation(text: string, start: number): Read<Invalidation> {
  const range = { start, end: start + text.length };
  if (text.startsWith('tag:')) return parseTag(text, range);
  const head = CALL.exec(text);
  if (head === null) return misread('fn(arguments), fn(*) or tag:text', text, range);
  const [open, name = ''] = head;
  const close = closingOf(text, open.length);
  if (close === -1) return misread('a closing parenthesis', text, range);
  const rest = text.slice(close + 1).trim();
  if (rest !== '')
    return misread('one target; write one tag for each', rest, { ...range, start: start + close + 1 });
  const args = parseArgs(text.slice(open.length, close), start + open.length);
  if (!args.ok) return args;
  const pathRange = { start, end: start + name.length };
  return {
    ok: true,
    value: { kind: 'call', path: name.split('.'), pathRange, args: args.value, text, range },
  };
}

/** Offset of the first `)` outside of quotes; -1 when there is none. */
function closingOf(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === ')') return at;
  }
  return -1;
}

/** Undefined as the value: `(*)`. */
function parseArgs(list: string, start: number): Read<readonly InvalidationArg[] | undefined> {
  if (list.trim() === '*') return { ok: true, value: undefined };
  const args: InvalidationArg[] = [];
  let at = 0;
  const skip = (): void => {
    at += /^\s*/.exec(list.slice(at))?.[0].length ?? 0;
  };
  for (skip(); at < list.length; skip()) {
    const arg = parseArg(list.slice(at), start + at);
    if (!arg.ok) return arg;
    args.push(arg.value);
    at += arg.value.text.length;
    skip();
    if (at === list.length) break;
    if (list[at] !== ',') return misreadArg(list.slice(at), start + at);
    at++;
  }
  return { ok: true, value: args };
}

function parseArg(text: string, start: number): Read<InvalidationArg> {
  const literal = (written: string, value: Extract<InvalidationArg, { kind: 'literal' }>['value']) => {
    const range = { start, end: start + written.length };
    return { ok: true, value: { kind: 'literal', value, text: written, range } } as const;
  };
  const quoted = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.exec(text)?.[0];
  if (quoted !== undefined) return literal(quoted, quoted.slice(1, -1).replace(/\\(.)/g, '$1'));
  const bigint = /^-?\d+(?=n(?![\w$]))/.exec(text)?.[0];
  if (bigint !== undefined) return literal(`${bigint}n`, { bigint });
  const number = /^-?\d+(?:\.\d+)?(?![\w$.])/.exec(text)?.[0];
  if (number !== undefined) return literal(number, Number(number));
  const word = /^(?:true|false|null|undefined)(?![\w$.?])/.exec(text)?.[0];
  if (word !== undefined) return literal(word, WORDS.get(word));
  const path = parsePath(text, start);
  return path === undefined ? misreadArg(text, start) : { ok: true, value: path };
}

function misreadArg(text: string, start: number): Read<never> {
  const got = /^[^,\s]*/.exec(text)?.[0] ?? '';
  const range = { start, end: start + Math.max(got.length, 1) };
  return misread('parameters, $result.path or literals, with commas between them', got, range);
}

function parsePath(text: string, start: number): ValuePath | undefined {
  const match = PATH.exec(text);
  if (match === null) return undefined;
  const [written, dollar, name = '', tail = ''] = match;
  const range = { start, end: start + written.length };
  const steps = tail.split(/\??\./).slice(1);
  const shared = { kind: 'path', steps, text: written, range } as const;
  if (name === 'this') return { ...shared, from: 'this', root: '$this' };
  // `result` without the dollar is a parameter of that name.
  if (name === 'result' && dollar === '$') return { ...shared, from: 'result', root: '$result' };
  return { ...shared, from: 'parameter', root: name };
}

function parseTag(text: string, range: Range): Read<Invalidation> {
  const template = /^tag:(\S*)/.exec(text)?.[1] ?? '';
  const templateStart = range.start + 'tag:'.length;
  const rest = text.slice('tag:'.length + template.length).trim();
  if (rest !== '') return misread('one tag without blanks; write one @cacheInvalidate for each', rest, range);
  if (template === '') return misread('a tag after tag:', '', range);
  return { ok: true, value: { kind: 'tag', template, templateStart, text, range } };
}

function misread(expected: string, got: string, range: Range): Read<never> {
  return { ok: false, problem: { expected, got, range } };
}
