// Stage 1: all markers of a file in source order, and everything that looks like one and is none.
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

/** A marker with an error is not among `markers`: its function stays as written. Problems are in source order. */
export function scanFile(syntax: SyntaxReader): ScanResult {
  const comments = scanComments(syntax);
  const calls = syntax.cachedCalls().map((call) => scanCall(syntax.text, call));
  const found = [...comments.markers, ...calls.flatMap((call) => call.marker ?? [])];
  const problems = [...comments.problems, ...calls.flatMap((call) => call.problems)];
  // A comment with an error still marks its function.
  const commented = new Set(comments.targets.map(nodeKey));
  const called = new Set(
    syntax.cachedCalls().flatMap(({ target }) => (target.ok ? [nodeKey(target.target)] : [])),
  );
  // A call with an error has no marker that could say so.
  const sayable = new Set(
    calls.flatMap(({ marker }) => (marker === undefined ? [] : nodeKey(marker.target))),
  );
  const markers = found.filter((marker) => {
    const isBoth = commented.has(nodeKey(marker.target)) && called.has(nodeKey(marker.target));
    if (isBoth && (marker.kind === 'call' || !sayable.has(nodeKey(marker.target)))) {
      const { range, target } = marker;
      const comment = comments.markers.find((one) => nodeKey(one.target) === nodeKey(target));
      const fixes = comment === undefined ? [] : withoutComment(comment);
      problems.push({ code: 'CK1009', range, args: { name: target.name }, fixes });
    }
    if (isBoth) return false;
    if (marker.target.qualifiedName !== undefined || hasName(marker.directive)) return true;
    problems.push({ code: 'CK1016', range: unnamedRange(marker), args: {} });
    return false;
  });
  const writers = comments.writers.filter(({ target, range }) => {
    const isCached = commented.has(nodeKey(target)) || called.has(nodeKey(target));
    if (isCached) problems.push({ code: 'CK1009', range, args: { name: target.name, writer: target.name } });
    return !isCached;
  });
  return {
    markers: inOrder(markers),
    allows: comments.allows,
    writers: inOrder(writers),
    problems: inOrder(problems),
  };
}

/** Where all of it stands in one piece. */
function withoutComment({ directive, range }: Marker): readonly ScanFix[] {
  const isWhole = directive.options.every((option) => option.valueRange.end <= range.end);
  return isWhole ? [{ title: 'Remove the @cache comment', edits: [{ ...range, text: '' }] }] : [];
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

/** The function; of one that stands elsewhere, and has a name there, the call that takes it. */
function unnamedRange({ call, range, target }: Marker): Range {
  const isElsewhere = target.node.start < range.start || target.node.end > (call?.argsEnd ?? Infinity);
  return call !== undefined && isElsewhere ? range : target.nameRange;
}

interface ScannedComments {
  readonly markers: readonly Marker[];
  /** Of all comment markers, those with errors too. */
  readonly targets: readonly Target[];
  readonly allows: readonly Allow[];
  readonly writers: readonly Writer[];
  readonly problems: readonly ScanProblem[];
}

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
    // Adjacent blocks stand before the same declaration.
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

/** The file's text with the comments' contents in place: what is read there has the offsets of the file. */
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
): { readonly marker?: Marker; readonly problems: readonly ScanProblem[] } {
  const [first] = parsed;
  if (first === undefined) return { problems: [] };
  if (!answer.ok) {
    const fixes = parsed.length === 1 ? movedToBody(text, answer, first.range) : [];
    return { problems: [{ ...refusal(answer, first.range), ...(fixes.length > 0 && { fixes }) }] };
  }
  const merged = mergeDirectives(text, parsed);
  const problems = [...parsed.flatMap((directive) => directive.problems), ...merged.problems];
  if (problems.length > 0) return { problems };
  const { directive } = merged;
  return { marker: { kind: 'comment', directive, target: answer.target, range: first.range }, problems };
}

/** From one of the overloads to the implementation, on a line of its own. */
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

function refusal(answer: Extract<TargetAnswer, { ok: false }>, range: Range): ScanProblem {
  const { name, what } = answer;
  if (answer.reason === 'not-a-function') return { code: 'CK1006', range, args: { name, what } };
  if (answer.reason === 'static-block') return { code: 'CK1115', range, args: { what } };
  if (answer.reason === 'many-declarators') return { code: 'CK1008', range, args: { what } };
  if (answer.reason === 'no-body') return { code: 'CK1007', range, args: { name, what } };
  return {
    code: 'CK2014',
    range,
    args: { tag: '@cache', why: 'it does not stand directly before a function' },
  };
}

/** Several `@cache` lines and blocks are one marker. */
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
