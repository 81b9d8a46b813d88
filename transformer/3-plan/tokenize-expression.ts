// Splits the text of a condition into tokens.

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end';
  /** As written; for a string its unquoted content. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const BLANKS = /\s*/y;
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
const NUMBER = /-?\d+(?:\.\d+)?(?![\p{ID_Continue}$.])/uy;
const STRING = /"(?:\\["'\\]|[^"\\])*"|'(?:\\["'\\]|[^'\\])*'/y;
/** Longest first, so that `===` is one (wrong) sign and not `==` and `=`. The last alternative takes any character. */
const SIGN = /===|!==|&&|\|\||\?\?|\?\.|==|!=|=>|<=|>=|[\s\S]/uy;

/** Never throws. The last token is always `end`; anything that is neither a name nor a literal is a `sign`. */
export function tokenizeExpression(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = lengthAt(BLANKS, text, 0); at < text.length; at += lengthAt(BLANKS, text, at)) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }];
}

function tokenAt(text: string, start: number): Token {
  const kinds = [
    ['name', NAME],
    ['number', NUMBER],
    ['string', STRING],
  ] as const;
  for (const [kind, pattern] of kinds) {
    const end = start + lengthAt(pattern, text, start);
    const written = text.slice(start, end);
    if (end > start) return { kind, text: kind === 'string' ? unquote(written) : written, start, end };
  }
  const end = start + Math.max(1, lengthAt(SIGN, text, start));
  return { kind: 'sign', text: text.slice(start, end), start, end };
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(["'\\])/g, '$1');
}
