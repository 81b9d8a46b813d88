// `result.rows.length == 0` → Expression. A recursive descent parser for a small part of JavaScript: paths, literals,
// ! && || ?? == != and parentheses.
import type { Range } from '../1-scan/marker.ts';
import type { BinaryOperator, Expression } from './expression.ts';
import { tokenizeExpression, type Token } from './tokenize-expression.ts';

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  /** `found`: what was found at `range` of the text, such as "call 'isOld()'". `instead`: the text to write there. */
  | { readonly ok: false; readonly found: string; readonly range: Range; readonly instead?: string };

/** Limits against excessive work; a longer or deeper condition is better written as a function. */
const MAX_LENGTH = 1000;
const MAX_DEPTH = 32;

/** Never throws for any text. */
export function parseExpression(text: string): ParsedExpression {
  if (text.length > MAX_LENGTH) {
    const found = `more than ${MAX_LENGTH} characters`;
    return { ok: false, found, range: { start: 0, end: text.length } };
  }
  const reader: Reader = { tokens: tokenizeExpression(text), at: 0, problem: undefined, wrapped: new Set() };
  const expression = parseBinary(reader, 0, 0);
  if (expression !== undefined && peek(reader).kind !== 'end') refuse(reader, peek(reader));
  if (reader.problem !== undefined) return { ok: false, ...reader.problem };
  if (expression === undefined) throw new Error('a condition without tree and without problem');
  return { ok: true, expression };
}

interface Problem {
  readonly found: string;
  readonly range: Range;
  readonly instead?: string;
}

interface Reader {
  readonly tokens: readonly Token[];
  /** Index of the next token. */
  at: number;
  /** The first problem found. */
  problem: Problem | undefined;
  /** Expressions that were written in parentheses. */
  readonly wrapped: Set<Expression>;
}

function peek({ tokens, at }: Reader, ahead = 0): Token {
  return tokens[Math.min(at + ahead, tokens.length - 1)] ?? { kind: 'end', text: '', start: 0, end: 0 };
}

/** By precedence, weakest first. `??` and `||` have the same precedence and must not be mixed without parentheses. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['||', '??'], ['&&'], ['==', '!=']];

function parseBinary(reader: Reader, level: number, depth: number): Expression | undefined {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(reader, depth);
  let left = parseBinary(reader, level + 1, depth);
  let first: BinaryOperator | undefined;
  for (;;) {
    const token = peek(reader);
    const operator = operators.find((known) => token.kind === 'sign' && known === token.text);
    if (left === undefined || operator === undefined) return left;
    const isMixed = level === 0 && first !== undefined && first !== operator;
    if (isMixed || isUnclear(reader, operator, left)) return refuse(reader, token, MIXED);
    reader.at++;
    const right = parseBinary(reader, level + 1, depth);
    if (right === undefined) return undefined;
    if (isUnclear(reader, operator, right)) return refuse(reader, token, MIXED);
    first ??= operator;
    left = { kind: 'binary', operator, left, right };
  }
}

const MIXED = '?? beside || or && without parentheses';

/** `a && b ?? c` is a syntax error in JavaScript. */
function isUnclear({ wrapped }: Reader, operator: BinaryOperator, side: Expression): boolean {
  return operator === '??' && side.kind === 'binary' && side.operator === '&&' && !wrapped.has(side);
}

function parseUnary(reader: Reader, depth: number): Expression | undefined {
  const token = peek(reader);
  if (depth > MAX_DEPTH) return refuse(reader, token, 'more than 32 levels');
  if (token.kind === 'sign' && token.text === '!') {
    reader.at++;
    const operand = parseUnary(reader, depth + 1);
    return operand && { kind: 'not', operand };
  }
  if (token.kind === 'sign' && token.text === '(') {
    reader.at++;
    const inner = parseBinary(reader, 0, depth + 1);
    if (inner === undefined) return undefined;
    const close = peek(reader);
    if (close.kind !== 'sign' || close.text !== ')') return refuse(reader, close);
    reader.at++;
    reader.wrapped.add(inner);
    return inner;
  }
  if (token.kind === 'name') return parseName(reader, token);
  if (token.kind !== 'number' && token.kind !== 'string') return refuse(reader, token);
  reader.at++;
  return { kind: 'literal', value: token.kind === 'number' ? Number(token.text) : token.text };
}

const CONSTANTS: ReadonlyMap<string, Expression> = new Map([
  ['true', { kind: 'literal', value: true }],
  ['false', { kind: 'literal', value: false }],
  ['null', { kind: 'literal', value: null }],
  ['undefined', { kind: 'undefined' }],
]);
const OPERATOR_WORDS = /^(?:typeof|void|new|await|in|instanceof|delete|yield|function|async|class)$/;

function parseName(reader: Reader, token: Token): Expression | undefined {
  if (OPERATOR_WORDS.test(token.text)) return refuse(reader, token);
  reader.at++;
  const constant = CONSTANTS.get(token.text);
  if (constant !== undefined) return constant;
  const steps: string[] = [];
  let end = token.end;
  for (;;) {
    const dot = peek(reader);
    if (dot.kind !== 'sign' || (dot.text !== '.' && dot.text !== '?.')) break;
    const step = peek(reader, 1);
    if (step.kind !== 'name') return refuse(reader, step);
    reader.at += 2;
    steps.push(step.text);
    ({ end } = step);
  }
  const next = peek(reader);
  if (next.kind === 'sign' && next.text === '(') {
    const name = [token.text, ...steps].join('.');
    return refuse(reader, { ...next, start: token.start }, `call '${name}()'`);
  }
  // `$id` is accepted for `id`, because names in templates are written with a `$`.
  const root = token.text.length > 1 && token.text.startsWith('$') ? token.text.slice(1) : token.text;
  return { kind: 'path', root, steps, range: { start: token.start, end } };
}

/** Records the first problem. `===` and `!==` come with the operator to write instead. */
function refuse(reader: Reader, token: Token, found?: string): undefined {
  const { kind, text, start, end } = token;
  const what = found ?? (kind === 'end' ? 'the end' : kind === 'string' ? `text '${text}'` : `'${text}'`);
  const isStrict = kind === 'sign' && (text === '===' || text === '!==');
  reader.problem ??= {
    found: what,
    range: { start, end },
    ...(isStrict && found === undefined && { instead: text.slice(0, 2) }),
  };
  return undefined;
}
