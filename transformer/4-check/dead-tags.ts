// Program rule: a tag should be both written and invalidated.
import { suggest } from '../diagnostics/suggest.ts';
import {
  canBeSame,
  hasComputedTags,
  invalidatedTag,
  type Tag,
  tagOf,
  tagsOf,
  unreadTags,
} from './known-tags.ts';
import type { ProgramFinding, ProgramInput, ProgramRule } from './program-rule.ts';

/** CK2019: a warning for a tag that is invalidated but never written, an info for the reverse. */
export const deadTags: ProgramRule = (input) => {
  const written = input.plans.flatMap(tagsOf);
  const invalidated = invalidatedTags(input);
  const isOpenEnded = input.plans.some(hasComputedTags);
  const unwritten = isOpenEnded ? [] : without(invalidated, [...written, ...input.plans.flatMap(unreadTags)]);
  const dead = unwritten.map((tag) => finding(tag, written));
  const isAnyInvalidated = input.facts.tags.some(({ tag }) => tag === undefined);
  const unused = isAnyInvalidated ? [] : without(written, invalidated).map((tag) => finding(tag, undefined));
  return [...dead, ...unused];
};

function without(tags: readonly Tag[], others: readonly Tag[]): readonly Tag[] {
  return tags.filter((tag) => !others.some((other) => canBeSame(tag, other)));
}

/** `written`: all written tags, for a suggestion; undefined: `tag` itself is written but never invalidated. */
function finding(tag: Tag, written: readonly Tag[] | undefined): ProgramFinding {
  const suggestion = written && suggest(tag.text, [...new Set(written.map(({ text }) => text))]);
  const args = { tag: tag.text, isWritten: written === undefined, suggestion };
  const isInfo = written === undefined;
  return { file: tag.file, finding: { code: 'CK2019', range: tag.range, args }, isInfo };
}

function invalidatedTags({ writers, facts }: ProgramInput): readonly Tag[] {
  const marked = writers.flatMap(({ file, invalidations }) =>
    invalidations.flatMap((one) => invalidatedTag(one, file) ?? []),
  );
  const called = facts.tags.flatMap(({ tag, file, range }) =>
    tag === undefined ? [] : tagOf([tag], file, range),
  );
  return [...marked, ...called];
}
