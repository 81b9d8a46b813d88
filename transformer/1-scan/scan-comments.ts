// Finds `@cache…` tags in the text of one comment: those that count, and suspects that only look as if they should.
import { bareOptions } from './bare-options.ts';
import type { Range, ScanFix } from './marker.ts';
import { missingTag } from './missing-tags.ts';

/** A tag that counts. All offsets in this file are relative to the start of the comment. */
interface FoundTag {
  readonly start: number;
  /** Upper bound of the option list. */
  readonly end: number;
}

/** A tag that has no effect where or as it is written. */
export interface Suspect {
  readonly range: Range;
  /** Default `@cache`. */
  readonly tag?: string;
  readonly why: string;
  /** True: it is clearly meant as a marker. False: it is reported only if the comment stands before a function. */
  readonly certain: boolean;
  /** The edit that makes the tag count, offered before a function only. Default: no simple edit does. */
  readonly fix?: ScanFix;
}

export interface CommentTags {
  readonly tags: readonly FoundTag[];
  /** `@cacheAllow` to the end of its line. */
  readonly allows: readonly FoundTag[];
  /** Each `@cacheInvalidate`, to the next of our tags on its line or to the end of the line. */
  readonly invalidates: readonly FoundTag[];
  readonly suspects: readonly Suspect[];
  /** The comment with its opening, closing and stars replaced by blanks. Same length as the comment. */
  readonly content: string;
}

interface Line {
  /** First and last offset of the content, without blanks, stars and the line break. */
  readonly start: number;
  readonly end: number;
  /** Blanks between the star and the content. */
  readonly indent: number;
  readonly text: string;
}

const BUILT_IN = /^(?:minimal|production|secure|dev|test|local)\b/;
/** The tag itself, not the beginning of a longer word such as `@cacheAllow`. */
const TAGS = /@cache(?![\w$-])/g;
const FIRST_TAG = /^@cache(?![\w$-])/;
/** At the start of a line, or after another of our tags on it. */
const ALLOW = /(?<=^|^@cache(?:Invalidate)?(?![\w$-]).*\s)@cacheAllow(?![\w$-])/;
/** In the same places; a line may have several. */
const INVALIDATE = /(?<=^|^@cache(?:Invalidate)?(?![\w$-]).*\s)@cacheInvalidate(?![\w$-])/g;
const OPTION_LIKE = /^!?[A-Za-z][\w-]*=\S|^![A-Za-z]/;

/** @param comment the whole text of the comment, including its `/*`. */
export function findTags(comment: string, kind: 'doc' | 'block' | 'line'): CommentTags {
  const content = blankDecoration(comment, kind);
  const lines = splitLines(comment, content);
  const found: CommentTags = { tags: [], allows: [], invalidates: [], suspects: [], content };
  return kind === 'doc' ? scanDoc(lines, found) : scanPlain(comment, lines, kind, found);
}

/** Replaces the opening, the closing and the stars at line starts by as many blanks. */
function blankDecoration(comment: string, kind: 'doc' | 'block' | 'line'): string {
  const blanks = (part: string) => ' '.repeat(part.length);
  if (kind === 'line') return comment.replace(/^\/\/+/, blanks);
  return comment
    .replace(kind === 'doc' ? /^\/\*+(?!\/)/ : /^\/\*+!?(?!\/)/, blanks)
    .replace(/\*+\/$/, blanks)
    .replace(/(?<=[\n\r\u2028\u2029])[^\S\n\r\u2028\u2029]*\*+/g, blanks);
}

function splitLines(comment: string, content: string): readonly Line[] {
  const lines: Line[] = [];
  for (const match of content.matchAll(/[^\n\r\u2028\u2029]+/g)) {
    const text = match[0].trim();
    if (text === '') {
      lines.push({ start: match.index, end: match.index, indent: 0, text });
      continue;
    }
    const start = match.index + match[0].indexOf(text);
    // Counted from the star. A line without one counts as if a star stood below that of the first line (offset 1).
    const decoration = /^(?:\/?\*+!?|\/\/+)?/.exec(comment.slice(match.index, start).trimStart())?.[0] ?? '';
    const before = comment.slice(match.index, start);
    const indent =
      decoration === '' ? before.length - 2 : before.length - before.indexOf(decoration) - decoration.length;
    lines.push({ start, end: start + text.length, indent, text });
  }
  return lines;
}

function scanDoc(lines: readonly Line[], found: CommentTags): CommentTags {
  const tags: FoundTag[] = [];
  const allows: FoundTag[] = [];
  const invalidates: FoundTag[] = [];
  const suspects: Suspect[] = [];
  const examples: Suspect[] = [];
  /** Inside a fenced code block. */
  let isFenced = false;
  /** Below an `@example` tag, up to the next block tag. */
  let isExample = false;
  for (const [at, line] of lines.entries()) {
    if (/^(?:```|~~~)/.test(line.text)) {
      isFenced = !isFenced;
      continue;
    }
    if (isFenced) continue;
    const isTag = FIRST_TAG.test(line.text);
    const allow = isExample ? null : ALLOW.exec(line.text);
    if (allow !== null) allows.push({ start: line.start + allow.index, end: line.end });
    if (!isExample) invalidates.push(...invalidatesIn(line));
    const missing = isExample ? [] : missingTags(line);
    if (!isTag && /^@[A-Za-z]/.test(line.text)) isExample = /^@example\b/.test(line.text);
    if (isTag && isExample) examples.push(suspect(line, 0, 'it stands in an @example', true));
    else if (isTag && /^@cache[,;!?'"`)\]]/.test(line.text))
      suspects.push(suspect(line, 0, 'it is part of a sentence', true));
    else if (isTag) tags.push({ start: line.start, end: endOfList(lines, at) });
    suspects.push(...missing);
    if (!isExample) suspects.push(...suspectsInLine(line));
  }
  // A marker in an @example is suspicious only if the block has no real marker.
  if (tags.length === 0) suspects.push(...examples);
  return { ...found, tags, allows, invalidates, suspects };
}

function invalidatesIn(line: Line): readonly FoundTag[] {
  return [...line.text.matchAll(INVALIDATE)].map(({ index }) => {
    const length = /\s@cache(?:Invalidate|Allow)(?![\w$-])/.exec(line.text.slice(index))?.index;
    return {
      start: line.start + index,
      end: length === undefined ? line.end : line.start + index + length,
    };
  });
}

function missingTags({ start, text }: Line): readonly Suspect[] {
  const found = missingTag(text);
  if (found === undefined) return [];
  const { tag, why, instead } = found;
  const range = { start, end: start + tag.length };
  const missing = { range, tag, why, certain: false };
  if (instead === undefined) return [missing];
  const fix = { title: `Replace by '${instead}'`, edits: [{ ...range, text: instead }] };
  return [{ ...missing, fix }];
}

/**
 * End of the option list that begins on line `at`: the following lines belong to it if indented or made of options
 * only.
 */
function endOfList(lines: readonly Line[], at: number): number {
  const first = lines[at];
  let last = first;
  for (const line of lines.slice(at + 1)) {
    if (line.text === '' || /^(?:@|```|~~~)/.test(line.text)) break;
    const isIndented = first !== undefined && line.indent > first.indent;
    if (!isIndented && !isOptions(line.text)) break;
    last = line;
  }
  return last?.end ?? 0;
}

/** True when every word of `text` is an option. Blanks inside quotes and after commas belong to a value. */
function isOptions(text: string): boolean {
  const joined = text.replace(/(["'])(?:\\.|(?!\1).)*\1/g, '""').replace(/,\s+/g, ',');
  return joined.split(/\s+/).every((word) => OPTION_LIKE.test(word) || bareOptions.includes(word));
}

/** Tags that are not first on their line. In the middle of a sentence they are prose and not reported. */
function suspectsInLine(line: Line): readonly Suspect[] {
  const code = [...line.text.matchAll(/`[^`]*`|\{[^}]*\}/g)].map(
    (span) => [span.index, span.index + span[0].length] as const,
  );
  const suspects: Suspect[] = [];
  for (const { index } of line.text.matchAll(TAGS)) {
    const isInCode = code.some(([start, end]) => index > start && index < end);
    // Without a blank before it, it is part of an address: me@cache.example.
    if (index === 0 || isInCode || !/\s/.test(line.text[index - 1] ?? '')) continue;
    const before = line.text.slice(0, index).trimEnd();
    const isSentenceStart = /[.!?]$/.test(before) && !/\b(?:e\.g|i\.e|cf|vs|see)\.$/i.test(before);
    const isWritten = looksWritten(line.text.slice(index + '@cache'.length));
    // `- @cache`, `@deprecated @cache`: no sentence, but the text may be about another function's marker.
    const isAlone = /^(?:[-*\u2022]|@\w+)$/.test(before);
    if (isSentenceStart || isWritten || isAlone) {
      const isCertain = isSentenceStart || isWritten;
      suspects.push(suspect(line, index, 'it is not the first word of its line', isCertain));
    }
  }
  return suspects;
}

function scanPlain(
  comment: string,
  lines: readonly Line[],
  kind: 'block' | 'line',
  found: CommentTags,
): CommentTags {
  const fix = asDoc(comment, kind);
  const why =
    kind === 'line'
      ? 'it stands in a line comment'
      : 'it stands in a comment that begins with /* instead of /**';
  const suspects: Suspect[] = lines
    .filter((line) => FIRST_TAG.test(line.text))
    .map((line) => {
      const rest = line.text.slice('@cache'.length);
      const isCertain = rest.trim().split(/\s+/).length < 2 || looksWritten(rest);
      return { ...suspect(line, 0, why, isCertain), ...fix };
    });
  for (const line of lines)
    if (/^@cacheInvalidate\s+\S/.test(line.text)) {
      const range = { start: line.start, end: line.start + '@cacheInvalidate'.length };
      suspects.push({ range, why, certain: true, tag: '@cacheInvalidate', ...fix });
    }
  const [first] = lines;
  const isAllow = kind === 'line' && first !== undefined && /^@cacheAllow(?![\w$-])/.test(first.text);
  return { ...found, suspects, allows: isAllow ? [{ start: first.start, end: first.end }] : [] };
}

/** The edit that makes a doc comment of `/* … *\/` or `// …`. None if a `*\/` in the text would end it too early. */
function asDoc(comment: string, kind: 'block' | 'line'): { readonly fix?: ScanFix } {
  const title = 'Make it a /** */ comment';
  const end = comment.startsWith('/*!') ? 3 : 2;
  if (kind === 'block') return { fix: { title, edits: [{ start: 2, end, text: '*' }] } };
  if (comment.includes('*/')) return {};
  const { length } = comment;
  const edits = [
    { start: 0, end: 2, text: '/**' },
    { start: length, end: length, text: ' */' },
  ];
  return { fix: { title, edits } };
}

/** True when the text after the tag reads like a profile or an option. */
function looksWritten(rest: string): boolean {
  const word = rest.trimStart();
  return (
    (rest.startsWith('.') && BUILT_IN.test(rest.slice(1))) ||
    OPTION_LIKE.test(word) ||
    /^(?:minimal|production|secure)\s*$/.test(word)
  );
}

function suspect(line: Line, index: number, why: string, certain: boolean): Suspect {
  const tag = /^@cache(?:\.[A-Za-z_][\w-]*)?/.exec(line.text.slice(index))?.[0] ?? '@cache';
  const start = line.start + index;
  return { range: { start, end: start + tag.length }, why, certain };
}
