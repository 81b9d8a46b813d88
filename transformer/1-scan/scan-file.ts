// Stage 1: finds all markers of a file in source order, and reports everything that only looks like one.
import type {
  Allow,
  Directive,
  Marker,
  Option,
  Range,
  ScanFix,
  ScanProblem,
  ScanResult,
  Target,
} from './marker.ts';
import { mayContainTag } from './missing-tags.ts';
import { duplicateOption, parseDirective, type ParsedDirective } from './parse-directive.ts';
import { scanAllow } from './scan-allows.ts';
import { scanCall } from './scan-calls.ts';
import { findTags, type Suspect } from './scan-comments.ts';
import { scanInvalidates } from './scan-invalidates.ts';
import type { SyntaxReader, TargetAnswer } from './syntax-reader.ts';
import type { Writer } from './writer.ts';

/** A marker with an error is left out of `markers`, so its function stays as written. */
export function scanFile(syntax: SyntaxReader): ScanResult {
  const comments = scanComments(syntax);
  const calls = syntax.cachedCalls().map((call) => scanCall(syntax.text, call));
  const found = [...comments.markers, ...calls.flatMap((call) => call.marker ?? [])];
  const problems = [...comments.problems, ...calls.flatMap((call) => call.problems)];
  // Both sets include functions whose mark has an error: an erroneous mark still marks its function.
  const commented = new Set(comments.targets.map(nodeKey));
  const called = new Set(
    syntax.cachedCalls().flatMap(({ target }) => (target.ok ? [nodeKey(target.target)] : [])),
  );
  const validCalls = new Set(calls.flatMap(({ marker }) => (marker ? nodeKey(marker.target) : [])));
  const markers: Marker[] = [];
  const refused = [...comments.refused, ...calls.flatMap((call) => call.refused ?? [])];
  for (const marker of found) {
    const key = nodeKey(marker.target);
    if (commented.has(key) && called.has(key)) {
      // Reported once: at the call, or at the comment if the call has an error and therefore no marker.
      if (marker.kind === 'call' || !validCalls.has(key))
        problems.push(markedTwice(marker, comments.markers));
    } else if (marker.target.qualifiedName === undefined && !hasName(marker.directive)) {
      problems.push({ code: 'CK1016', range: unnamedRange(marker), args: {} });
    } else {
      markers.push(marker);
    }
  }
  const writers = comments.writers.filter(({ target, range }) => {
    const isCached = commented.has(nodeKey(target)) || called.has(nodeKey(target));
    if (isCached) problems.push({ code: 'CK1009', range, args: { name: target.name, writer: target.name } });
    return !isCached;
  });
  return {
    markers: inOrder(markers),
    refused: inOrder(refused),
    allows: comments.allows,
    writers: inOrder(writers),
    problems: inOrder(problems),
  };
}

/** CK1009. The fix removes the comment, unless its options are spread over several tags. */
function markedTwice({ range, target }: Marker, commentMarkers: readonly Marker[]): ScanProblem {
  const comment = commentMarkers.find((one) => nodeKey(one.target) === nodeKey(target));
  const isWhole = comment?.directive.options.every((one) => one.valueRange.end <= comment.range.end);
  const fixes =
    comment !== undefined && isWhole === true
      ? [{ title: 'Remove the @cache comment', edits: [{ ...comment.range, text: '' }] }]
      : [];
  return { code: 'CK1009', range, args: { name: target.name }, fixes };
}

function inOrder<T extends { readonly range: Range }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => a.range.start - b.range.start);
}

function nodeKey(target: Target): string {
  return `${target.node.start}:${target.node.end}`;
}

function hasName(directive: Directive): boolean {
  return directive.options.some((option) => option.name === 'name');
}

/**
 * Where CK1016 points: at the function, or at the call if the function is declared elsewhere under a name of its own.
 */
function unnamedRange({ call, range, target }: Marker): Range {
  const isElsewhere = target.node.start < range.start || target.node.end > (call?.argsEnd ?? Infinity);
  return call !== undefined && isElsewhere ? range : target.nameRange;
}

interface ScannedComments {
  readonly markers: readonly Marker[];
  readonly refused: readonly Marker[];
  /** Functions marked by a comment, also where the comment has an error. */
  readonly targets: readonly Target[];
  readonly allows: readonly Allow[];
  readonly writers: readonly Writer[];
  readonly problems: readonly ScanProblem[];
}

/** All `@cache` tags before the same declaration; together they are one marker. */
interface Group {
  readonly answer: TargetAnswer;
  readonly parsed: ParsedDirective[];
}

function scanComments(syntax: SyntaxReader): ScannedComments {
  const groups = new Map<string, Group>();
  const problems: ScanProblem[] = [];
  const allows: Allow[] = [];
  const comments = syntax.comments().flatMap(({ range, kind }) => {
    const comment = syntax.text.slice(range.start, range.end);
    return mayContainTag(comment) ? [{ range, ...findTags(comment, kind) }] : [];
  });
  const text = withContents(syntax.text, comments);
  for (const { range, content, tags, allows: written, suspects } of comments) {
    for (const place of written) {
      const { allow, problem } = scanAllow(syntax, content, place, range);
      if (allow !== undefined) allows.push(allow);
      if (problem !== undefined) problems.push(problem);
    }
    for (const suspect of suspects) {
      const isBefore = syntax.targetAfter(range.end).ok;
      if (suspect.certain || isBefore) problems.push(notSeen(suspect, range.start, isBefore));
    }
    if (tags.length === 0) continue;
    const answer = syntax.targetAfter(range.end);
    const place = answer.ok ? answer.target.node : answer.range;
    // Several comments before one declaration are one group.
    const key = `${answer.ok} ${place.start} ${place.end}`;
    const group = groups.get(key) ?? { answer, parsed: [] };
    groups.set(key, group);
    for (const tag of tags)
      group.parsed.push(parseDirective(text, range.start + tag.start, range.start + tag.end));
  }
  const scanned = [...groups.values()].map((group) => scanGroup(syntax.text, group));
  const invalidating = scanInvalidates(syntax, comments);
  return {
    markers: scanned.flatMap(({ marker }) => marker ?? []),
    refused: scanned.flatMap(({ refused }) => refused ?? []),
    targets: [...groups.values()].flatMap(({ answer }) => (answer.ok ? [answer.target] : [])),
    allows: allows.map((allow) => ({ ...allow, from: firstBefore(syntax, comments, allow) })),
    writers: invalidating.writers,
    problems: [...problems, ...scanned.flatMap((group) => group.problems), ...invalidating.problems],
  };
}

function firstBefore(
  syntax: SyntaxReader,
  comments: readonly { readonly range: Range }[],
  { from, declaration }: Allow,
): number {
  const before = comments.filter(
    ({ range }) => range.start < from && syntax.declarationAfter(range.end).start === declaration.start,
  );
  return Math.min(from, ...before.map(({ range }) => range.start));
}

/**
 * The file's text with decoration blanked out of its comments, so that tags are parsed at their offsets in the file.
 */
function withContents(
  text: string,
  comments: readonly { readonly range: Range; readonly content: string }[],
): string {
  const pieces: string[] = [];
  let end = 0;
  for (const { range, content } of comments) {
    pieces.push(text.slice(end, range.start), content);
    end = range.end;
  }
  return pieces.join('') + text.slice(end);
}

function notSeen(suspect: Suspect, offset: number, isBefore: boolean): ScanProblem {
  const { tag = '@cache', why, fix } = suspect;
  const inFile = <R extends Range>(range: R): R => ({
    ...range,
    start: range.start + offset,
    end: range.end + offset,
  });
  const fixes = isBefore && fix !== undefined ? [{ ...fix, edits: fix.edits.map(inFile) }] : [];
  return { code: 'CK2014', range: inFile(suspect.range), args: { tag, why }, fixes };
}

function scanGroup(
  text: string,
  { answer, parsed }: Group,
): { readonly marker?: Marker; readonly refused?: Marker; readonly problems: readonly ScanProblem[] } {
  const [first] = parsed;
  if (first === undefined) return { problems: [] };
  if (!answer.ok) {
    const fixes = parsed.length === 1 ? movedToBody(text, answer, first.range) : [];
    return { problems: [{ ...refusal(answer, first.range), ...(fixes.length > 0 && { fixes }) }] };
  }
  const merged = mergeDirectives(text, parsed);
  const problems = [...parsed.flatMap((directive) => directive.problems), ...merged.problems];
  const { directive } = merged;
  const marker: Marker = { kind: 'comment', directive, target: answer.target, range: first.range };
  return problems.length > 0 ? { refused: marker, problems } : { marker, problems };
}

/** The fix that moves a marker from an overload to the implementation, on a line of its own. */
function movedToBody(
  text: string,
  { implementationAt: at }: Extract<TargetAnswer, { ok: false }>,
  range: Range,
): readonly ScanFix[] {
  if (at === undefined) return [];
  const marker = text.slice(range.start, range.end);
  if (/[\n\r\u2028\u2029]/.test(marker)) return [];
  const indent = /[^\S\n\r\u2028\u2029]*$/.exec(text.slice(0, at))?.[0] ?? '';
  const edits = [
    { ...range, text: '' },
    { start: at, end: at, text: `/** ${marker} */\n${indent}` },
  ];
  return [{ title: 'Move it to the implementation', edits }];
}

/** The problem of a marker that stands before no function with a body. */
function refusal(answer: Extract<TargetAnswer, { ok: false }>, range: Range): ScanProblem {
  const { name, what } = answer;
  if (answer.reason === 'not-a-function') return { code: 'CK1006', range, args: { name, what } };
  if (answer.reason === 'static-block') return { code: 'CK1115', range, args: { what } };
  if (answer.reason === 'many-declarators') return { code: 'CK1008', range, args: { what } };
  if (answer.reason === 'no-body') return { code: 'CK1007', range, args: { name, what } };
  const why = 'it does not stand directly before a function';
  return { code: 'CK2014', range, args: { tag: '@cache', why } };
}

/** Joins the `@cache` tags before one function into one directive. */
function mergeDirectives(
  text: string,
  parsed: readonly ParsedDirective[],
): { readonly directive: Directive; readonly problems: readonly ScanProblem[] } {
  const problems: ScanProblem[] = [];
  const options: Option[] = [];
  let profile: string | undefined;
  let profileRange = parsed[0]?.directive.profileRange ?? { start: 0, end: 0 };
  for (const { directive } of parsed) {
    const named = { nameRange: directive.profileRange, valueRange: directive.profileRange };
    if (directive.profile !== undefined && profile !== undefined)
      problems.push(duplicateOption(text, 'profile', profileRange, named));
    else if (directive.profile !== undefined) ({ profile, profileRange } = directive);
    for (const option of directive.options) {
      const known = options.find((other) => other.name === option.name);
      if (known === undefined) options.push(option);
      else problems.push(duplicateOption(text, option.name, known.valueRange, option));
    }
  }
  return { directive: { profile, profileRange, options }, problems };
}
