// Small changes to a source text, as an editor or a merge makes it: most results still parse, some are half-typed.
import ts from 'typescript';
import { pick, type Random } from './random.ts';

export interface Mutation {
  readonly text: string;
  /** What was done, for the message of a failing test. */
  readonly what: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Parsed {
  readonly text: string;
  readonly tokens: readonly Span[];
  readonly types: readonly Span[];
  /** Starts of statements, members and elements. */
  readonly places: readonly number[];
  readonly comments: readonly Span[];
  readonly lines: readonly Span[];
}

type Mutator = (source: Parsed, random: Random) => string;

const TYPES = [
  'any',
  'unknown',
  'never',
  'void',
  'symbol',
  'bigint',
  'Date',
  'object',
  'string | undefined',
  'Map<string, Date>',
  'Promise<number>',
  '() => void',
  'Promise<Promise<string>>',
  'readonly [number, ...string[]]',
  'this',
  'Missing',
  'typeof globalThis',
  'Record<string, unknown>',
];
const NOISE = [
  '{',
  '}',
  '(',
  ')',
  ';',
  ',',
  '=>',
  'async',
  'await',
  'function',
  'export',
  'default',
  'static',
  'get',
  '*',
  '#x',
  '`',
  '${',
  '/**',
  '*/',
  '/** @cache */',
  '/** @cache.secure ttl=5m */',
  '/** @cacheInvalidate f(id) */',
  'cached(',
  '@',
  '?',
  '...',
  'this',
  'arguments',
  'super',
  'enum',
  'declare',
  'abstract',
  '"use server";',
];

const replace = (text: string, { start, end }: Span, by: string): string =>
  text.slice(0, start) + by + text.slice(end);
const textOf = ({ text }: Parsed, { start, end }: Span): string => text.slice(start, end);

function swap(source: Parsed, spans: readonly Span[], random: Random, isNear: boolean): string {
  const index = Math.floor(random() * spans.length);
  const first = spans[index];
  const second = isNear ? spans[index + 1] : pick(random, spans);
  if (first === undefined || second === undefined || first.start === second.start) return source.text;
  const [a, b] = first.start < second.start ? [first, second] : [second, first];
  if (b.start < a.end) return replace(source.text, a, textOf(source, b));
  return replace(replace(source.text, b, textOf(source, a)), a, textOf(source, b));
}

function insert(text: string, at: number, what: string): string {
  return `${text.slice(0, at)}${what} ${text.slice(at)}`;
}

const MUTATORS: Readonly<Record<string, Mutator>> = {
  'delete a token': (source, random) => replace(source.text, pick(random, source.tokens), ''),
  'double a token': (source, random) => {
    const token = pick(random, source.tokens);
    return insert(source.text, token.start, textOf(source, token));
  },
  'swap neighbouring tokens': (source, random) => swap(source, source.tokens, random, true),
  'swap tokens': (source, random) => swap(source, source.tokens, random, false),
  'insert a token': (source, random) =>
    insert(source.text, pick(random, source.tokens).start, pick(random, NOISE)),
  'delete a line': (source, random) => replace(source.text, pick(random, source.lines), ''),
  'double a line': (source, random) => {
    const line = pick(random, source.lines);
    return insert(source.text, line.start, `${textOf(source, line)}\n`);
  },
  'swap lines': (source, random) => swap(source, source.lines, random, false),
  'swap types': (source, random) => swap(source, source.types, random, false),
  'another type': (source, random) => replace(source.text, pick(random, source.types), pick(random, TYPES)),
  'move a mark': (source, random) => {
    const comment = pick(random, source.comments);
    const place = pick(random, source.places);
    if (place < comment.end) return source.text;
    return replace(insert(source.text, place, textOf(source, comment)), comment, '');
  },
  'copy a mark': (source, random) =>
    insert(source.text, pick(random, source.places), textOf(source, pick(random, source.comments))),
  'end here': ({ text }, random) => text.slice(0, Math.floor(random() * text.length)),
  'half a line': (source, random) => {
    const line = pick(random, source.lines);
    const from = line.start + Math.floor(random() * (line.end - line.start));
    return replace(source.text, { start: from, end: line.end }, '');
  },
  'cut a piece': ({ text }, random) => {
    const start = Math.floor(random() * text.length);
    return replace(text, { start, end: start + Math.floor(random() * 60) }, '');
  },
};

/** One random change, or a few after each other. */
export function mutate(path: string, text: string, random: Random): Mutation {
  const first = mutateOnce(path, text, random);
  if (random() < 0.6) return first;
  const more = mutate(path, first.text, random);
  return { text: more.text, what: `${first.what}, ${more.what}` };
}

/** A text that offers no place for a kind of change gets another kind. */
function mutateOnce(path: string, text: string, random: Random): Mutation {
  const source = parse(path, text);
  for (let attempt = 0; attempt < 20; attempt++) {
    const what = pick(random, Object.keys(MUTATORS));
    const isAboutMarks = what.endsWith('a mark') && source.comments.length === 0;
    const isAboutTypes = /types?$/.test(what) && source.types.length === 0;
    if (isAboutMarks || isAboutTypes || isEmpty(source)) continue;
    const mutated = MUTATORS[what]?.(source, random) ?? text;
    if (mutated !== text) return { text: mutated, what };
  }
  return { text, what: 'nothing' };
}

function isEmpty({ tokens, lines, places }: Parsed): boolean {
  return Math.min(tokens.length, lines.length, places.length) === 0;
}

function parse(path: string, text: string): Parsed {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const tokens: Span[] = [];
  const types: Span[] = [];
  const places: number[] = [];
  const visit = (node: ts.Node): void => {
    const span = { start: node.getStart(file), end: node.end };
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) types.push(span);
    if (ts.isStatement(node) || ts.isClassElement(node) || ts.isObjectLiteralElementLike(node))
      places.push(span.start);
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length > 0) for (const child of children) visit(child);
    else if (span.end > span.start) tokens.push(span);
  };
  visit(file);
  const comments = [...text.matchAll(/\/\*\*[^]*?\*\//g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  let start = 0;
  const lines = text.split('\n').map((line) => {
    const span = { start, end: start + line.length };
    start += line.length + 1;
    return span;
  });
  return { text, tokens, types, places, comments, lines: lines.filter((one) => one.end > one.start) };
}
