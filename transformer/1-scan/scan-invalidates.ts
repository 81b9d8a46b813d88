// `@cacheInvalidate` tags → writers: functions that invalidate cache entries of other functions.
import type { ScanProblem } from './marker.ts';
import { parseInvalidation } from './parse-invalidation.ts';
import type { SyntaxReader, TargetAnswer } from './syntax-reader.ts';
import type { Invalidation, Writer } from './writer.ts';

const TAG = '@cacheInvalidate';
const EXAMPLE = `${TAG} getReport(id)`;

/** One comment. The offsets of its tags are relative to the start of the comment. */
export interface InvalidatingComment {
  readonly range: { readonly start: number; readonly end: number };
  /** The comment, in which decoration (`/**`, stars) is replaced by blanks. */
  readonly content: string;
  readonly invalidates: readonly { readonly start: number; readonly end: number }[];
}

interface Draft {
  readonly answer: TargetAnswer;
  readonly invalidations: Invalidation[];
  readonly range: { readonly start: number; readonly end: number };
  isBroken: boolean;
}

/** A writer with an error is left out of `writers`, so its function stays as written. */
export function scanInvalidates(
  syntax: SyntaxReader,
  comments: readonly InvalidatingComment[],
): { readonly writers: readonly Writer[]; readonly problems: readonly ScanProblem[] } {
  const drafts = new Map<string, Draft>();
  const problems: ScanProblem[] = [];
  for (const { range: comment, content, invalidates } of comments) {
    if (invalidates.length === 0) continue;
    const answer = syntax.targetAfter(comment.end);
    const place = answer.ok ? answer.target.node : answer.range;
    // Several comments before one declaration belong to one writer.
    const key = `${answer.ok} ${place.start} ${place.end}`;
    for (const tag of invalidates) {
      const text = content.slice(tag.start, tag.end).trimEnd();
      const range = { start: comment.start + tag.start, end: comment.start + tag.start + text.length };
      const draft = drafts.get(key) ?? { answer, invalidations: [], range, isBroken: false };
      drafts.set(key, draft);
      const target = text.slice(TAG.length).trim();
      const read = parseInvalidation(target, range.end - target.length);
      if (read.ok) draft.invalidations.push(read.value);
      else {
        const { expected, got, range: at } = read.problem;
        const args = { option: TAG, expected, got, example: EXAMPLE };
        problems.push({ code: 'CK1003', range: target === '' ? range : at, args });
        draft.isBroken = true;
      }
    }
  }
  const writers: Writer[] = [];
  for (const { answer, invalidations, range, isBroken } of drafts.values()) {
    const why = whyNot(answer);
    const fixes =
      invalidations.length === 1 && !isBroken
        ? [{ title: 'Remove it', edits: [{ ...range, text: '' }] }]
        : [];
    if (why !== undefined) problems.push({ code: 'CK1014', range, args: { tag: TAG, why }, fixes });
    else if (answer.ok && !isBroken) writers.push({ target: answer.target, invalidations, range });
  }
  return { writers, problems };
}

/** Why nothing can be invalidated after what follows the tag; undefined when it can. */
function whyNot(answer: TargetAnswer): string | undefined {
  if (!answer.ok) {
    if (answer.reason === 'static-block') return 'a static block is no function';
    if (answer.reason === 'nothing') return 'it does not stand directly before a function';
    if (answer.reason === 'many-declarators') return `it stands before ${answer.what}`;
    const is = `'${answer.name}' is ${/^[aeiou]/i.test(answer.what) ? 'an' : 'a'} ${answer.what}`;
    return answer.reason === 'no-body' ? `${is} without a body` : is;
  }
  const { form, generator, name, body } = answer.target;
  if (generator) return `'${name}' is a generator, which ends when its caller is done with it`;
  if (form === 'getter' || form === 'setter' || form === 'constructor') return `'${name}' is a ${form}`;
  return body === undefined ? `'${name}' has no body` : undefined;
}
